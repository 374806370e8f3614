import { assertNever } from '../../util/assert-never.ts';
import type { Act, TreeReach, UnknownAbout, Word } from '../types.ts';

/**
 * What a word means to the program that gets it. `data`: nothing outside it. `reads`, `writes`, `deletes`: a file
 * or folder. `readsTree`, `listsTree`, `readsVisibleTree`, `deletesTree`: all below a folder. `revision`: what git
 * calls a revision, a path, or both (`HEAD:file`). `unlisted`: the table does not say.
 */
type Meaning =
  | 'data'
  | 'reads'
  | 'writes'
  | 'deletes'
  | 'readsTree'
  | 'listsTree'
  | 'readsVisibleTree'
  | 'deletesTree'
  | 'revision'
  | 'unlisted';

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
};

/** What a program would do with its arguments; paths are still as they were written. */
export type ProgramReading = {
  readonly touches: readonly Touch[];
  readonly acts: readonly Act[];
  readonly unknowns: readonly { readonly about: UnknownAbout; readonly why: string }[];
};

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

export function program(table: Table): (words: readonly Word[]) => ProgramReading {
  const options = new Map<string, OptionRule>();
  for (const [names, rule] of Object.entries(table.options ?? {})) {
    for (const name of names.split(' ')) options.set(name, rule);
  }
  return (words) => new ArgumentReader(table, options).read(words);
}

class ArgumentReader {
  readonly #table: Table;
  readonly #options: ReadonlyMap<string, OptionRule>;
  readonly #operands: Word[] = [];
  readonly #touches: Touch[] = [];
  readonly #acts: Act[];
  readonly #unknowns: { about: UnknownAbout; why: string }[] = [];
  #rest: Meaning;
  readonly #only: string[] = [];
  #dropsFirst = false;

  constructor(table: Table, options: ReadonlyMap<string, OptionRule>) {
    this.#table = table;
    this.#options = options;
    this.#rest = table.operands.rest;
    this.#acts = [...(table.acts ?? [])];
  }

  /** `words` without the program's own name. */
  read(words: readonly Word[]): ProgramReading {
    const ahead = [...words].reverse();
    for (let word = ahead.pop(); word !== undefined; word = ahead.pop()) {
      if (word.kind === 'unknown' || word.value === '-' || !word.value.startsWith('-')) {
        this.#operands.push(word);
      } else if (word.value === '--') {
        this.#operands.push(...ahead.splice(0).reverse());
      } else {
        this.#readOption(word.value, ahead);
      }
    }
    this.#readOperands();
    return {
      touches: this.#touches.map((touch) => this.#narrowed(touch)),
      acts: this.#acts,
      unknowns: this.#unknowns,
    };
  }

  #readOption(text: string, ahead: Word[]): void {
    if (this.#options.has(text)) return this.#takeValue(text, ahead);
    if (text.startsWith('--')) {
      const [name = '', ...values] = text.split('=');
      const rule = this.#options.get(name);
      if (rule === undefined || values.length === 0 || rule.takes === 'flag') return this.#unlisted(text);
      return this.#apply(rule, { kind: 'static', value: values.join('='), text });
    }
    if (this.#table.hasNumberOption === true && /^-\d+$/.test(text)) return undefined;
    return this.#readBundle(text, ahead);
  }

  /** `-la`, `-n5`, `-rk2`: flags in a row, and a value right behind the last one. */
  #readBundle(text: string, ahead: Word[]): void {
    for (let index = 1; index < text.length; index += 1) {
      const letter = `-${text[index]}`;
      const rule = this.#options.get(letter);
      if (rule === undefined) return this.#unlisted(text);
      const rest = text.slice(index + 1);
      if (rule.takes === 'flag' || rule.takes === 'optional') this.#apply(rule, undefined);
      else if (rest === '') return this.#takeValue(letter, ahead);
      else return this.#apply(rule, { kind: 'static', value: rest, text });
    }
    return undefined;
  }

  #takeValue(name: string, ahead: Word[]): void {
    const rule = this.#options.get(name);
    if (rule === undefined || rule.takes === 'flag' || rule.takes === 'optional') {
      return this.#apply(rule ?? flag, undefined);
    }
    const word = ahead.pop();
    return word === undefined ? this.#unlisted(name) : this.#apply(rule, word);
  }

  #apply(rule: OptionRule, word: Word | undefined): void {
    if (rule.operands !== undefined) this.#rest = rule.operands;
    if (rule.dropsFirst === true) this.#dropsFirst = true;
    if (rule.narrows === true && word?.kind === 'static' && !word.value.startsWith('!'))
      this.#only.push(word.value);
    if (rule.acts !== undefined) this.#acts.push(...rule.acts);
    if (word !== undefined && rule.takes !== 'flag' && rule.takes !== 'optional')
      this.#mean(rule.takes, word);
  }

  #readOperands(): void {
    const first = this.#dropsFirst ? [] : (this.#table.operands.first ?? []);
    for (const [index, word] of this.#operands.entries()) this.#mean(first[index] ?? this.#rest, word);
    const { none } = this.#table.operands;
    if (none !== undefined && this.#operands.length <= first.length) {
      this.#mean(this.#rest, { kind: 'static', value: none, text: none });
    }
  }

  #mean(meaning: Meaning, word: Word): void {
    // A word that can't be known is an unknown of its own, said once for the whole command.
    if (word.kind === 'unknown') return;
    if (meaning === 'unlisted') return this.#unlisted(word.value);
    const touch = touchOf(meaning, word.value);
    if (touch !== undefined) this.#touches.push(touch);
  }

  #narrowed(touch: Touch): Touch {
    if (this.#only.length === 0 || touch.reach === undefined) return touch;
    return { ...touch, reach: { ...touch.reach, only: this.#only } };
  }

  #unlisted(text: string): void {
    const why = `what ${JSON.stringify(text)} does there is not known`;
    this.#unknowns.push({ about: 'option', why });
  }
}

function touchOf(meaning: Exclude<Meaning, 'unlisted'>, path: string): Touch | undefined {
  switch (meaning) {
    case 'data':
      return undefined;
    case 'reads':
      return path === '-' ? undefined : { kind: 'read', path };
    case 'writes':
      return path === '-' ? undefined : { kind: 'write', path };
    case 'deletes':
      return { kind: 'delete', path };
    case 'readsTree':
      return { kind: 'read-tree', path, reach: { contents: 'all' } };
    case 'readsVisibleTree':
      return { kind: 'read-tree', path, reach: { contents: 'visible' } };
    case 'listsTree':
      return { kind: 'read-tree', path, reach: { contents: 'names' } };
    case 'deletesTree':
      return { kind: 'delete-tree', path };
    case 'revision':
      // `HEAD:src/a.ts` names a file of the past; a plain word may be a branch or a file.
      return path.startsWith(':(')
        ? undefined
        : { kind: 'read', path: path.slice(path.indexOf(':') + 1) || '.' };
    default:
      return assertNever(meaning, 'meaning');
  }
}
