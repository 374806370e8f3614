import type { Discovery } from './discovery/discovery.ts';
import { oneLine } from './one-line.ts';
import { PHASES, type PhaseId } from './phase.ts';
import { expectedAddress } from './phase-lines.ts';
import { SESSION_FILE } from './session-file.ts';
import type { TestPlan } from './test-plan.ts';

/** A phase of one run: what is to be done in it, or why nothing is. */
export type PlannedPhase = {
  readonly id: PhaseId;
  /** From 1 to 9. */
  readonly number: number;
  readonly title: string;
  readonly skipped?: string | undefined;
  /** For the agent; empty for one that is skipped. Holds no private value. */
  readonly instruction: string;
  readonly done: string;
};

export function planPhases(plan: TestPlan, discovery: Discovery): readonly PlannedPhase[] {
  return PHASES.map(({ id, title, skip, tell, done }, index) => {
    const skipped = skip(plan, discovery);
    const instruction = skipped === undefined ? tell(plan, discovery).join('\n') : '';
    return { id, number: index + 1, title, skipped, instruction, done };
  });
}

/** Everything the agent is told about a run but the private values. It starts at `from`, after a crash not at 1. */
export function testInstructions(plan: TestPlan, discovery: Discovery, from: PhaseId = 'discovery'): string {
  const phases = planPhases(plan, discovery);
  const first = phases.find(({ id }) => id === from)?.number ?? 1;
  const start =
    first === 1
      ? 'Work through the phases in their order.'
      : `This run was cut off. Read ${SESSION_FILE} and go on with phase ${first}; do not repeat what is done. Make sure first that the server still answers.`;
  return [
    'You are in test mode: you test this project, mend what you can, and report.',
    start,
    `Ahead of each phase write its state into ${SESSION_FILE} ([~] begun, [x] done, [-] skipped), then work. Put notes below it, two blanks in. Keep the lines that are there.`,
    'Passwords and the like never go into that file, a test, a screenshot, a commit or the report.',
    'Commands that were found run without a card in exactly these words. Anything else asks the person, so do without where you can.',
    '',
    ...wishes(plan, discovery),
    '',
    ...phases.flatMap(({ number, title, skipped, instruction, done }) =>
      skipped === undefined
        ? [`Phase ${number} of 9: ${title}`, instruction, `Done when ${done}.`, '']
        : [`Phase ${number} of 9: ${title} – skipped: ${skipped}.`, ''],
    ),
  ].join('\n');
}

function wishes(plan: TestPlan, discovery: Discovery): readonly string[] {
  const { focus, preconditions, focusAreas, directory, environment, credentials } = plan;
  const address = expectedAddress(plan, discovery);
  return [
    ...(focus === '' ? [] : [`The person wants this looked at most: ${oneLine(focus, 1000)}`]),
    ...(directory.value === '.' ? [] : [`Only this folder: ${directory.value}`]),
    ...(address === undefined ? [] : [`Address: ${address}`]),
    ...listed('The project asks for these preconditions', preconditions),
    ...listed('The project wants these looked at', focusAreas),
    ...listed('Private values you were given, by name', [...environment.names, ...credentials.names]),
    ...listed('Not there', discovery.missing),
  ];
}

function listed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0
    ? []
    : [`${title}:`, ...lines.slice(0, 50).map((line) => `- ${oneLine(line, 500)}`)];
}

/**
 * What the agent is told of the private values; undefined when there are none. For the agent's instructions of this
 * session and nothing else: not for the log, the audit, the chat, the history or a store.
 */
export function privateInstructions({ environment, credentials }: TestPlan): string | undefined {
  const lines = [
    ...section('For logging in to the app under test', credentials.tellAgent()),
    ...section('Environment that the app under test wants', environment.tellAgent()),
  ];
  return lines.length === 0 ? undefined : lines.join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title} (never write these down anywhere):`, ...lines];
}
