import { PHASES, type PhaseId } from './phase.ts';

/** The one file below `.leashd` that the agent may write in test mode. */
export const SESSION_FILE = '.leashd/test-session.md';

export type PhaseState = 'open' | 'begun' | 'done' | 'skipped';

export type TestResults = {
  readonly passed: number;
  readonly failed: number;
  readonly fixed: number;
  readonly left: number;
};

/** What a session file says. */
export type TestProgress = {
  /** As planDigest makes it; undefined where none stands there. */
  readonly plan: string | undefined;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly startedAt: number | undefined;
  /** All nine; open where the file says nothing. */
  readonly phases: Readonly<Record<PhaseId, PhaseState>>;
  /** The first that is neither done nor skipped; undefined when none is left. */
  readonly current: PhaseId | undefined;
  readonly results: TestResults | undefined;
  /** Paths below the project's folder, or absolute ones below `folders`; such that lead elsewhere are left out. */
  readonly screenshots: readonly string[];
};

const MARKS: Record<PhaseState, string> = { open: '[ ]', begun: '[~]', done: '[x]', skipped: '[-]' };
const STATES: Readonly<Record<string, PhaseState>> = {
  ' ': 'open',
  '': 'open',
  '~': 'begun',
  '>': 'begun',
  '/': 'begun',
  '…': 'begun',
  x: 'done',
  X: 'done',
  '✓': 'done',
  '✔': 'done',
  '✅': 'done',
  '-': 'skipped',
  '–': 'skipped',
  '—': 'skipped',
};

/** `- [x] 4. Unit tests`, also as agents write it: `* [X] Phase 4: …`. One blank in at most: what stands further in is a note. */
const PHASE_LINE = /^( ?[-*+] {1,3})\[([^\]\n]{0,2})\](\s*(?:\*\*)?\s*(?:phase\s*)?([1-9])(?!\d).*)$/iu;
/** In UTF-16 units and lines; what lies beyond is not read. */
const LONGEST = 262_144;
const MOST_LINES = 5000;
const MOST_SCREENSHOTS = 50;
const OLDEST_MS = 24 * 60 * 60 * 1000;
/** A clock may have been set meanwhile, but not by much. */
const AHEAD_MS = 5 * 60 * 1000;

export type InitialSession = {
  readonly digest: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly startedAt: number;
  readonly skipped?: ReadonlySet<PhaseId> | undefined;
};

export function initialSession({ digest, startedAt, skipped }: InitialSession): string {
  return [
    '# leashd test session',
    '',
    `- plan: ${digest}`,
    `- started: ${new Date(startedAt).toISOString()}`,
    '',
    '## Phases',
    '',
    ...PHASES.map(({ id }) => phaseLine(id, skipped?.has(id) === true ? 'skipped' : 'open')),
    '',
    '## Results',
    '',
    '| passed | failed | fixed | left |',
    '| ------ | ------ | ----- | ---- |',
    '|        |        |       |      |',
    '',
    '## Screenshots',
    '',
  ].join('\n');
}

function phaseLine(id: PhaseId, state: PhaseState): string {
  const index = PHASES.findIndex((phase) => phase.id === id);
  return `- ${MARKS[state]} ${index + 1}. ${PHASES[index]?.title ?? id}`;
}

/** The text with one phase in another state; everything else stays as it is. A line that is missing is put back. */
export function markPhase(text: string, id: PhaseId, state: PhaseState): string {
  const lines = text.split('\n');
  const places = phasePlaces(lines);
  const at = places.get(id);
  const line = at === undefined ? undefined : lines[at];
  if (at !== undefined && line !== undefined)
    return lines
      .with(
        at,
        line.replace(PHASE_LINE, (_, head: string, __, rest: string) => head + MARKS[state] + rest),
      )
      .join('\n');
  return lines.toSpliced(placeFor(id, lines, places), 0, phaseLine(id, state)).join('\n');
}

