import type { Command as Program } from 'commander';
import { version } from '../app/version.ts';
import { COMMANDS, DEFAULT_COMMAND } from './commands.ts';
import type { CliCommand, Surroundings } from './commands/cli-command.ts';
import { processSurroundings } from './surroundings.ts';

const LONG_MS = 60 * 60 * 1000;
const VERSION_FLAGS = ['-v', '--version'];

/** Runs the command line and resolves with the exit status; never rejects. */
export async function runCli(
  args: readonly string[],
  surroundings: Surroundings = processSurroundings(),
): Promise<number> {
  // Whoever reads the output may have had enough (`| head`).
  for (const stream of [surroundings.output, surroundings.errorOutput]) stream.on('error', () => {});
  // The clock's timers hold no process open; a command that waits for one of them is not to end early.
  const alive = setInterval(() => {}, LONG_MS);
  try {
    const words = args[0] === '--' ? args.slice(1) : args;
    if (words[0] === undefined || !VERSION_FLAGS.includes(words[0])) return await run(words, surroundings);
    surroundings.output.write(`${version()}\n`);
    return 0;
  } catch (thrown) {
    const [{ exitStatusOf, renderError }, { createRedactor }] = await Promise.all([
      import('./render-error.ts'),
      import('../util/redact.ts'),
    ]);
    surroundings.errorOutput.write(renderError(thrown, (text) => createRedactor([]).redact(text)));
    return exitStatusOf(thrown);
  } finally {
    clearInterval(alive);
  }
}

async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const called = calledBy(args);
  if (called === undefined && args[0] !== undefined && !args[0].startsWith('-') && args[0] !== 'help')
    return refuse(args[0]);
  const { Command, CommanderError } = await import('commander');
  let status = 0;
  const program = new Command('leashd')
    .description('Drive Claude Code on your own machine from your phone, with a leash that holds.')
    .version(version(), VERSION_FLAGS.join(', '))
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void surroundings.output.write(text),
      writeErr: (text) => void surroundings.errorOutput.write(text),
    });
  const onStatus = (result: number): void => {
    status = result;
  };
  for (const { name, summary, load } of COMMANDS) {
    const command = name === called ? await load() : { name, summary };
    addCommand(program, command, surroundings, onStatus);
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (thrown) {
    // commander has said it already, help among it.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    throw thrown;
  }
}

/** The one command that is loaded; the others are only listed. */
function calledBy([first, second]: readonly string[]): string | undefined {
  if (first === '--help' || first === '-h') return undefined;
  if (first === undefined || first.startsWith('-')) return DEFAULT_COMMAND;
  const word = first === 'help' ? second : first;
  return COMMANDS.find(({ name }) => name === word)?.name;
}

function addCommand(
  parent: Program,
  command: Pick<CliCommand, 'name' | 'summary'> & Partial<CliCommand>,
  surroundings: Surroundings,
  onStatus: (status: number) => void,
): void {
  const sub = parent
    .command(command.name, {
      isDefault: parent.parent === null && command.name === DEFAULT_COMMAND,
      hidden: command.isHidden ?? false,
    })
    .description(command.summary)
    .exitOverride();
  if (command.argument !== undefined) sub.argument(command.argument);
  for (const { flags, summary, isRepeatable = false, isHidden = false } of command.options ?? []) {
    if (isHidden) sub.addOption(sub.createOption(flags, summary).hideHelp());
    else if (isRepeatable) sub.option(flags, summary, gathered);
    else sub.option(flags, summary);
  }
  const subcommands = command.subcommands ?? [];
  for (const nested of subcommands) addCommand(sub, nested, surroundings, onStatus);
  // Else commander would only count the words.
  sub.allowExcessArguments(subcommands.length > 0);
  sub.action(async () => {
    const [argument] = sub.args;
    if (argument !== undefined && subcommands.length > 0) await refuse(argument, subcommands, command.name);
    if (command.run === undefined) throw new Error(`${command.name} was called, but not loaded`);
    onStatus(await command.run({ options: sub.opts(), argument, operands: sub.args, surroundings }));
  });
}

function gathered(value: string, all: readonly string[] = []): readonly string[] {
  return [...all, value];
}

/** commander would take an unknown word for an argument of the default command. */
async function refuse(
  word: string,
  known: readonly Pick<CliCommand, 'name' | 'isHidden'>[] = [...COMMANDS, { name: 'help' }],
  parent?: string,
): Promise<never> {
  const [{ PersonError }, { nearest }] = await Promise.all([
    import('../errors.ts'),
    import('../util/nearest.ts'),
  ]);
  const called = ['leashd', parent].filter((part) => part !== undefined).join(' ');
  const names = known.flatMap(({ name, isHidden }) => (isHidden === true ? [] : [name]));
  const meant = nearest(word, names);
  const what = parent === undefined ? `command "${word}"` : `"${called} ${word}"`;
  throw new PersonError('COMMAND_UNKNOWN', `there is no ${what}; there are ${names.join(', ')}`, {
    hint:
      meant === undefined ? `${called} --help tells what each does.` : `Did you mean "${called} ${meant}"?`,
  });
}
