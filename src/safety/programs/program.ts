import { assertNever } from '../../util/assert-never.ts';
import type { Act, UnknownAbout, Word } from '../types.ts';
import { hostIn } from './host-in.ts';
import { flag } from './table.ts';
import type { Meaning, NestedCommand, OptionRule, ProgramReading, Table, Touch } from './table.ts';

/** Makes a reader of a program's words from its table. */
export function program(table: Table): (words: readonly Word[]) => ProgramReading {
  const compiled = compile(table);
  return (words) => new ArgumentReader(compiled).read(words);
}

type Compiled = {
  readonly table: Table;
  readonly options: ReadonlyMap<string, OptionRule>;
  readonly subcommands: ReadonlyMap<string, Compiled>;
};

function compile(table: Table): Compiled {
  const options = new Map<string, OptionRule>();
  for (const [names, rule] of Object.entries(table.options ?? {})) {
    for (const name of names.split(' ')) options.set(name, rule);
  }
  const subcommands = Object.entries(table.subcommands ?? {}).map(
    ([name, nested]) => [name, compile(nested)] as const,
  );
  return { table, options, subcommands: new Map(subcommands) };
}

class ArgumentReader {
  readonly #table: Table;
  readonly #options: ReadonlyMap<string, OptionRule>;
  readonly #subcommands: ReadonlyMap<string, Compiled>;
  readonly #operands: Word[] = [];
  readonly #touches: Touch[] = [];
  readonly #acts: Act[];
  readonly #hosts: (string | undefined)[] = [];
  readonly #runs: NestedCommand[] = [];
  #directory: string | undefined;
  readonly #unknowns: { about: UnknownAbout; why: string }[] = [];
  #rest: Meaning;
  readonly #only: string[] = [];
  #dropsFirst = false;

  constructor({ table, options, subcommands }: Compiled) {
    this.#table = table;
    this.#options = options;
    this.#subcommands = subcommands;
    this.#rest = table.operands.rest;
    this.#acts = [...(table.acts ?? [])];
  }

  /** `words` without the program's own name. */
  read(words: readonly Word[]): ProgramReading {
    const ahead = [...words].reverse();
    for (let word = ahead.pop(); word !== undefined; word = ahead.pop()) {
      if (word.kind === 'unknown' || word.value === '-' || !word.value.startsWith('-')) {
        if (
          this.#operands.length === 0 &&
          word.kind === 'static' &&
          this.#readSubcommand(word.value, ahead)
        ) {
          return this.#reading();
        }
        this.#operands.push(word);
        if (this.#table.stopsAtOperand === true || this.#nextMeaning() === 'command') {
          this.#operands.push(...ahead.splice(0).reverse());
        }
      } else if (word.value === '--') {
        this.#operands.push(...ahead.splice(0).reverse());
      } else {
        this.#readOption(word.value, ahead);
      }
    }
    this.#readOperands();
    return this.#reading();
  }

