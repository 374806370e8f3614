import { z } from 'zod';
import type { AuditFilter } from '../../app/audit-read.ts';
import { PersonError } from '../../errors.ts';
import type { CliContext, CliOption } from './cli-command.ts';

export const TIME_OPTIONS: readonly CliOption[] = [
  { flags: '--since <time>', summary: 'from then on: 2026-01-31, 2026-01-31T14:00Z, or 90m, 2h, 7d ago' },
  { flags: '--until <time>', summary: 'up to then' },
];

const timesSchema = z.object({ since: z.string().optional(), until: z.string().optional() });

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** @throws PersonError for a time that is none. */
export function timesFrom(
  { options }: CliContext,
  now: number = Date.now(),
): Pick<AuditFilter, 'since' | 'until'> {
  const { since, until } = timesSchema.parse(options);
  return { since: timeOf('--since', since, now), until: timeOf('--until', until, now) };
}

function timeOf(option: string, text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const time = count === undefined ? Date.parse(text) : now - Number(count) * (UNITS[unit] ?? NaN);
  if (!Number.isNaN(time)) return time;
  throw new PersonError(
    'TIME_UNREADABLE',
    `${option}: expected a time such as 2026-01-31T14:00Z, or 90m, 2h or 7d, got ${JSON.stringify(text)}`,
  );
}
