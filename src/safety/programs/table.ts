import type { Act, TreeReach, UnknownAbout, Word } from '../types.ts';

/**
 * What a word means to the program that gets it. `data`: nothing outside it. `reads`, `writes`, `deletes`: a file
 * or folder. `readsTree`, `listsTree`, `readsVisibleTree`, `deletesTree`: all below a folder. `revision`: what git
 * calls a revision, a path, or both (`HEAD:file`). `unlisted`: the table does not say.
 */
export type Meaning =
  | 'data'
  | 'reads'
  | 'writes'
  | 'deletes'
  | 'readsTree'
  | 'listsTree'
  | 'readsVisibleTree'
  | 'deletesTree'
  | 'revision'
  | 'unlisted'
  /** A host name, `user@host` and `host:port` included; a URL (`file:` is a read). */
  | 'host'
  | 'url'
  /** `host:path` goes over the network, anything else is a local path that is read or written (scp, rsync). */
  | 'remoteOrReads'
  | 'remoteOrWrites'
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
  /** `flag`: no value; `optional`: one only as `--option=value`; else what its value means. */
  readonly takes: 'flag' | 'optional' | Meaning;
  /** What the operands mean once this option is given. */
  readonly operands?: Meaning;
  /** The first operand is no longer special: `grep -e pattern file`. */
  readonly dropsFirst?: boolean;
  /** Its value is a glob: of a tree, only files that fit one of these are read. */
  readonly narrows?: boolean;
  readonly acts?: readonly Act[];
};

type Operands = {
  /** The leading ones, where they differ from the rest. */
  readonly first?: readonly Meaning[];
  readonly rest: Meaning;
  /** What stands for them when none is given: `ls` is `ls .`. */
  readonly none?: string;
};

/** A program, or one of its subcommands, as data. */
export type Table = {
  /** Keys are names with blanks between: `'-k --key'`. What is not listed is unknown. */
  readonly options?: Readonly<Record<string, OptionRule>>;
  readonly operands: Operands;
  /** `-20` is a number of lines. */
  readonly hasNumberOption?: boolean;
  readonly acts?: readonly Act[];
  /**
   * By the first operand, or several joined with blanks (`'remote get-url'`; the longest wins). Options ahead of it
   * are this table's, those behind it the subcommand's. A word that is not listed is unknown, unless `operands` take it.
   */
  readonly subcommands?: Readonly<Record<string, Table>>;
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
  | { readonly kind: 'words'; readonly argv: readonly Word[] }
  | { readonly kind: 'script'; readonly source: string };

export type Touch = {
  readonly kind: 'read' | 'write' | 'delete' | 'read-tree' | 'delete-tree';
  readonly path: string;
  readonly reach?: TreeReach | undefined;
};

export const flag: OptionRule = { takes: 'flag' };
export const optional: OptionRule = { takes: 'optional' };
export const value: OptionRule = { takes: 'data' };
export const reads: OptionRule = { takes: 'reads' };
export const writes: OptionRule = { takes: 'writes' };
