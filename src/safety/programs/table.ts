import type { Act, TreeReach, UnknownAbout, Word } from '../types.ts';

/**
 * What a word means to the program that gets it. `data`: nothing outside it. `reads`, `writes`, `deletes`: a file
 * or folder; `sees`: its name and properties, not what it holds. `readsTree`, `listsTree`, `readsVisibleTree`, `deletesTree`: all below a folder. `revision`: what git
 * calls a revision, a path, or both (`HEAD:file`). `destination`: written itself, or a folder that gets an entry for
 * each of the other operands. `unlisted`: the table does not say.
 */
export type Meaning =
  | 'data'
  | 'reads'
  | 'sees'
  | 'writes'
  | 'deletes'
  | 'readsTree'
  | 'listsTree'
  | 'readsVisibleTree'
  | 'deletesTree'
  | 'destination'
  | 'revision'
  /** Read; all below it, when it is a folder; with none given, the input is searched. */
  | 'searches'
  | 'unlisted'
  /** A host name, `user@host` and `host:port` included; a URL (`file:` is a read). */
  | 'host'
  | 'url'
  /** `host:path` goes over the network, anything else is a local path that is read or written (scp, rsync). */
  | 'remoteOrReads'
  | 'remoteOrWrites'
  /** What an installer gets: a name from its registry, else a URL or a folder whose code it runs. */
  | 'package'
  /** Names a program that is run, with no words of its own. */
  | 'program'
  /** From here on the words are a command: `env`, `timeout`, `xargs`. Options behind it are that command's. */
  | 'command'
  /** Text that a shell runs: `bash -c`. */
  | 'script'
  /** Text that another interpreter runs: `python -c`. */
  | 'inlineCode'
  /** A file that is run as a program, a folder in which the rest happens. */
  | 'runsFile'
  | 'directory';

/** What an option does beyond taking a value. */
export type OptionRule = {
  /** `flag`: no value; `optional`: one only as `--option=value` or `-Ovalue`; else what its value means. */
  readonly takes: 'flag' | 'optional' | Meaning;
  /** What the operands mean once this option is given. */
  readonly operands?: Meaning;
  /** The first operand is no longer special: `grep -e pattern file`. */
  readonly dropsFirst?: boolean;
  /** The last operand is no longer special: `cp -t folder file`. */
  readonly dropsLast?: boolean;
  /** Its value is a glob: of a tree, only files that fit one of these are read. */
  readonly narrows?: boolean;
  /** As the very last word it may stand without its value: `git branch --merged`. */
  readonly orEnd?: boolean;
  readonly acts?: readonly Act[];
  /** What is touched with it, whatever the operands are. */
  readonly touches?: readonly Touch[];
  /** Of the table's own acts, those that do not happen with it: `git push --dry-run`. */
  readonly lifts?: readonly Act[];
  /** Some text is shown and nothing else happens, whatever the other words are. */
  readonly onlyShows?: boolean;
};

type Operands = {
  /** The leading ones, where they differ from the rest. */
  readonly first?: readonly Meaning[];
  readonly rest: Meaning;
  /** The last of several, where it differs: `cp file … folder`. */
  readonly last?: Meaning;
  /** What stands for them when none is given: `ls` is `ls .`. */
  readonly none?: string;
  /** What it does as soon as one is given, unless an option says what they mean: `git tag v1`. */
  readonly acts?: readonly Act[];
};

/** A program, or one of its subcommands, as data. */
export type Table = {
  /** Keys are names with blanks between: `'-k --key'`. What is not listed is unknown. */
  readonly options?: Readonly<Record<string, OptionRule>>;
  readonly operands: Operands;
  /** `-20` is a number of lines. */
  readonly hasNumberOption?: boolean;
  readonly acts?: readonly Act[];
  /** What it touches, whatever its words are: `npm pkg set` writes package.json. */
  readonly touches?: readonly Touch[];
  /**
   * By the first operand, or several joined with blanks (`'remote get-url'`; the longest wins). Options ahead of it
   * are this table's, those behind it the subcommand's. A word that is not listed is unknown, unless `operands` take it.
   */
  readonly subcommands?: Readonly<Record<string, Table>>;
  /**
   * It runs the project's code, which could do anything an option could: options that are not listed are taken, and
   * each word that looks like a path is read.
   */
  readonly looseOptions?: boolean;
  /** Options end at the first operand, as POSIX has it; GNU programs take them anywhere. */
  readonly stopsAtOperand?: boolean;
};

/** What a program would do with its arguments; paths are still as they were written. */
export type ProgramReading = {
  readonly touches: readonly Touch[];
  /** Undefined stands for a host that can't be known. */
  readonly hosts?: readonly (string | undefined)[] | undefined;
  /** What it runs in turn. */
  readonly runs?: readonly NestedCommand[] | undefined;
  /** Where it works, relative to where it starts; the paths of `touches` are relative to that. */
  readonly directory?: string | undefined;
  readonly acts: readonly Act[];
  readonly unknowns: readonly { readonly about: UnknownAbout; readonly why: string }[];
};

export type NestedCommand =
  | {
      readonly kind: 'words';
      readonly argv: readonly Word[];
      /** Variables that it gets to see: `env A=1 ls`. */
      readonly assignments?: readonly { readonly name: string; readonly value: Word }[] | undefined;
      /** More words come from its input: behind the others, or wherever `replacing` stands in one (`xargs -I{}`). */
      readonly fed?:
        { readonly isNulSeparated: boolean; readonly replacing?: string | undefined } | undefined;
    }
  /**
   * `isLater`: at another time, in a folder that is not known yet: `trap`. `isBash`: bash reads it; without it that
   * may be another shell.
   */
  | {
      readonly kind: 'script';
      readonly source: string;
      readonly isLater?: boolean | undefined;
      readonly isBash?: boolean | undefined;
    }
  /** A script that comes over its input: `bash -s`. */
  | { readonly kind: 'input' };

export type Touch = {
  readonly kind: 'read' | 'write' | 'delete' | 'read-tree' | 'delete-tree';
  readonly path: string;
  readonly reach?: TreeReach | undefined;
};

export const flag: OptionRule = { takes: 'flag' };
export const onlyShows: OptionRule = { takes: 'flag', onlyShows: true };
export const optional: OptionRule = { takes: 'optional' };
export const value: OptionRule = { takes: 'data' };
export const reads: OptionRule = { takes: 'reads' };
export const writes: OptionRule = { takes: 'writes' };
