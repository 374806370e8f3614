import { notKnown } from '../shell/not-known.ts';
import type { Act, UnknownAbout, UnknownWord, Word } from '../types.ts';
import { compileTable, subcommandOf } from './compile-table.ts';
import { hostIn } from './host-in.ts';
import { looseTouch, packageSource } from './loose-words.ts';
import { TableReading } from './table-reading.ts';
import { touchOf, touchesOfDestination, touchesOfFolder } from './touches.ts';
import { withTable } from './subcommand-length.ts';
import { flag } from './table.ts';
import type { Meaning, NestedCommand, OptionRule, ProgramReading, Table, Touch } from './table.ts';

/** Makes a reader of a program's words from its table. */
export function program(table: Table): (words: readonly Word[]) => ProgramReading {
  return withTable((words) => new ArgumentReader(table).read(words), table);
}

class ArgumentReader {
  readonly #table: Table;
  readonly #options: ReadonlyMap<string, OptionRule>;
  readonly #operands: Word[] = [];
  readonly #touches: Touch[] = [];
  readonly #acts: Act[];
  readonly #hosts: (string | undefined)[] = [];
  readonly #runs: NestedCommand[] = [];
  #directory: string | undefined;
  readonly #unknowns: { about: UnknownAbout; why: string }[] = [];
  #rest: Meaning;
  #restIsOverridden = false;
  #shown: ProgramReading | undefined;
  readonly #lifted = new Set<Act>();
  readonly #only: string[] = [];
  #dropsFirst = false;
  #dropsLast = false;
  readonly #destinations: string[] = [];

  constructor(table: Table) {
    this.#table = table;
    this.#options = compileTable(table).options;
    this.#rest = table.operands.rest;
    this.#acts = [];
    this.#touches.push(...(table.touches ?? []));
  }

