import type { Unknown, Word } from '../types.ts';
import { wordSet } from '../word-set.ts';
import { programName } from './normal-form.ts';
import { readShell } from './parse.ts';
import type { ParsedCommand } from './parse.ts';

/** A program whose rest is a command: which of its options take a value, and how many operands come first. */
type Wrapper = { readonly valueOptions?: string; readonly operands?: number };

const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map(
  Object.entries<Wrapper>({
    builtin: {},
    command: {},
    doas: { valueOptions: '-u -C' },
    env: { valueOptions: '-u --unset -C --chdir' },
    exec: { valueOptions: '-a' },
    ionice: { valueOptions: '-c -n -p' },
    nice: { valueOptions: '-n --adjustment' },
    nohup: {},
    setsid: {},
    stdbuf: { valueOptions: '-i -o -e' },
    sudo: { valueOptions: '-u -g -h -p -C -T -r -t -D -U' },
    time: { valueOptions: '-f -o' },
    timeout: { valueOptions: '-s --signal -k --kill-after', operands: 1 },
    watch: { valueOptions: '-n --interval' },
    xargs: { valueOptions: '-I -n -P -L -d -E -s -a' },
  }),
);

const SHELLS = new Set(['bash', 'sh', 'zsh', 'dash', 'ksh']);
const FIND_ACTIONS = new Set(['-exec', '-execdir', '-ok', '-okdir']);
const DEEPEST = 24;

/** Whether a program's business is to run others. No rule may name it and mean only what it was given today. */
export function runsOthers(program: string): boolean {
  return WRAPPERS.has(program) || SHELLS.has(program) || OTHER_RUNNERS.has(program);
}

const OTHER_RUNNERS = wordSet(`
  eval source . trap alias parallel flock script busybox chroot unshare nsenter su runuser systemd-run
  entr strace ltrace gdb fish tcsh csh
`);

/**
 * The commands inside commands: behind `sudo`, `env`, `timeout`, in `bash -c '…'`, `find -exec`. Added after the
 * ones given, whose indexes stay as they are. So that a rule which denies one of them hits; a command that runs
 * others is never allowed by this alone.
 */
export function unwrapCommands(
  commands: readonly ParsedCommand[],
  home: string,
): { readonly commands: readonly ParsedCommand[]; readonly unknowns: readonly Unknown[] } {
  const all = [...commands];
  const unknowns: Unknown[] = [];
  const depths = commands.map(() => 0);
  for (let index = 0; index < all.length; index += 1) {
    const command = all[index];
    const depth = depths[index] ?? DEEPEST;
    if (command === undefined || depth >= DEEPEST) continue;
    const inner = innerOf(command, index, all.length, home);
    unknowns.push(...inner.unknowns);
    for (const found of inner.commands) {
      all.push(found);
      depths.push(depth + 1);
    }
  }
  return { commands: all, unknowns };
}

type Inner = { readonly commands: readonly ParsedCommand[]; readonly unknowns: readonly Unknown[] };

function innerOf(command: ParsedCommand, index: number, offset: number, home: string): Inner {
  const [first] = command.argv;
  if (first?.kind !== 'static') return NOTHING;
  const program = programName(first.value);
  if (SHELLS.has(program)) return innerScript(command, index, offset, scriptArgument(command.argv), home);
  if (program === 'eval') return innerScript(command, index, offset, joined(command.argv.slice(1)), home);
  if (program === 'find') return innerArgvs(command, index, program, findActions(command.argv));
  const wrapper = WRAPPERS.get(program);
  if (wrapper === undefined) return NOTHING;
  return innerArgvs(command, index, program, [restOf(command.argv, wrapper)]);
}

const NOTHING: Inner = { commands: [], unknowns: [] };

function innerArgvs(
  outer: ParsedCommand,
  index: number,
  program: string,
  argvs: readonly (readonly Word[])[],
): Inner {
  const commands = argvs
    .filter((argv) => argv.length > 0)
    .map((argv) => ({ ...outer, argv, redirections: [], outputTo: index, via: [...outer.via, program] }));
  return { commands, unknowns: [] };
}

function innerScript(
  outer: ParsedCommand,
  index: number,
  offset: number,
  script: string | undefined,
  home: string,
): Inner {
  if (script === undefined) return NOTHING;
  const name = outer.argv[0]?.text ?? '';
  const reading = readShell(script, home);
  // One list for each pipe, however many commands it feeds.
  const pipes = new Map<readonly number[], ParsedCommand['stdin']>();
  const commands = reading.commands.map((command) => ({
    ...command,
    via: [...outer.via, name, ...command.via],
    stdin: command.stdin.kind === 'pipe' ? shifted(command.stdin.from, offset, pipes) : command.stdin,
    outputTo: command.outputTo === undefined ? index : command.outputTo + offset,
    span: outer.span,
  }));
  return { commands, unknowns: reading.unknowns };
}

function shifted(
  from: readonly number[],
  offset: number,
  known: Map<readonly number[], ParsedCommand['stdin']>,
): ParsedCommand['stdin'] {
  const before = known.get(from);
  if (before !== undefined) return before;
  const moved = { kind: 'pipe' as const, from: from.map((index) => index + offset) };
  known.set(from, moved);
  return moved;
}

/** What follows `-c`, also at the end of bundled options (`-lc`). */
function scriptArgument(argv: readonly Word[]): string | undefined {
  const option = argv.findIndex(
    (word) => word.kind === 'static' && /^-[a-zA-Z]*c[a-zA-Z]*$/.test(word.value),
  );
  const script = option < 0 ? undefined : argv[option + 1];
  return script?.kind === 'static' ? script.value : undefined;
}

function joined(words: readonly Word[]): string | undefined {
  const values = words.map((word) => (word.kind === 'static' ? word.value : undefined));
  return values.length === 0 || values.includes(undefined) ? undefined : values.join(' ');
}

function restOf(argv: readonly Word[], wrapper: Wrapper): readonly Word[] {
  const valueOptions = new Set(wrapper.valueOptions?.split(' '));
  let operands = wrapper.operands ?? 0;
  let index = 1;
  for (; index < argv.length; index += 1) {
    const text = valueOf(argv[index]);
    if (text === '--') {
      index += 1;
      break;
    }
    if (text.startsWith('-') && text.length > 1) index += valueOptions.has(text) ? 1 : 0;
    else if (operands > 0) operands -= 1;
    else if (!/^[A-Za-z_]\w*=/.test(text)) break;
  }
  return argv.slice(index);
}

function findActions(argv: readonly Word[]): (readonly Word[])[] {
  const actions: Word[][] = [];
  let current: Word[] | undefined;
  for (const word of argv) {
    const text = valueOf(word);
    if (current === undefined) {
      if (FIND_ACTIONS.has(text)) current = [];
    } else if (text === ';' || (text === '+' && valueOf(current.at(-1)) === '{}')) {
      actions.push(current);
      current = undefined;
    } else {
      current.push(word);
    }
  }
  if (current !== undefined) actions.push(current);
  return actions;
}

function valueOf(word: Word | undefined): string {
  if (word === undefined) return '';
  return word.kind === 'static' ? word.value : word.text;
}
