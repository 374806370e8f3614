import { checkDotenv } from '../../app/dotenv-trust.ts';
import { readCurrentSetUp } from '../../app/init/current-set-up.ts';
import { runningDaemon } from '../../app/init/running-daemon.ts';
import { prepareSetUp, type Answers } from '../../app/init/write-set-up.ts';
import { systemClock } from '../../util/clock.ts';
import type { Surroundings } from '../commands/cli-command.ts';
import { Left, createAsk, plainVoice, terminalVoice, type Ask, type Voice } from './ask.ts';
import { botStep, type BotAnswer } from './bot-step.ts';
import { directoriesStep } from './directories-step.ts';
import { finish } from './finish.ts';
import type { InitFlags } from './flags.ts';
import { logInStep } from './log-in-step.ts';
import { ownerStep } from './owner-step.ts';
import { policyStep } from './policy-step.ts';
import { runStep } from './run-step.ts';
import type { Session } from './session.ts';
import { chooseTopics, isFirstSetUp, requireAnswers } from './topics.ts';

/** What a shell says of a program that was interrupted. */
const LEFT_STATUS = 130;

/**
 * Asks, looks through what was answered, writes it at the end in one go. Whoever leaves before that leaves all as it
 * was.
 */
export async function runInit(flags: InitFlags, surroundings: Surroundings): Promise<number> {
  const leaving = new AbortController();
  const isAsking = surroundings.isTty && !flags.isYes;
  if (!isAsking) {
    const voice = plainVoice(surroundings.output, surroundings.errorOutput);
    return setUp({ flags, surroundings, voice, ask: undefined, signal: leaving.signal });
  }
  const unlisten = new AbortController();
  void surroundings.untilStopped(unlisten.signal).then(() => leaving.abort());
  const { input, output } = surroundings;
  const { signal } = leaving;
  const voice = terminalVoice(output);
  try {
    return await setUp(
      { flags, surroundings, voice, ask: createAsk({ input, output, signal }), signal },
      () => unlisten.abort(),
    );
  } catch (thrown) {
    if (!(thrown instanceof Left)) throw thrown;
    voice.end('You left: nothing was changed.');
    return LEFT_STATUS;
  } finally {
    unlisten.abort();
  }
}

type Parts = {
  readonly flags: InitFlags;
  readonly surroundings: Surroundings;
  readonly voice: Voice;
  readonly ask: Ask | undefined;
  readonly signal: AbortSignal;
};

/** @param onAnswered nothing is asked any more; what starts now minds its own signals */
async function setUp(parts: Parts, onAnswered: () => void = () => {}): Promise<number> {
  const { flags, surroundings, voice, ask, signal } = parts;
  const current = readCurrentSetUp(surroundings);
  voice.begin('leashd init');
  const confirm =
    ask === undefined ? undefined : (question: string) => ask.yes(question.replace(/ \[y\/N\] $/, ''), false);
  // A project's .env could name a server to send the token to.
  await checkDotenv({ loaded: current.loaded, environment: surroundings.environment, confirm });
  const topics = await chooseTopics(current, flags, ask, voice);
  if (ask === undefined) requireAnswers(current, flags, topics);
  const isByNpm = surroundings.environment['npm_lifecycle_event'] !== undefined;
  const session: Session = {
    ...parts,
    current,
    topics,
    clock: systemClock,
    isFirst: isFirstSetUp(current),
    commandWord: isByNpm ? 'npm start --' : 'leashd',
  };
  const directories = await directoriesStep(session);
  if (session.isFirst) await logInStep(session);
  const botAnswer = await botStep(session);
  const bot = botAnswer.kind === 'none' ? undefined : botAnswer.bot;
  const owner = await ownerStep(session, bot);
  const policyFiles = await policyStep(session);
  const daemon = await runningDaemon(current.loaded.settings.stateDir);
  const run = await runStep(session, bot, daemon !== undefined);
  if (signal.aborted) throw new Left();
  const answers: Answers = { directories, policyFiles, token: tokenOf(botAnswer) };
  const prepared = prepareSetUp(current, answers);
  onAnswered();
  return finish({ session, prepared, bot, owner, run, isRunning: daemon !== undefined });
}

function tokenOf(answer: BotAnswer): Answers['token'] {
  if (answer.kind === 'kept') return undefined;
  return answer.kind === 'none' ? answer : answer.bot.token;
}