  /** `words` without the program's own name. */
  read(words: readonly Word[]): ProgramReading {
    const ahead = [...words].reverse();
    for (let word = ahead.pop(); word !== undefined; word = ahead.pop()) {
      if (word.kind === 'unknown' && !isOperand(word)) {
        this.#readVague(word);
      } else if (word.kind === 'unknown' || word.value === '-' || !word.value.startsWith('-')) {
        if (this.#operands.length === 0 && this.#readSubcommand(word, ahead)) return this.#reading();
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

  /** A word that may be an option, or no word at all; only `--option=$x` says which option it is. */
  #readVague(word: UnknownWord): void {
    const [, name = ''] = /^(--[\w-]+)=/.exec(word.prefix ?? '') ?? [];
    const rule = word.isOne === true ? this.#options.get(name) : undefined;
    if (rule === undefined || rule.takes === 'flag') return this.#vague(word);
    return this.#apply(rule, { ...word, values: undefined, prefix: word.prefix?.slice(name.length + 1) });
  }

  #reading(): ProgramReading {
    if (this.#shown !== undefined) return new TableReading({ ...this.#shown, unknowns: this.#unknowns });
    return new TableReading({
      touches: this.#touches.map((touch) => this.#narrowed(touch)),
      hosts: this.#hosts,
      runs: this.#runs,
      directory: this.#directory,
      acts: [...this.#tableActs(), ...this.#acts],
      unknowns: this.#unknowns,
    });
  }

  #soFar(): ProgramReading {
    const touches = this.#touches.slice(this.#table.touches?.length ?? 0);
    return { touches, hosts: [...this.#hosts], runs: [...this.#runs], acts: [...this.#acts], unknowns: [] };
  }

  #tableActs(): readonly Act[] {
    const { acts = [], operands } = this.#table;
    const isPlain = this.#operands.length > 0 && !this.#restIsOverridden;
    const all = isPlain ? [...acts, ...(operands.acts ?? [])] : acts;
    return all.filter((act) => !this.#lifted.has(act));
  }

  /** What the operand that was just read means. */
  #nextMeaning(): Meaning {
    const first = this.#dropsFirst ? [] : (this.#table.operands.first ?? []);
    return first[this.#operands.length - 1] ?? this.#rest;
  }

  #readSubcommand(first: Word, ahead: Word[]): boolean {
    if (this.#table.subcommands === undefined) return false;
    if (first.kind === 'unknown') this.#vague(first);
    const name = first.kind === 'static' ? first.value : '';
    // `ahead` is turned round: the next word is its last.
    for (let extra = Math.min(2, ahead.length); extra >= 0; extra -= 1) {
      const behind = extra === 0 ? [] : ahead.slice(-extra).reverse();
      const longName = [name, ...behind.map((word) => (word.kind === 'static' ? word.value : ''))].join(' ');
      const nested = subcommandOf(this.#table, longName);
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
    const [name = '', ...values] = text.split('=');
    // `-var-file=x`: some programs write their long options with one dash.
    if (text.startsWith('--') || (name.length > 2 && values.length > 0 && this.#options.has(name))) {
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
      if (rule.takes === 'flag') this.#apply(rule, undefined);
      else if (rule.takes === 'optional') return this.#apply(rule, undefined);
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
    // A value that looks like an option may be one, where the table and the program differ about the one before.
    if (word?.kind === 'static' && /^-[^\d]/.test(word.value)) this.#unlisted(`${name} ${word.value}`);
    // A value that may be several words, or none, moves all that follows.
    if (word?.kind === 'unknown' && word.isOne !== true) return this.#vague(word);
    return word === undefined && rule.orEnd !== true ? this.#unlisted(name) : this.#apply(rule, word);
  }

  #apply(rule: OptionRule, word: Word | undefined): void {
    if (rule.operands !== undefined) {
      this.#rest = rule.operands;
      this.#restIsOverridden = true;
    }
    // What stands ahead of it may have happened before: `python -c '…' --version`.
    if (rule.onlyShows === true) this.#shown ??= this.#soFar();
    for (const act of rule.lifts ?? []) this.#lifted.add(act);
    if (rule.dropsFirst === true) this.#dropsFirst = true;
    if (rule.dropsLast === true) this.#dropsLast = true;
    if (rule.narrows === true && word?.kind === 'static' && !word.value.startsWith('!'))
      this.#only.push(word.value);
    if (rule.acts !== undefined) this.#acts.push(...rule.acts);
    this.#touches.push(...(rule.touches ?? []));
    if (word !== undefined && rule.takes !== 'flag' && rule.takes !== 'optional')
      this.#mean(rule.takes, word);
  }

  #readOperands(): void {
    const first = this.#dropsFirst ? [] : (this.#table.operands.first ?? []);
    // Behind a word that may be several, or none, nobody knows which place a word has.
    let isPlaceKnown = true;
    for (const [index, word] of this.#operands.entries()) {
      const meaning = first[index] ?? this.#lastMeaning(index) ?? this.#rest;
      if (word.kind === 'unknown' && word.isOne !== true) isPlaceKnown = false;
      if (!isPlaceKnown && this.#hasPlaces(index)) {
        this.#vague(word);
        break;
      }
      if (meaning === 'command') {
        this.#runs.push({ kind: 'words', argv: this.#operands.slice(index) });
        break;
      }
      if (this.#table.looseOptions === true && meaning === 'data' && word.kind === 'static') {
        this.#readLoosely(word.value);
      }
      this.#mean(meaning, word);
    }
    this.#readDestinations();
    const { none } = this.#table.operands;
    if (none !== undefined && this.#rest !== 'searches' && this.#operands.length <= first.length) {
      this.#mean(this.#rest, { kind: 'static', value: none, text: none });
    }
  }

  /** Whether from this operand on it matters which place a word has. */
  #hasPlaces(index: number): boolean {
    const { first = [], last } = this.#table.operands;
    const isSame = !this.#dropsFirst && first.slice(index).some((meaning) => meaning !== this.#rest);
    return isSame || (last !== undefined && !this.#dropsLast);
  }

  #lastMeaning(index: number): Meaning | undefined {
    const isLast = index > 0 && index === this.#operands.length - 1 && !this.#dropsLast;
    return isLast ? this.#table.operands.last : undefined;
  }

  #readDestinations(): void {
    const entries = this.#operands.filter((_, index) => this.#lastMeaning(index) === undefined);
    this.#touches.push(...this.#destinations.flatMap((folder) => touchesOfDestination(folder, entries)));
  }

  #mean(meaning: Meaning, word: Word): void {
    if (word.kind === 'unknown') return this.#meanVague(meaning, word);
    // Magic pathspecs (`:(top)x`, `:/x`) say in their own way where to look; with a path from elsewhere git diff
    // compares plain folders, whatever the repository holds.
    const isElsewhere = meaning === 'revision' && /^(?::[(/]|\/|\.\.(?:\/|$))/.test(word.value);
    if (meaning === 'unlisted' || isElsewhere) this.#unlisted(word.value);
    else if (!this.#meanBeyondFiles(meaning, word)) {
      const touch = touchOf(meaning, word.value);
      if (touch !== undefined) this.#touches.push(touch);
    }
  }

  /** As data it is harmless, whatever it becomes; as one of a few words it means each of them. */
  #meanVague(meaning: Meaning, word: UnknownWord): void {
    if (meaning === 'data') return;
    if (meaning === 'host' || meaning === 'url') this.#hosts.push(undefined);
    else if (meaning === 'inlineCode') this.#acts.push('run-inline-code');
    else if (meaning === 'runsFile') this.#acts.push('run-file');
    if (word.values !== undefined) {
      for (const value of word.values) this.#mean(meaning, { kind: 'static', value, text: word.text });
    } else if (word.found === undefined || !this.#meanFound(meaning, word.found)) {
      this.#touches.push(...touchesOfFolder(meaning, word.prefix));
      this.#vague(word);
    }
  }

  #meanFound(meaning: Meaning, { folders, only }: NonNullable<UnknownWord['found']>): boolean {
    const reach = { contents: 'all', followsLinks: true, ...(only.length > 0 && { only }) } as const;
    switch (meaning) {
      case 'sees':
      case 'listsTree':
        for (const path of folders)
          this.#touches.push({ kind: 'read-tree', path, reach: { contents: 'names' } });
        return true;
      case 'reads':
      case 'searches':
      case 'readsTree':
      case 'readsVisibleTree':
        for (const path of folders) this.#touches.push({ kind: 'read-tree', path, reach });
        return true;
      case 'deletes':
        for (const path of folders) this.#touches.push({ kind: 'delete-tree', path, reach });
        return true;
      default:
        return false;
    }
  }

  #vague({ text, ...word }: Word): void {
    const why = word.kind === 'unknown' ? word.why : 'its place is not';
    this.#unknowns.push({ about: 'word', why: notKnown(text, why) });
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
        // Its standard input.
        if (value === '-') return this.#meanBeyondFiles('inlineCode', word);
        this.#touches.push({ kind: 'read', path: value });
        this.#acts.push('run-file');
        return true;
      case 'directory':
        this.#enter(value);
        return true;
      case 'package':
        this.#meanPackage(value);
        return true;
      case 'destination':
        this.#destinations.push(value);
        this.#touches.push({ kind: 'write', path: value });
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

  #meanPackage(value: string): void {
    const { path, hosts } = packageSource(value);
    this.#hosts.push(...hosts);
    if (path === undefined) return;
    this.#touches.push({ kind: 'read', path });
    this.#acts.push('run-project-code');
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

  #readLoosely(text: string): void {
    const touch = looseTouch(text);
    if (touch !== undefined) this.#touches.push(touch);
  }

  #unlisted(text: string): void {
    if (this.#table.looseOptions === true && text.startsWith('-') && !this.#isListed(text)) {
      return this.#readLoosely(text);
    }
    const why = `what ${JSON.stringify(text)} does there is not known`;
    this.#unknowns.push({ about: 'option', why });
    return undefined;
  }

  /** An option that is listed as `unlisted` stays one, with its value or without. */
  #isListed(text: string): boolean {
    const name = text.split(/[= ]/, 1)[0] ?? text;
    return this.#options.has(name) || this.#options.has(text.slice(0, 2));
  }
}

/** It can't be an option: one word, or the files that were found, that do not begin with `-`. */
function isOperand({ isOne, prefix = '', values, found }: UnknownWord): boolean {
  if (values !== undefined) return values.every((value) => !value.startsWith('-') && value !== '');
  return found !== undefined || (isOne === true && prefix !== '' && !prefix.startsWith('-'));
}
