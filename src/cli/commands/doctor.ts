import type { Diagnosis } from '../../app/doctor/doctor.ts';
import { formatCount } from '../../util/figures.ts';
import type { CliCommand } from './cli-command.ts';
import { JSON_OPTION } from './json-option.ts';
import { oneLine } from './wrapped.ts';

type Level = Diagnosis['findings'][number]['level'];

/** Exit statuses end at 255, and those above 125 have meanings of their own in a shell. */
const MOST_PROBLEMS = 100;
const LONGEST_LINE = 2000;

const SIGNS: Readonly<Record<Level, string>> = { ok: '✓', note: '·', warning: '!', problem: '✗' };
/** SGR codes (ECMA-48): green, dim, yellow, red. */
const COLOURS: Readonly<Record<Level, number>> = { ok: 32, note: 2, warning: 33, problem: 31 };

export const doctorCommand: CliCommand = {
  name: 'doctor',
  summary: 'What is missing or wrong on this machine, and what to do about it',
  options: [JSON_OPTION],
  run: async ({ options, surroundings }) => {
    const [{ diagnose }, { systemClock }] = await Promise.all([
      import('../../app/doctor/doctor.ts'),
      import('../../util/clock.ts'),
    ]);
    const { output, isTty, environment } = surroundings;
    const diagnosis = await diagnose({ ...surroundings, clock: systemClock });
    // https://no-color.org: whatever its value, unless it is empty.
    const hasColours = isTty && (environment['NO_COLOR'] ?? '') === '';
    const text =
      options['json'] === true
        ? JSON.stringify(diagnosis, null, 2)
        : linesOf(diagnosis, hasColours).join('\n');
    output.write(`${text}\n`);
    // A name server that does not answer would hold the process for as long as the system waits for it.
    surroundings.endSoon?.();
    return Math.min(diagnosis.problems, MOST_PROBLEMS);
  },
};

function linesOf({ leashd, findings, problems, warnings }: Diagnosis, hasColours: boolean): string[] {
  const painted = (text: string, colour: number): string =>
    hasColours ? `\u{1b}[${colour}m${text}\u{1b}[0m` : text;
  const width = Math.max(...findings.map(({ check }) => check.length));
  const indent = ' '.repeat(width + 4);
  const lines: string[] = [`leashd ${leashd}`];
  let family = '';
  for (const finding of findings) {
    if (finding.family !== family) lines.push('', finding.family);
    ({ family } = finding);
    const { check, level, says, todo } = finding;
    const [first = '', ...rest] = says.split('\n').map((line) => oneLine(line, LONGEST_LINE));
    lines.push(`${painted(SIGNS[level], COLOURS[level])} ${check.padEnd(width)}  ${first}`);
    lines.push(...rest.map((line) => `${indent}${line}`));
    if (todo !== undefined) lines.push(`${indent}→ ${oneLine(todo, LONGEST_LINE)}`);
  }
  const sum = [
    ...(problems > 0 ? [painted(formatCount(problems, 'problem'), COLOURS.problem)] : []),
    ...(warnings > 0 ? [painted(formatCount(warnings, 'warning'), COLOURS.warning)] : []),
  ];
  return [...lines, '', sum.length === 0 ? painted('All is well.', COLOURS.ok) : `${sum.join(', ')}.`];
}
