import type { AuditStats } from '../../app/audit-stats.ts';
import { formatCount } from '../../util/figures.ts';
import { TIME_OPTIONS, timesFrom } from './audit-options.ts';
import type { CliCommand } from './cli-command.ts';
import { JSON_OPTION } from './json-option.ts';
import { oneLine, wrapped } from './wrapped.ts';

export const auditStatsCommand: CliCommand = {
  name: 'stats',
  summary: 'How often you are asked, by which rules, and how fast you answer',
  argument: '[file]',
  options: [...TIME_OPTIONS, JSON_OPTION],
  run: async (context) => {
    const { argument, options, surroundings } = context;
    const { auditPlace } = await import('../../app/audit-place.ts');
    const { readAudit } = await import('../../app/audit-read.ts');
    const { AuditCounter } = await import('../../app/audit-stats.ts');
    const counter = new AuditCounter();
    await readAudit(auditPlace(argument, surroundings), timesFrom(context), (line) => counter.take(line));
    const stats = counter.stats();
    const text = options['json'] === true ? JSON.stringify(stats) : linesOf(stats).join('\n');
    surroundings.output.write(`${text}\n`);
    return 0;
  },
};

function linesOf(stats: AuditStats): string[] {
  const { calls, allowed, denied, asks, hours, asksPerHour, answers, medianSecondsToTap, rules } = stats;
  const answered = Object.entries(answers).map(([answer, times]) => `${times} ${answer}`);
  return [
    `${formatCount(calls, 'call')}: ${allowed} allowed, ${denied} denied`,
    ...wrapped(
      `asked ${formatCount(asks, 'time')} in ${formatCount(hours, 'hour')} of work: ${asksPerHour} an hour`,
      0,
      2,
    ),
    ...(answered.length === 0 ? [] : wrapped(answered.join(', '), 2, 4)),
    ...(medianSecondsToTap === undefined ? [] : [`median to a tap: ${medianSecondsToTap} s`]),
    ...(rules.length === 0 ? [] : ['', 'Most asked (what to write a rule for)']),
    ...rules.flatMap(({ rule, asks: times, approved, tool }) =>
      wrapped(oneLine(`${times}× ${rule} (${tool}; ${approved} approved)`, 200), 0, 4),
    ),
  ];
}
