import type { LoadedSettings } from '../../config/load-settings.ts';
import { ask, isYes } from './ask.ts';
import type { CliCommand, CliContext } from './cli-command.ts';
import { demoCommand } from './demo.ts';

export const startCommand: CliCommand = {
  name: 'start',
  summary: 'Open the Telegram bot in the background, or without a bot token the terminal',
  options: [
    { flags: '-f, --foreground', summary: 'stay in this terminal, with the log' },
    // Report to the process that started it, which has a `person` to ask, or `nobody`.
    { flags: '--for-parent <who>', summary: 'used by leashd itself', isHidden: true },
  ],
  run: async (context) => {
    const { options, surroundings } = context;
    const { loadLeanly } = await import('../../app/lean-memory.ts');
    loadLeanly();
    // Not before it is needed: half of leashd hangs on it, and `--version` is to be quick.
    const { loadSettings } = await import('../../config/load-settings.ts');
    const loadAgain = (): LoadedSettings => loadSettings(surroundings);
    const { forParent } = options;
    if (forParent !== undefined) {
      const { serveParent } = await import('./serve-parent.ts');
      return serveParent({ surroundings, loadAgain, hasPerson: forParent === 'person' });
    }
    const loaded = loadAgain();
    if (loaded.settings.telegramBotToken !== undefined && options['foreground'] !== true) {
      const [{ startInBackground }, { checkBroughtAlong }] = await Promise.all([
        import('./start-in-background.ts'),
        import('../../app/brought-along.ts'),
      ]);
      const { startDirectory, settings } = loaded;
      const { environment, isTty } = surroundings;
      const confirm = isTty
        ? async (question: string) => isYes(await ask(surroundings, question))
        : undefined;
      // Before its crash file is made, too.
      await checkBroughtAlong({ loaded, environment, confirm });
      const started = await startInBackground({ surroundings, startDirectory, logDir: settings.logDir });
      return started.kind === 'not-ready' ? offerDemo(context, started) : started.status;
    }
    return serveHere(context, loaded, loadAgain);
  },
};

async function serveHere(
  context: CliContext,
  loaded: LoadedSettings,
  loadAgain: () => LoadedSettings,
): Promise<number> {
  const { surroundings } = context;
  const { serve } = await import('./serve.ts');
  const served = await serve({
    surroundings,
    loaded,
    loadAgain,
    console: surroundings.errorOutput,
    announce: (line) => void surroundings.errorOutput.write(`${line}\n`),
    confirm: surroundings.isTty
      ? async (question, signal) => isYes(await ask(surroundings, question, signal))
      : undefined,
  });
  return served.kind === 'not-ready' ? offerDemo(context, served) : 0;
}

async function offerDemo(
  context: CliContext,
  { reason, hint }: { readonly reason: string; readonly hint: string },
): Promise<number> {
  const { surroundings } = context;
  const { isTty, environment, errorOutput } = surroundings;
  errorOutput.write(`Claude is not ready: ${reason}\n${hint}\n`);
  if (isTty) {
    const answer = await ask(surroundings, 'See the demo instead, without a log-in? [Y/n] ');
    return answer === '' || isYes(answer) ? demoCommand.run(context) : 1;
  }
  const isRunByNpm = environment['npm_lifecycle_event'] !== undefined;
  const command = isRunByNpm ? 'npm start -- demo' : 'leashd demo';
  errorOutput.write(`To see leashd without a log-in, run: ${command}\n`);
  return 1;
}
