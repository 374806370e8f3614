import { formatCount } from '../../util/figures.ts';
import { bold, concat, join, plain, type RichText } from '../../util/rich-text.ts';
import type {
  TestFigures,
  TestPhase,
  TestPhaseState,
  TestRun,
  TestStanding,
  TestSummary,
} from '../ports/test-workflow.ts';

const MARKS: Record<TestPhaseState, string> = { open: '▫️', begun: '▶️', done: '✅', skipped: '⏭' };
const REPORT = 9;

/** Whether nothing is left to be done. `isTurnDone`: the agent has ended the turn by itself. */
export function isOver({ states, current }: TestStanding, isTurnDone: boolean): boolean {
  const report = states[REPORT - 1];
  return (
    current === undefined || report === 'done' || (isTurnDone && current === REPORT && report === 'begun')
  );
}

/** `🧪 Test run · phase 3 of 9 · Smoke test`. */
export function headline(phases: readonly TestPhase[], { current }: TestStanding): string {
  const phase = current === undefined ? undefined : phases[current - 1];
  return phase === undefined
    ? '🧪 Test run · all phases done'
    : `🧪 Test run · phase ${phase.number} of ${phases.length} · ${phase.title}`;
}

/** The live message: where it stands, and a line for each phase. */
export function progressBody(phases: readonly TestPhase[], standing: TestStanding): RichText {
  const lines = phases.map((phase) => phaseLine(phase, standing));
  return join([bold(headline(phases, standing)), ...figureLine(standing.results), ...lines], '\n');
}

/** How it ended: what passed, failed, was fixed and is left, what was skipped and why. */
export function reportBody(phases: readonly TestPhase[], standing: TestStanding): RichText {
  const { states, results, screenshots } = standing;
  const left = phases.filter(({ number }) => number !== REPORT && isUndone(states[number - 1]));
  const skipped = phases.filter(({ number }) => states[number - 1] === 'skipped');
  const pictures =
    screenshots.length === 0 ? [] : [`📷 ${formatCount(screenshots.length, 'screenshot')} below`];
  return join(
    [
      bold('🧪 Test run · report'),
      ...(results === undefined ? ['No figures: Claude left the result table empty.'] : figureLine(results)),
      ...left.map(({ number, title }) => `❔ ${number} ${title}: not marked as done`),
      ...skipped.map((phase) => phaseLine(phase, standing)),
      ...pictures,
    ],
    '\n',
  );
}

function isUndone(state: TestPhaseState | undefined): boolean {
  return state === 'open' || state === 'begun';
}

function phaseLine({ number, title, skipped }: TestPhase, { states }: TestStanding): string {
  const state = states[number - 1] ?? 'open';
  const why = state === 'skipped' ? `: ${skipped ?? 'skipped by Claude'}` : '';
  return `${MARKS[state]} ${number} ${title}${why}`;
}

function figureLine(figures: TestFigures | undefined): readonly string[] {
  if (figures === undefined) return [];
  const { passed, failed, fixed, left } = figures;
  return [`✅ ${passed} passed · ❌ ${failed} failed · 🔧 ${fixed} fixed · 📌 ${left} left`];
}

/** What was found, before it begins. */
export function planWords(
  { summary, phases }: Pick<TestRun, 'summary' | 'phases'>,
  { begins, areEditsFree }: { readonly begins: string; readonly areEditsFree: boolean },
): RichText {
  const skipped = phases.flatMap(({ number, title, skipped: why }) =>
    why === undefined ? [] : [`${number} ${title}: ${why}`],
  );
  return join(
    [
      bold(begins),
      ...summary.found,
      ...notes(summary),
      ...section('Skipped', skipped),
      unasked(summary, areEditsFree),
    ],
    '\n',
  );
}

function notes({ missing, notes: others }: TestSummary): readonly string[] {
  return [...missing, ...others].map((line) => `⚠️ ${line}`);
}

function section(title: string, lines: readonly string[]): readonly RichText[] {
  return lines.length === 0 ? [] : [join([bold(title), ...lines.map((line) => `⏭ ${line}`)], '\n')];
}

function unasked({ unasked: words }: TestSummary, areEditsFree: boolean): RichText {
  const all = areEditsFree ? [...words, 'edits of all files of the project, as with /edit'] : words;
  return concat(bold('Without asking, while it runs: '), all.join(', '), '. Everything else as ever.');
}

/** A line for each fault, and what helps. */
export function refusalWords(lines: readonly string[], hint?: string): RichText {
  return plain([...lines.map((line) => `⚠️ ${line}`), ...(hint === undefined ? [] : [hint])].join('\n'));
}
