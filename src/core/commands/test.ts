import { assertNever } from '../../util/assert-never.ts';
import { bold, join, plain, type RichText } from '../../util/rich-text.ts';
import { modeNamed } from '../modes/modes.ts';
import { writeTestWork } from '../test-runs/test-work.ts';
import { planWords, refusalWords } from '../test-runs/test-words.ts';
import type { TestRun } from '../ports/test-workflow.ts';
import type { Command, Invocation } from './command.ts';
import { askWhatToTest } from './test-place.ts';

/** What to do where an earlier run of the same plan is not over; left out: ask. */
type Wish = 'go-on' | 'anew' | undefined;

export const testCommand: Command = {
  name: 'test',
  summary: 'Test the project in nine phases, mend, report',
  usage: '[flags] [what to look at most]',
  isAllowedDuringTurn: false,
  run: (invocation) => test(invocation, invocation.args, undefined),
};

async function test(invocation: Invocation, line: string, wish: Wish, isPlaced = false): Promise<void> {
  const { inbound, services, say } = invocation;
  const { sessions, clock, testWorkflow: workflow, prompts } = services;
  const { chat, person } = inbound;
  if (!workflow) {
    await say('Projects can’t be tested from here.');
    return;
  }
  // It lets commands pass unasked, so somebody has to be able to approve them.
  if (!services.mayApprove(chat, person)) {
    await say('Only those who may approve can start a test run.');
    return;
  }
  const { directory, mode } = await sessions.open(chat);
  const prepared = workflow.prepare({ directory, line, now: clock.now() });
  switch (prepared.kind) {
    case 'help':
      await say(usageWords(workflow.usage));
      return;
    case 'refused':
      await say(refusalWords(prepared.lines, '/test --help shows how it is written.'));
      return;
    case 'run':
      break;
    default:
      assertNever(prepared);
  }
  const { run } = prepared;
  const typed = `/test ${line}`.trim();
  const begin = (tapped: Invocation): Promise<void> => test(tapped, line, wish, true);
  if (wish === undefined && !isPlaced && (await askWhatToTest(invocation, typed, begin))) return;
  if (run.resume.kind === 'resume' && wish === undefined && prompts.canAskAside(chat))
    await goOnWithTest(invocation, line, earlierWords(run, run.resume.phase), run.resume.phase);
  else await send(invocation, { run, line, directory, mode, wish });
}

/** Offers to go on with a run that is not over. */
export async function goOnWithTest(
  invocation: Invocation,
  line: string,
  words: RichText,
  phase: number,
): Promise<void> {
  const typed = `/test ${line}`.trim();
  await invocation.offer(words, [
    { label: `▶️ Go on with phase ${phase}`, typed, run: (tapped) => test(tapped, line, 'go-on') },
    { label: '🔁 Start anew', typed, run: (tapped) => test(tapped, line, 'anew') },
  ]);
}

type Sending = {
  readonly run: TestRun;
  readonly line: string;
  readonly directory: string;
  /** The session's, which it goes back to. */
  readonly mode: string;
  readonly wish: Wish;
};

/** Says what is to come, and puts the turn behind what waits. */
async function send(invocation: Invocation, { run, line, directory, mode, wish }: Sending): Promise<void> {
  const { services, say } = invocation;
  const { queue, modeRuns, clock } = services;
  const { resume } = run;
  const goesOn = resume.kind === 'resume' && wish !== 'anew';
  const why = resume.kind === 'fresh' && resume.why !== undefined ? ` (${resume.why})` : '';
  const begins = goesOn
    ? `🧪 Going on with the test run, phase ${resume.phase} of ${run.phases.length}`
    : `🧪 Testing, phase 1 to ${run.phases.length}${why}`;
  const isIdle = await queue.whileIdle(async () => {
    if (!goesOn) run.begin(clock.now());
    const areEditsFree = modeNamed(mode).grants.includes('edit-files');
    await say(planWords(run, { begins, areEditsFree }));
    const about = writeTestWork({ directory, line, digest: run.digest });
    const what = goesOn ? 'Go on with the test run where it stands.' : 'Test this project, phase by phase.';
    await modeRuns.send(invocation, { mode: 'test', about }, `${what}\n\n(The person wrote: /test ${line})`);
  });
  if (!isIdle) await say('Claude has begun to work meanwhile; /stop it first, then /test.');
}

function earlierWords({ phases }: TestRun, phase: number): RichText {
  const title = phases[phase - 1]?.title ?? '';
  return plain(`🧪 A test run of the same plan is not over: phase ${phase} of ${phases.length} · ${title}`);
}

function usageWords([first = '', ...flags]: readonly string[]): RichText {
  return join([bold(first), ...flags], '\n');
}
