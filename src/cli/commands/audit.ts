import { auditShowCommand } from './audit-show.ts';
import { auditStatsCommand } from './audit-stats.ts';
import { auditVerifyCommand } from './audit-verify.ts';
import type { CliCommand } from './cli-command.ts';

const subcommands: readonly CliCommand[] = [auditVerifyCommand, auditShowCommand, auditStatsCommand];

export const auditCommand: CliCommand = {
  name: 'audit',
  summary: 'Read the audit log, and prove that it is whole',
  subcommands,
  run: async ({ surroundings }) => {
    for (const { name, summary } of subcommands)
      surroundings.errorOutput.write(`leashd audit ${name}: ${summary}\n`);
    return 2;
  },
};