  #reading(): ProgramReading {
    return {
      touches: this.#touches.map((touch) => this.#narrowed(touch)),
      hosts: this.#hosts,
      runs: this.#runs,
      directory: this.#directory,
      acts: this.#acts,
      unknowns: this.#unknowns,
    };
  }

  /** What the operand that was just read means. */
  #nextMeaning(): Meaning {
    const first = this.#dropsFirst ? [] : (this.#table.operands.first ?? []);
    return first[this.#operands.length - 1] ?? this.#rest;
  }

  #readSubcommand(name: string, ahead: Word[]): boolean {
    if (this.#subcommands.size === 0) return false;
    // `ahead` is turned round: the next word is its last.
    for (let extra = Math.min(2, ahead.length); extra >= 0; extra -= 1) {
      const behind = extra === 0 ? [] : ahead.slice(-extra).reverse();
      const longName = [name, ...behind.map((word) => (word.kind === 'static' ? word.value : ''))].join(' ');
      const nested = this.#subcommands.get(longName);
      if (nested === undefined) continue;
      this.#absorb(new ArgumentReader(nested).read(ahead.slice(0, ahead.length - extra).reverse()));
      return true;
    }
    return false;
  }

  #absorb(inner: ProgramReading): void {
    this.#touches.push(...inner.touches);
    this.#hosts.push(...(inner.hosts ?? []));
    this.#runs.push(...(inner.runs ?? []));
    this.#acts.push(...inner.acts);
    this.#unknowns.push(...inner.unknowns);
    if (inner.directory !== undefined) this.#enter(inner.directory);
  }

  #enter(directory: string): void {
    if (this.#directory === undefined || directory.startsWith('/')) this.#directory = directory;
    else this.#directory = `${this.#directory}/${directory}`;
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
    for (const [index, word] of this.#operands.entries()) {
      const meaning = first[index] ?? this.#rest;
      if (meaning === 'command') {
        this.#runs.push({ kind: 'words', argv: this.#operands.slice(index) });
        break;
      }
      this.#mean(meaning, word);
    }
    const { none } = this.#table.operands;
    if (none !== undefined && this.#operands.length <= first.length) {
      this.#mean(this.#rest, { kind: 'static', value: none, text: none });
    }
  }

  #mean(meaning: Meaning, word: Word): void {
    // A word that can't be known is an unknown of its own, said once for the whole command.
    if (word.kind === 'unknown') {
      if (meaning === 'host' || meaning === 'url') this.#hosts.push(undefined);
      if (meaning === 'inlineCode') this.#acts.push('run-inline-code');
      return;
    }
    if (meaning === 'unlisted') this.#unlisted(word.value);
    else if (!this.#meanBeyondFiles(meaning, word)) {
      const touch = touchOf(meaning, word.value);
      if (touch !== undefined) this.#touches.push(touch);
    }
  }

  /** False: it is about a file, if about anything. */
  #meanBeyondFiles(meaning: Meaning, word: Word & { readonly kind: 'static' }): boolean {
    const { value } = word;
    switch (meaning) {
      case 'host':
        this.#hosts.push(hostIn(value));
        return true;
      case 'url':
        return this.#meanUrl(value);
      case 'remoteOrReads':
      case 'remoteOrWrites':
        return this.#meanRemote(value, meaning === 'remoteOrReads' ? 'read' : 'write');
      case 'program':
      case 'command':
        this.#runs.push({ kind: 'words', argv: [word] });
        return true;
      case 'script':
        this.#runs.push({ kind: 'script', source: value });
        return true;
      case 'inlineCode':
        this.#acts.push('run-inline-code');
        return true;
      case 'runsFile':
        this.#touches.push({ kind: 'read', path: value });
        this.#acts.push('run-file');
        return true;
      case 'directory':
        this.#enter(value);
        return true;
      default:
        return false;
    }
  }

  #meanUrl(value: string): boolean {
    if (/^file:/i.test(value))
      this.#touches.push({ kind: 'read', path: value.replace(/^file:(?:\/\/[^/]*)?/i, '') });
    else this.#hosts.push(hostIn(value));
    return true;
  }

  /** `host:path`, `user@host:path`, `rsync://host/path`; a slash before the colon makes it a local path. */
  #meanRemote(value: string, kind: 'read' | 'write'): boolean {
    if (/^[\w+.-]+:\/\//.test(value) || /^[^/:]+:/.test(value)) this.#hosts.push(hostIn(value));
    else this.#touches.push({ kind, path: value });
    return true;
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

function touchOf(meaning: Meaning, path: string): Touch | undefined {
  switch (meaning) {
    case 'data':
    case 'unlisted':
    case 'host':
    case 'url':
    case 'remoteOrReads':
    case 'remoteOrWrites':
    case 'program':
    case 'command':
    case 'script':
    case 'inlineCode':
    case 'runsFile':
    case 'directory':
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
