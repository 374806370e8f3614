import type { GitCall } from '../programs/git-call.ts';
import type { ProgramReading } from '../programs/table.ts';
import type { CommandInput, Redirection, Unknown, UnknownAbout, Word } from '../types.ts';
import type { Budget } from './budget.ts';

export type ReadAssignment = { readonly name: string; readonly value: Word };

/**
 * `directories`: where it was told to work, each relative to the one before (`git -C a -C b`). `git`: what it asks of
 * the repository there.
 */
export type PlacedReading = ProgramReading & {
  readonly directories?: readonly string[] | undefined;
  readonly git?: GitCall | undefined;
};

/** A simple command as bash would run it, with what its program's table says. */
export type ParsedCommand = {
  readonly argv: readonly Word[];
  readonly assignments: readonly ReadAssignment[];
  readonly redirections: readonly Redirection[];
  readonly stdin: CommandInput;
  readonly outputTo: number | undefined;
  readonly via: readonly string[];
  readonly isInline?: boolean | undefined;
  readonly span: readonly [number, number];
  /** Absolute folders, one of which it runs in; undefined when that can't be known. */
  readonly places: readonly string[] | undefined;
  /** Absent when no table knows the program, or it is a function of the text. */
  readonly reading?: PlacedReading | undefined;
  /** A function that the text itself defines: its body stands among the commands. */
  readonly isFunction?: boolean | undefined;
};

export type ShellReading = {
  /** In the order of the text; what a command runs in turn comes after it. */
  readonly commands: readonly ParsedCommand[];
  readonly unknowns: readonly Unknown[];
};

const NO_COMMAND: ParsedCommand = {
  argv: [],
  assignments: [],
  redirections: [],
  stdin: { kind: 'inherit' },
  outputTo: undefined,
  via: [],
  span: [0, 0],
  places: undefined,
};

function nameOf(command: ParsedCommand | undefined): string {
  const [program] = command?.argv ?? [];
  return program?.kind === 'static' ? program.value : '';
}

/** Collects commands and doubts while a text is read. */
export class ReadingBuilder {
  readonly #commands: (ParsedCommand | undefined)[] = [];
  readonly #unknowns = new Map<string, Unknown>();
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  get count(): number {
    return this.#commands.length;
  }

  /** A place in the list for a command whose words are still being read. */
  reserve(): number {
    this.#budget.spend('commands');
    this.#commands.push(undefined);
    return this.#commands.length - 1;
  }

  set(index: number, command: ParsedCommand): void {
    this.#commands[index] = command;
  }

  get(index: number): ParsedCommand | undefined {
    return this.#commands[index];
  }

  doubt(about: UnknownAbout, why: string, command?: number): void {
    this.#unknowns.set(`${command ?? ''} ${about} ${why}`, { about, why, command });
  }

  reading(): ShellReading {
    const { complaint } = this.#budget;
    if (complaint !== undefined) this.doubt('syntax', complaint);
    if (this.#mayUnsetFunction())
      this.doubt('syntax', 'a function of the text may be gone when it is called');
    return {
      commands: this.#commands.map((command) => command ?? NO_COMMAND),
      unknowns: [...this.#unknowns.values()],
    };
  }

  /** `unset -f cat`, and `unset cat` where no variable has that name, make `cat` the program again. */
  #mayUnsetFunction(): boolean {
    const called = new Set(
      this.#commands.map((command) => (command?.isFunction === true ? nameOf(command) : '')),
    );
    if (called.size === 1 && called.has('')) return false;
    return this.#commands.some((command) => {
      if (nameOf(command) !== 'unset') return false;
      const words = command?.argv.slice(1) ?? [];
      return words.some(
        (word) => word.kind === 'unknown' || /^-\w*f/.test(word.value) || called.has(word.value),
      );
    });
  }
}
