import { Command as Program, CommanderError } from 'commander';
import { version } from '../app/version.ts';
import { PersonError } from '../errors.ts';
import { nearest } from '../util/nearest.ts';
import { createRedactor } from '../util/redact.ts';
import { auditCommand } from './commands/audit.ts';
import type { CliCommand, Surroundings } from './commands/cli-command.ts';
import { configCommand } from './commands/config.ts';
import { demoCommand } from './commands/demo.ts';
import { historyCommand } from './commands/history.ts';
import { policyCommand } from './commands/policy.ts';
import { startCommand } from './commands/start.ts';
import { exitStatusOf, renderError } from './render-error.ts';
import { processSurroundings } from './surroundings.ts';

const COMMANDS: readonly CliCommand[] = [
  startCommand,
  demoCommand,
  configCommand,
  policyCommand,
  auditCommand,
  historyCommand,
];

const LONG_MS = 60 * 60 * 1000;

/** Runs the command line and resolves with the exit status; never rejects. */
export async function runCli(
  args: readonly string[],
  surroundings: Surroundings = processSurroundings(),
): Promise<number> {
  let status = 0;
  const program = new Program('leashd')
    .description('Drive Claude Code on your own machine from your phone, with a leash that holds.')
    .version(version(), '-v, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void surroundings.output.write(text),
      writeErr: (text) => void surroundings.errorOutput.write(text),
    });
  const onStatus = (result: number): void => {
    status = result;
  };
  // Whoever reads the output may have had enough (`| head`).
  for (const stream of [surroundings.output, surroundings.errorOutput]) stream.on('error', () => {});
  for (const command of COMMANDS) addCommand(program, command, surroundings, onStatus);
  // The clock's timers hold no process open; a command that waits for one of them is not to end early.
  const alive = setInterval(() => {}, LONG_MS);
  try {
    refuseUnknown(args[0]);
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (thrown) {
    // commander has said it already, help and version among it.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    surroundings.errorOutput.write(renderError(thrown, (text) => createRedactor([]).redact(text)));
    return exitStatusOf(thrown);
  } finally {
    clearInterval(alive);
  }
}

function addCommand(
  parent: Program,
  command: CliCommand,
  surroundings: Surroundings,
  onStatus: (status: number) => void,
): void {
  const sub = parent
    .command(command.name, { isDefault: command.isDefault ?? false })
    .description(command.summary)
    .exitOverride();
  if (command.argument !== undefined) sub.argument(command.argument);
  for (const { flags, summary, isRepeatable = false } of command.options ?? []) {
    if (isRepeatable) sub.option(flags, summary, (value: string, all: string[]) => [...all, value], []);
    else sub.option(flags, summary);
  }
  for (const nested of command.subcommands ?? []) addCommand(sub, nested, surroundings, onStatus);
  sub.action(async () => {
    const [argument] = sub.args;
    onStatus(await command.run({ options: sub.opts(), argument, operands: sub.args, surroundings }));
  });
}

/** commander would take an unknown word for an argument of the default command. */
function refuseUnknown(word: string | undefined): void {
  const names = [...COMMANDS.map(({ name }) => name), 'help'];
  if (word === undefined || word.startsWith('-') || names.includes(word)) return;
  const meant = nearest(word, names);
  throw new PersonError('COMMAND_UNKNOWN', `there is no command "${word}"; there are ${names.join(', ')}`, {
    hint: meant === undefined ? 'leashd --help tells what each does.' : `Did you mean "leashd ${meant}"?`,
  });
}
