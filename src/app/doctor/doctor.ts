import { secretForms, REDACTED } from '../../util/secret-forms.ts';
import { secretsOf } from '../secrets.ts';
import { version } from '../version.ts';
import type { Finding } from './check.ts';
import { confinementChecks } from './confinement.ts';
import type { DoctorContext } from './context.ts';
import { createContext, type DoctorOptions } from './create-context.ts';
import { fileChecks } from './files.ts';
import { programChecks } from './programs.ts';
import { recordChecks } from './records.ts';
import { runChecks, type ChecksByFamily } from './run-checks.ts';
import { runningChecks } from './running.ts';
import { serviceChecks } from './service.ts';
import { settingsChecks } from './settings.ts';
import { telegramChecks } from './telegram.ts';

/** What `leashd doctor --json` prints; documented in docs/operating.md, so it only grows. */
export type Diagnosis = {
  /** The version that looked. */
  readonly leashd: string;
  readonly problems: number;
  readonly warnings: number;
  readonly findings: readonly Finding[];
};

const CHECKS: ChecksByFamily = [
  { family: 'programs', checks: [...programChecks, ...confinementChecks] },
  { family: 'settings', checks: settingsChecks },
  { family: 'files', checks: fileChecks },
  { family: 'records', checks: recordChecks },
  { family: 'telegram', checks: telegramChecks },
  { family: 'leashd', checks: [...runningChecks, ...serviceChecks] },
];

/** Looks at all that leashd needs on this machine. Takes ten seconds at most, changes nothing, never rejects. */
export async function diagnose(options: DoctorOptions): Promise<Diagnosis> {
  const context = await createContext(options);
  const found = await runChecks(CHECKS, context);
  const clean = cleaner(context);
  const findings = found.map(({ todo, says, ...rest }) => ({
    ...rest,
    says: clean(says),
    ...(todo === undefined ? {} : { todo: clean(todo) }),
  }));
  const count = (level: Finding['level']): number => findings.filter((one) => one.level === level).length;
  return { leashd: version(), problems: count('problem'), warnings: count('warning'), findings };
}

/** Takes secrets out of what others said: by value as far as they are known, else by their form. */
function cleaner({ settings, environment }: DoctorContext): (text: string) => string {
  const known = settings.kind === 'loaded' ? secretsOf(settings.loaded.settings) : [];
  const secrets = [...known, environment['LEASHD_TELEGRAM_BOT_TOKEN'] ?? ''].filter(
    ({ length }) => length > 5,
  );
  return (text) => {
    const bare = secrets.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
    return secretForms.reduce((rest, withoutForm) => withoutForm(rest), bare);
  };
}
