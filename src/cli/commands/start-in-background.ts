import { crashFile, hasCrashWords } from '../../app/control/crash-file.ts';
import type { FromBackground } from '../../app/control/relay.ts';
import { spawnBackground } from '../../app/control/spawn-background.ts';
import { assertNever } from '../../util/assert-never.ts';
import { ask, isYes } from './ask.ts';
import type { Surroundings } from './cli-command.ts';
import { listenForStop } from './stop-signals.ts';

export type BackgroundOptions = {
  readonly surroundings: Surroundings;
  /** Where it is started, and where its log is to lie: absolute. */
  readonly startDirectory: string;
  readonly logDir: string;
};

export type StartedInBackground =
  | { readonly kind: 'done'; readonly status: number }
  | { readonly kind: 'not-ready'; readonly reason: string; readonly hint: string };

/** Starts leashd in the background, and stays until it is up or says why not. */
export async function startInBackground(options: BackgroundOptions): Promise<StartedInBackground> {
  const { surroundings, startDirectory, logDir } = options;
  const { environment, output, errorOutput } = surroundings;
  const ended = Promise.withResolvers<StartedInBackground>();
  const done = (status: number): void => ended.resolve({ kind: 'done', status });
  const stop = listenForStop(surroundings);

  const take = (message: FromBackground): void => {
    switch (message.kind) {
      case 'line':
        if (message.text !== '') errorOutput.write(`${message.text}\n`);
        return;
      case 'ask':
        void answer(message.id, message.question);
        return;
      case 'not-ready':
        ended.resolve(message);
        return;
      case 'failed':
        errorOutput.write(message.text);
        done(message.status);
        return;
      case 'up':
        output.write(wordsOf(message));
        done(0);
        return;
      default:
        assertNever(message);
    }
  };
  const background = await spawnBackground({
    program: process.argv[1] ?? '',
    hasPerson: surroundings.isTty,
    startDirectory,
    logDir,
    environment,
    onMessage: take,
  });
  const answer = async (id: number, question: string): Promise<void> => {
    const isAgreed = isYes(await ask(surroundings, question, stop.begun));
    background.answer({ kind: 'answer', id, isYes: isAgreed });
  };
  const ends = async (): Promise<void> => {
    const how = await background.exited;
    const where = hasCrashWords(logDir) ? crashFile(logDir) : 'leashd logs';
    errorOutput.write(`leashd ended before it was up (${how}). See: ${where}\n`);
    done(typeof how === 'number' && how !== 0 ? how : 1);
  };
  const isCalledOff = async (): Promise<void> => {
    await stop.asked;
    background.signal('SIGTERM');
    done(130);
  };
  void ends();
  void isCalledOff();
  const started = await ended.promise;
  stop.unlisten();
  background.release();
  return started;
}

function wordsOf({ pid, bot, isWaiting }: FromBackground & { readonly kind: 'up' }): string {
  const who = bot === undefined ? '' : ` as @${bot}`;
  const state = isWaiting ? 'is started, and waits for Telegram,' : 'runs';
  return [
    `leashd ${state} in the background${who} (pid ${pid}).`,
    'leashd status shows how it is, leashd logs -f what it does, leashd stop ends it.',
    '',
  ].join('\n');
}
