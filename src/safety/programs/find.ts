import type { Word } from '../types.ts';
import { wordSet } from '../word-set.ts';
import { runOnEach } from './run-on-each.ts';
import { TableReading } from './table-reading.ts';
import type { ProgramReading, Touch } from './table.ts';
import { notKnown, together } from './word-patterns.ts';

const TESTS_WITHOUT_VALUE = wordSet(`
  -empty -print -print0 -ls -prune -quit -not ! -a -and -o -or ( ) , -depth -d -xdev -mount -x -follow
  -daystart -executable -readable -writable -true -false -nouser -nogroup -noleaf -warn -nowarn
  -ignore_readdir_race -noignore_readdir_race --help -help --version -version
`);

const TESTS_WITH_VALUE = wordSet(`
  -name -iname -path -ipath -wholename -iwholename -regex -iregex -regextype -lname -ilname -type
  -xtype -maxdepth -mindepth -size -perm -user -group -uid -gid -links -inum -fstype -mtime -mmin
  -ctime -cmin -atime -amin -used -printf -context -flags -Bmin -Btime
`);

const TESTS_WITH_FILE = /^-(?:newer|anewer|cnewer|mnewer|newer[aBcm][aBcmt]|samefile)$/;

const WRITES_FILE: ReadonlyMap<string, number> = new Map([
  ['-fprint', 0],
  ['-fprint0', 0],
  ['-fls', 0],
  ['-fprintf', 1],
]);

/**
 * `find [-H -L -P] [folder …] [expression]` of GNU findutils 4.9 and BSD: looks at names, unless told otherwise.
 * -ok and -okdir are left out, as they ask the person at the terminal.
 */
export function readFind(words: readonly Word[]): ProgramReading {
  return new FindReader(words).read();
}

const LEAD_ELSEWHERE = 'the links that it follows could lead elsewhere';

/** A command or a deletion, and the globs that what it gets must fit; none means everything. */
type Action = {
  readonly names: readonly string[];
  readonly argv?: readonly Word[];
  readonly isElsewhere?: boolean;
};

