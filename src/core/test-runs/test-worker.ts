import { messageOf } from '../../errors.ts';
import { plain } from '../../util/rich-text.ts';
import { assertNever } from '../../util/assert-never.ts';
import { sendFile } from '../commands/file.ts';
import type { Invocation } from '../commands/command.ts';
import { goOnWithTest } from '../commands/test.ts';
import type { CoreContext } from '../context.ts';
import type { BegunWork, ModeWorker } from '../modes/mode-runs.ts';
import { modeNamed } from '../modes/modes.ts';
import type { TurnOutcome } from '../ports/agent.ts';
import type { Session } from '../ports/store.ts';
import type { TestRun, TestWorkflow } from '../ports/test-workflow.ts';
import { LiveRun } from './live-run.ts';
import { headline, isOver, progressBody, refusalWords, reportBody } from './test-words.ts';
import { readTestWork, type TestWork } from './test-work.ts';

export interface TestWorkerOptions extends CoreContext {
  readonly workflow: TestWorkflow;
}

/** More pictures are named by the session file alone. */
const MOST_SCREENSHOTS = 10;

/**
 * Test mode: what it brings is made anew from the project at each turn, and where the run stands is read from its session
 * file. So a turn that is taken up after a crash, or goes on with a run, begins in the phase where the last one stopped.
 */
export function createTestWorker(options: TestWorkerOptions): ModeWorker {
  return {
    mode: 'test',
    command: { name: 'test', args: '' },
    begin: (session, about) => begin(options, session, about),
  };
}

async function begin(options: TestWorkerOptions, session: Session, about: string): Promise<BegunWork> {
  const { workflow, clock } = options;
  const work = readTestWork(about);
  if (work === undefined) return refused(['This test run can’t be read any more.']);
  if (work.directory !== session.directory) return refused([`The test run is one of ${work.directory}.`]);
  const prepared = workflow.prepare({ directory: work.directory, line: work.line, now: clock.now() });
  if (prepared.kind === 'help') return refused(workflow.usage);
  if (prepared.kind === 'refused') return refused(prepared.lines);
  const { run } = prepared;
  // What was agreed to with /test is what runs, and no other plan that has taken its place.
  if (run.digest !== work.digest) return refused(['.leashd/test.yaml has another plan now.']);
  const { resume } = run;
  try {
    if (resume.kind === 'fresh') run.begin(clock.now());
  } catch (fault) {
    return refused([`The test run can’t begin: ${messageOf(fault)}.`]);
  }
  const from = resume.kind === 'resume' ? resume.phase : 1;
  const live = new LiveRun({ ...options, chat: session.chat, run });
  let outcome: TurnOutcome | undefined;
  return {
    kind: 'begun',
    active: {
      name: 'test',
      rules: run.rules,
      writes: [run.sessionFile],
      instruction: [run.instructions(from), run.privateInstructions() ?? ''].join('\n').trim(),
      // Fixes in sources are as they were before.
      grants: modeNamed(session.mode).grants,
      ...(run.needsBrowser ? { browser: true } : {}),
    },
    take: (event) => {
      live.take(event);
      if (event.kind === 'finished') ({ outcome } = event);
    },
    ended: (invocation) => tell(invocation, { run, work, live, outcome }),
  };
}

function refused(lines: readonly string[]): BegunWork {
  return { kind: 'refused', words: refusalWords([...lines, 'Send /test to begin anew.']) };
}

type Ended = {
  readonly run: TestRun;
  readonly work: TestWork;
  readonly live: LiveRun;
  readonly outcome: TurnOutcome | undefined;
};

async function tell(invocation: Invocation, { run, work, live, outcome }: Ended): Promise<void> {
  const standing = run.progress();
  if (isOver(standing, outcome?.kind === 'done')) {
    await live.end(reportBody(run.phases, standing), '✅ The test run is over');
    await sendScreenshots(invocation, standing.screenshots);
    return;
  }
  await live.end(progressBody(run.phases, standing), endWords(outcome));
  const { services, inbound } = invocation;
  const words = plain(`${headline(run.phases, standing)}\nIt is not over yet; what is done is kept.`);
  // The budget's own question goes on with it.
  if (services.budgets.isStopOpen(inbound.chat) && services.prompts.canAskAside(inbound.chat))
    await invocation.say(words);
  else await goOnWithTest(invocation, work.line, words, standing.current ?? 1);
}

function endWords(outcome: TurnOutcome | undefined): string {
  switch (outcome?.kind) {
    case 'done':
      return '⏸ Claude ended its turn here';
    case 'interrupted':
      return '⏹ Stopped here';
    case 'max-turns':
      return '⏸ Claude’s rounds were used up here';
    case 'over-budget':
      return '⏸ Stopped here: the budget';
    case 'failed':
      return '⚠️ Broke off here';
    case undefined:
      return '⏸ Ended here';
    default:
      return assertNever(outcome);
  }
}

/** Each through the gate, as if the person had asked for it. */
async function sendScreenshots(invocation: Invocation, paths: readonly string[]): Promise<void> {
  for (const path of paths.slice(0, MOST_SCREENSHOTS)) await sendFile(path, invocation);
  const more = paths.length - MOST_SCREENSHOTS;
  if (more > 0) await invocation.say(plain(`📷 ${more} more: .leashd/test-session.md names them.`));
}
