import { auditShowCommand } from './audit-show.ts';
import { auditStatsCommand } from './audit-stats.ts';
import { auditVerifyCommand } from './audit-verify.ts';
import { commandGroup } from './command-group.ts';

export const auditCommand = commandGroup('audit', 'Read the audit log, and prove that it is whole', [
  auditVerifyCommand,
  auditShowCommand,
  auditStatsCommand,
]);
