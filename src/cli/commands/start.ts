import { createInterface } from 'node:readline/promises';
import { systemClock } from '../../util/clock.ts';
import type { InputEnd } from '../../app/start-leashd.ts';
import type { CliCommand, CliContext, Surroundings } from './cli-command.ts';
import { demoCommand } from './demo.ts';

const TERMINAL_CLOSED = 'the terminal was closed';

export const startCommand: CliCommand = {
  name: 'start',
  summary: 'Open the Telegram bot, or without a bot token the terminal',
  isDefault: true,
  run: async (context) => {
    // Not before it is needed: half of leashd hangs on it, and `--version` is to be quick.
    const [{ startLeashd }, { openLog }, { loadSettings }] = await Promise.all([
      import('../../app/start-leashd.ts'),
      import('../../app/open-log.ts'),
      import('../../config/load-settings.ts'),
    ]);
    const { surroundings } = context;
    const loaded = loadSettings(surroundings);
    const announce = (line: string): void => void surroundings.errorOutput.write(`${line}\n`);
    for (const warning of loaded.warnings) announce(`warning: ${warning}`);

    const { log, redactor, close } = openLog({
      loaded,
      console: surroundings.errorOutput,
    });
    const inputEnd = Promise.withResolvers<InputEnd>();
    try {
      const started = await startLeashd({
        ...surroundings,
        loaded,
        clock: systemClock,
        log,
        redactor,
        announce,
        confirm: surroundings.isTty
          ? async (question) => /^y(es)?$/i.test(await ask(surroundings, question))
          : undefined,
        onInputEnd: inputEnd.resolve,
      });
      if (started.kind === 'not-ready') return await offerDemo(context, started.readiness, announce);
      const { app } = started;
      const unlisten = new AbortController();
      const ended = inputEnd.promise.then(async (end) => {
        if (end === 'finished') await app.engine.idle();
        return TERMINAL_CLOSED;
      });
      const reason = await Promise.race([surroundings.untilStopped(unlisten.signal), ended]);
      unlisten.abort();
      log.info('cli_shutting_down', { reason });
      await app.stop(reason === TERMINAL_CLOSED ? reason : 'leashd was stopped');
      return 0;
    } finally {
      await close();
    }
  },
};

async function offerDemo(
  context: CliContext,
  { reason, hint }: { readonly reason: string; readonly hint: string },
  announce: (line: string) => void,
): Promise<number> {
  announce(`Claude is not ready: ${reason}\n${hint}`);
  if (!context.surroundings.isTty) {
    const isRunByNpm = context.surroundings.environment['npm_lifecycle_event'] !== undefined;
    announce(`To see leashd without a log-in, run: ${isRunByNpm ? 'npm start -- demo' : 'leashd demo'}`);
    return 1;
  }
  return (await isWanted(context.surroundings)) ? demoCommand.run(context) : 1;
}

async function isWanted(surroundings: Surroundings): Promise<boolean> {
  return /^(y|yes|)$/i.test(await ask(surroundings, 'See the demo instead, without a log-in? [Y/n] '));
}

/** What the person types; `n` when they turn away from the question (Ctrl-C, Ctrl-D). */
async function ask({ input, output }: Surroundings, question: string): Promise<string> {
  const questions = createInterface({ input, output });
  const left = new AbortController();
  questions.once('close', () => left.abort()).once('SIGINT', () => questions.close());
  try {
    return (await questions.question(question, { signal: left.signal })).trim();
  } catch {
    output.write('\n');
    return 'n';
  } finally {
    questions.close();
  }
}