/** Before the phase that comes next, else behind the heading, else at the end. */
function placeFor(id: PhaseId, lines: readonly string[], places: ReadonlyMap<PhaseId, number>): number {
  const later = PHASES.slice(PHASES.findIndex((phase) => phase.id === id) + 1);
  const next = later.map((phase) => places.get(phase.id)).find((place) => place !== undefined);
  if (next !== undefined) return next;
  const results = lines.findIndex((line) => /^##\s+results\b/i.test(line));
  // Lines far down are not read, so nothing may be put there.
  return Math.min(results < 0 ? lines.length : results, MOST_LINES - 1);
}

/** Where each phase stands. Of several lines about one phase the first counts. */
function phasePlaces(lines: readonly string[]): ReadonlyMap<PhaseId, number> {
  const places = new Map<PhaseId, number>();
  let length = 0;
  for (const [index, line] of lines.entries()) {
    length += line.length + 1;
    if (index >= MOST_LINES || length > LONGEST) break;
    const found = line.length > 1000 ? null : PHASE_LINE.exec(line.replace(/\r$/, ''));
    const phase = PHASES[Number(found?.[4]) - 1];
    if (phase !== undefined && !places.has(phase.id)) places.set(phase.id, index);
  }
  return places;
}

/**
 * Reads a session file, whoever wrote it. Does not throw; what it can't read is as if it were not there. `folders`:
 * absolute paths of those that screenshots may lie in.
 */
export function readProgress(text: string, folders: readonly string[] = []): TestProgress {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const places = phasePlaces(lines);
  const stateOf = (id: PhaseId): PhaseState => {
    const line = lines[places.get(id) ?? -1];
    const mark = line === undefined ? undefined : PHASE_LINE.exec(line.replace(/\r$/, ''))?.[2];
    return (mark === undefined ? undefined : STATES[mark.trim()]) ?? 'open';
  };
  const phases = Object.fromEntries(PHASES.map(({ id }) => [id, stateOf(id)])) as Record<PhaseId, PhaseState>;
  const current = PHASES.find(({ id }) => phases[id] === 'open' || phases[id] === 'begun')?.id;
  const read = lines.slice(0, MOST_LINES).map((line) => line.slice(0, 1000).trimEnd());
  const started = Date.parse(headerOf(read, 'started') ?? '');
  return {
    plan: /^[0-9a-f]{16}$/.exec(headerOf(read, 'plan') ?? '')?.[0],
    startedAt: Number.isFinite(started) ? started : undefined,
    phases,
    current,
    results: resultsOf(read),
    screenshots: screenshotsOf(read, folders),
  };
}

function headerOf(lines: readonly string[], name: string): string | undefined {
  const line = lines.slice(0, 30).find((one) => one.startsWith(`- ${name}: `));
  return line?.slice(name.length + 4).trim();
}

function resultsOf(lines: readonly string[]): TestResults | undefined {
  const cells = (line: string): readonly string[] =>
    line
      .split('|')
      .slice(1, 20)
      .map((cell) => cell.trim().toLowerCase());
  const head = lines.findIndex(
    (line) => /^\s*\|/.test(line) && cells(line).includes('passed') && cells(line).includes('failed'),
  );
  if (head < 0) return undefined;
  const names = cells(lines[head] ?? '');
  const row = lines.slice(head + 1, head + 20).find((line) => /^\s*\|.*\d/.test(line));
  if (row === undefined) return undefined;
  const figures = cells(row);
  const figure = (name: string): number =>
    Number(/^\D{0,3}(\d{1,9})\b/.exec(figures[names.indexOf(name)] ?? '')?.[1] ?? 0);
  return { passed: figure('passed'), failed: figure('failed'), fixed: figure('fixed'), left: figure('left') };
}

function screenshotsOf(lines: readonly string[], folders: readonly string[]): readonly string[] {
  const paths = lines.flatMap((line) =>
    [...line.matchAll(/[\w@./ +~-]{1,300}?\.(?:png|jpe?g|webp)\b/gi)].map(([path]) =>
      path.replace(/^[\s-]+/, '').replace(/^.* (?=\/)/, ''),
    ),
  );
  const isInside = (path: string): boolean =>
    !path.split('/').includes('..') &&
    (!/^[/~]/.test(path) || folders.some((folder) => path.startsWith(`${folder}/`)));
  return [...new Set(paths.filter(isInside))].slice(0, MOST_SCREENSHOTS);
}

export type ResumePoint =
  /** Go on in this phase. */
  | { readonly kind: 'resume'; readonly phase: PhaseId; readonly progress: TestProgress }
  /** Begin anew, and why; no reason where there was nothing. */
  | { readonly kind: 'fresh'; readonly why?: string | undefined };

/** Where a run goes on. A file of another plan, of a run that is complete, or a day old is not gone on from. */
export function resumePoint(text: string | undefined, digest: string, nowMs: number): ResumePoint {
  if (text === undefined || text.trim() === '') return { kind: 'fresh' };
  const progress = readProgress(text);
  const { plan, startedAt, current, phases } = progress;
  if (plan === undefined || startedAt === undefined)
    return { kind: 'fresh', why: "the last run's file can't be read" };
  if (plan !== digest) return { kind: 'fresh', why: 'the last run had another plan' };
  if (nowMs - startedAt >= OLDEST_MS) return { kind: 'fresh', why: 'the last run is more than a day old' };
  if (startedAt - nowMs > AHEAD_MS) return { kind: 'fresh', why: 'the last run is dated in the future' };
  if (current === undefined) return { kind: 'fresh', why: 'the last run is complete' };
  if (current === 'discovery' && phases.discovery === 'open') return { kind: 'fresh' };
  return { kind: 'resume', phase: current, progress };
}
