import type { CliCommand, CliContext, CliOption } from './cli-command.ts';
import { commandGroup } from './command-group.ts';
import { JSON_OPTION } from './json-option.ts';
import { ask, isYes } from './ask.ts';
import { hostOf } from './service-host.ts';
import { statusLines } from './service-lines.ts';

const FORCE: CliOption = { flags: '--force', summary: 'also a file that was changed, or is not from leashd' };
const DRY_RUN: CliOption = { flags: '--dry-run', summary: 'show the file and the commands, and do nothing' };

const install: CliCommand = {
  name: 'install',
  summary: 'Start leashd in this directory with the machine, and again when it fails',
  options: [DRY_RUN, FORCE],
  run: installHere,
};

/** Also for the end of `leashd init`. */
export async function installHere({ options, surroundings }: CliContext): Promise<number> {
  const [{ installService }, { checkLogIn }] = await Promise.all([
    import('../../app/service/install-service.ts'),
    import('../../app/init/check-log-in.ts'),
  ]);
  const isDryRun = options['dryRun'] === true;
  const { manager, text, commands, status, away } = await installService({
    host: hostOf(surroundings),
    startDirectory: surroundings.startDirectory,
    isDryRun,
    isForced: options['force'] === true,
    confirm:
      surroundings.isTty && !isDryRun
        ? async (question) => isYes(await ask(surroundings, question))
        : undefined,
    checkLogIn,
  });
  const say = (line: string): void => void surroundings.output.write(`${line}\n`);
  if (isDryRun) {
    say(`# ${manager.file}\n${text}`);
    for (const command of commands) say(`$ ${command}`);
    say('Nothing was written or run.');
    return 0;
  }
  say(`Installed: ${manager.file}`);
  if (status === undefined) {
    say(`It does not answer yet. See why: ${manager.showsWhy}`);
    say('Then: leashd doctor');
  } else {
    const { bot, pid, state, lastFault, notices } = status;
    say(`leashd runs${bot === undefined ? '' : ` as @${bot}`} (process ${pid}), and by itself from now on.`);
    if (state === 'starting')
      say(`It waits for Telegram${lastFault === undefined ? '' : `: ${lastFault.message}`}`);
    for (const notice of notices) say(notice);
  }
  if (away !== undefined) say(away);
  return status === undefined ? 1 : 0;
}

const uninstall: CliCommand = {
  name: 'uninstall',
  summary: 'Stop the service and take its file away; settings and history stay',
  options: [DRY_RUN, FORCE],
  run: async ({ options, surroundings }) => {
    const { uninstallService } = await import('../../app/service/uninstall-service.ts');
    const isDryRun = options['dryRun'] === true;
    const host = hostOf(surroundings);
    const done = await uninstallService({ host, isDryRun, isForced: options['force'] === true });
    const say = (line: string): void => void surroundings.output.write(`${line}\n`);
    if (!done.wasInstalled) say(`There is no service of leashd: ${done.manager.file} is not there.`);
    else if (isDryRun) for (const command of done.commands) say(`$ ${command}`);
    else say('The service is stopped and taken away. Your settings and history stay.');
    return 0;
  },
};

const status: CliCommand = {
  name: 'status',
  summary: 'Whether the service is installed, runs and answers, and its paths are still there',
  options: [JSON_OPTION],
  run: async ({ options, surroundings }) => {
    const { serviceStatus } = await import('../../app/service/service-status.ts');
    const report = await serviceStatus(hostOf(surroundings), surroundings.startDirectory);
    const lines = options['json'] === true ? [JSON.stringify(report, null, 2)] : statusLines(report);
    surroundings.output.write(`${lines.join('\n')}\n`);
    const isWell = report.service.isActive && report.daemon === 'answered' && report.missing.length === 0;
    return isWell ? 0 : 1;
  },
};

/** launchd starts again whatever ends badly, and knows no exceptions. */
const run: CliCommand = {
  name: 'run',
  isHidden: true,
  summary: 'What launchd runs: start, which ends well where no restart would help',
  run: async (context) => {
    const { startCommand } = await import('./start.ts');
    const { renderError } = await import('../render-error.ts');
    const { LeashdError } = await import('../../errors.ts');
    try {
      return await startCommand.run({ ...context, options: { foreground: true } });
    } catch (thrown) {
      if (!(thrown instanceof LeashdError) || thrown.fault !== 'person') throw thrown;
      context.surroundings.errorOutput.write(renderError(thrown, (text) => text));
      return 0;
    }
  },
};

export const serviceCommand = commandGroup('service', 'Have the machine start leashd by itself', [
  install,
  uninstall,
  status,
  run,
]);