class FindReader {
  readonly #words: readonly Word[];
  readonly #folders: string[] = [];
  readonly #touches: Touch[] = [];
  readonly #actions: Action[] = [];
  readonly #doubts: ProgramReading[] = [];
  /** The globs of the chain of tests that is being read, and whether they tell all that gets through it. */
  #names: string[] = [];
  #isNarrow = true;
  #depth = 0;
  #before = '';
  #index = 0;
  /** A word that can't be known stood where it matters. */
  #isVague = false;
  #followsLinks = false;

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  read(): ProgramReading {
    this.#readFolders();
    while (this.#index < this.#words.length && this.#doubts.length === 0) {
      const test = this.#next() ?? '';
      this.#readTest(test);
      this.#before = test;
    }
    for (const path of this.#folders) {
      this.#touches.push({ kind: 'read-tree', path, reach: { contents: 'names' } });
    }
    if (this.#followsLinks && this.#actions.length > 0) this.#doubts.push(notKnown(LEAD_ELSEWHERE));
    const own = { touches: this.#touches, acts: [], unknowns: [] };
    return together(
      this.#isVague ? own : new TableReading(own),
      ...this.#actions.map((action) => this.#carriedOut(action)),
      ...this.#doubts,
    );
  }

  #carriedOut({ names, argv, isElsewhere = false }: Action): ProgramReading {
    const each = {
      folders: this.#folders,
      only: names,
      placeholder: '{}',
      appends: false,
      isElsewhere,
    } as const;
    if (argv !== undefined) return runOnEach(argv, each);
    const reach = names.length > 0 ? ({ contents: 'all', only: names } as const) : undefined;
    const touches = this.#folders.map((path) => ({ kind: 'delete-tree', path, reach }) as const);
    return new TableReading({ touches, acts: [], unknowns: [] });
  }

  #readFolders(): void {
    for (
      let text = this.#text();
      text !== undefined && /^-(?:[HLPEXsxd]+|O\d)$/.test(text);
      text = this.#text()
    ) {
      this.#followsLinks ||= text.includes('L');
      this.#index += 1;
    }
    while (this.#text() === '-f') {
      this.#index += 1;
      this.#readFolder();
    }
    while (this.#index < this.#words.length && !isExpression(this.#text())) this.#readFolder();
    if (this.#folders.length === 0) this.#folders.push('.');
  }

  #readFolder(): void {
    const folder = this.#next();
    if (folder !== undefined) this.#folders.push(folder);
  }

  #readTest(test: string): void {
    const names = this.#isNarrow ? this.#names : [];
    if (test === '') return;
    if (test === '-depth' && /^[-+]?\d+$/.test(this.#text() ?? '')) this.#index += 1;
    else if (test === '-exec' || test === '-execdir') {
      this.#actions.push({ names, argv: this.#command(), isElsewhere: test === '-execdir' });
    } else if (test === '-follow') this.#followsLinks = true;
    else if (test === '-delete') this.#actions.push({ names });
    else if (TESTS_WITHOUT_VALUE.has(test)) this.#combine(test);
    else if (TESTS_WITH_VALUE.has(test)) {
      const glob = this.#nextData();
      if (glob !== undefined && isName(test) && !isNot(this.#before)) this.#names = [...this.#names, glob];
    } else if (TESTS_WITH_FILE.test(test)) {
      const path = this.#next();
      // `-newermt '2 days ago'` compares with a time.
      if (path !== undefined && !test.endsWith('t')) this.#touches.push({ kind: 'read', path });
    } else if (WRITES_FILE.has(test)) {
      const path = this.#next();
      if (path !== undefined) this.#touches.push({ kind: 'write', path });
      this.#index += WRITES_FILE.get(test) ?? 0;
    } else {
      this.#doubts.push(notKnown(`what find does with ${JSON.stringify(test)} is not known`));
    }
  }

  /** `a -o b -delete` deletes what fits b; `( a -o b ) -delete` what fits either. */
  #combine(test: string): void {
    if (test === '(') {
      this.#depth += 1;
      if (isNot(this.#before)) this.#isNarrow = false;
    } else if (test === ')') {
      this.#depth -= 1;
    } else if (test === '-o' || test === '-or' || test === ',') {
      if (this.#depth === 0) {
        this.#names = [];
        this.#isNarrow = true;
      } else if (!this.#isNameBefore() || !isName(this.#text() ?? '')) {
        this.#isNarrow = false;
      }
    }
  }

  /** The last two words are `-name` and its glob, without a `!` ahead. */
  #isNameBefore(): boolean {
    const [ahead, word] = this.#words.slice(Math.max(0, this.#index - 4), this.#index - 2);
    const isTurnedRound = ahead?.kind === 'static' && isNot(ahead.value);
    return !isTurnedRound && word?.kind === 'static' && isName(word.value) && isName(this.#before);
  }

  /** Up to `;`, or to a `+` right behind `{}`. */
  #command(): Word[] {
    const argv: Word[] = [];
    for (; this.#index < this.#words.length; this.#index += 1) {
      const word = this.#words[this.#index];
      const text = this.#text();
      const before = argv.at(-1);
      const closes = text === '+' && before?.kind === 'static' && before.value === '{}';
      if (text === ';' || closes) {
        this.#index += 1;
        break;
      }
      if (word !== undefined) argv.push(word);
    }
    return argv;
  }

  #text(): string | undefined {
    const word = this.#words[this.#index];
    return word?.kind === 'static' ? word.value : undefined;
  }

  #next(): string | undefined {
    const text = this.#text();
    this.#isVague ||= text === undefined && this.#index < this.#words.length;
    this.#index += 1;
    return text;
  }

  /** The value of a test, which looks at no file of that name. */
  #nextData(): string | undefined {
    const word = this.#words[this.#index];
    if (word?.kind !== 'unknown' || word.isOne !== true) return this.#next();
    this.#index += 1;
    return undefined;
  }
}

function isExpression(word: string | undefined): boolean {
  return word !== undefined && (word.startsWith('-') || word === '(' || word === '!');
}

function isName(test: string): boolean {
  return test === '-name' || test === '-iname';
}

function isNot(test: string): boolean {
  return test === '!' || test === '-not';
}
