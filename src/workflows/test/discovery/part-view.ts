import { oneLine } from '../one-line.ts';
import type { FolderView } from '../folder-view.ts';
import type { FoundCommand, FoundFramework, Purpose, Source, Sureness } from './discovery.ts';
import { isKnownCommand, isPlainName } from './known-runners.ts';

/** In bytes: a larger one of these files is not read. */
const LARGEST_FILE = 262_144;
const MOST_COMMANDS = 40;
const MOST_FRAMEWORKS = 40;
const MOST_NOTES = 20;
const LONGEST_SCRIPT = 160;

export type CommandDraft = {
  readonly purpose: Purpose;
  readonly argv: readonly string[];
  readonly file: string;
  readonly key: string;
  readonly sureness?: Sureness | undefined;
  readonly script?: string | undefined;
  readonly port?: number | undefined;
};

/** One folder of a project as an ecosystem looks at it, and what is found there. */
export class PartView {
  readonly folder: string;
  /** Names in the folder; folders end in `/`. */
  readonly names: ReadonlySet<string>;
  readonly frameworks: FoundFramework[] = [];
  readonly commands: FoundCommand[] = [];
  readonly notes: string[] = [];
  readonly #view: FolderView;
  readonly #texts = new Map<string, string | undefined>();

  constructor(view: FolderView, folder: string) {
    this.#view = view;
    this.folder = folder;
    this.names = new Set(view.list(folder));
  }

  has(name: string): boolean {
    return this.names.has(name);
  }

  /** The first of these files that is there. */
  first(...names: readonly string[]): string | undefined {
    return names.find((name) => this.has(name));
  }

  /** A file's text, line ends as \n; undefined for one that is not there, or can't be read, which becomes a note. */
  text(name: string): string | undefined {
    if (this.#texts.has(name)) return this.#texts.get(name);
    const file = this.#view.read(this.#path(name), LARGEST_FILE);
    if (file.kind === 'fault') this.note(`${this.#path(name)} ${file.problem}`);
    const text = file.kind === 'text' ? file.text.replaceAll(/\r\n?/g, '\n') : undefined;
    this.#texts.set(name, text);
    return text;
  }

  /** The names in a folder below. */
  list(folder: string): readonly string[] {
    return this.#view.list(this.#path(folder));
  }

  note(sentence: string): void {
    if (this.notes.length < MOST_NOTES) this.notes.push(oneLine(sentence, 300));
  }

  framework(name: string, role: FoundFramework['role'], file: string, key: string, port?: number): void {
    if (this.frameworks.length === MOST_FRAMEWORKS || this.frameworks.some((one) => one.name === name))
      return;
    this.frameworks.push({ name, role, folder: this.folder, from: this.#source(file, key), port });
  }

  /** Takes a command up, if it is one of a known program in plain words; of the same words the first counts. */
  command(draft: CommandDraft): void {
    const { purpose, argv, file, key, sureness = 'sure', script, port } = draft;
    if (!isKnownCommand(argv))
      return this.note(`${this.#path(file)}: ${oneLine(key, 80)} is not offered: its name is not plain`);
    const words = argv.join(' ');
    if (this.commands.length === MOST_COMMANDS || this.commands.some((one) => one.argv.join(' ') === words))
      return;
    this.commands.push({
      purpose,
      argv,
      folder: this.folder,
      from: this.#source(file, key),
      sureness,
      ...(script === undefined ? {} : { script: oneLine(script, LONGEST_SCRIPT) }),
      ...(port === undefined ? {} : { port }),
    });
  }

  hasCommand(...purposes: readonly Purpose[]): boolean {
    return this.commands.some(({ purpose }) => purposes.includes(purpose));
  }

  /** Takes up the named scripts or targets of a project, as `toArgv` runs them. */
  named(
    scripts: ReadonlyMap<string, string | undefined>,
    table: NameTable,
    found: {
      readonly file: string;
      readonly key: string;
      readonly toArgv: (name: string) => readonly string[];
    },
    port?: number,
  ): void {
    for (const [purpose, names] of table) {
      for (const name of names) {
        if (!scripts.has(name) || !isPlainName(name)) continue;
        const script = scripts.get(name);
        const own = purpose === 'server' ? (portIn(script ?? '') ?? port) : undefined;
        const { file, key, toArgv } = found;
        this.command({ purpose, argv: toArgv(name), file, key: `${key}${name}`, script, port: own });
      }
    }
  }

  #path(name: string): string {
    return this.folder === '.' ? name : `${this.folder}/${name}`;
  }

  #source(file: string, key: string): Source {
    return { path: this.#path(file), key: oneLine(key, 100) };
  }
}

/** Names of scripts and targets by what they are for, the likeliest first. */
export type NameTable = readonly (readonly [Purpose, readonly string[]])[];

/** How people call their scripts and targets, whatever runs them. */
export const USUAL_NAMES: NameTable = [
  ['unit', ['test', 'tests', 'test:unit', 'test-unit', 'unit', 'unit-test', 'unittest', 'test:run', 'check']],
  [
    'integration',
    [
      'test:integration',
      'test-integration',
      'integration',
      'integration-test',
      'test:int',
      'test:api',
      'test-api',
    ],
  ],
  [
    'e2e',
    [
      'test:e2e',
      'test-e2e',
      'e2e',
      'e2e:test',
      'e2e:run',
      'test:playwright',
      'playwright',
      'test:cypress',
      'cypress:run',
      'test:browser',
    ],
  ],
  [
    'server',
    ['dev', 'start:dev', 'develop', 'serve', 'server', 'runserver', 'run-dev', 'start', 'run', 'preview'],
  ],
];

/** The port that a command names: `--port 4000`, `-p 4000`, `PORT=4000`, `:4000`. */
export function portIn(text: string): number | undefined {
  const found =
    /(?:--(?:port|http-port)[= ]|(?:^|\s)-p[= ]?|\bPORT=|\b(?:localhost|127\.0\.0\.1|0\.0\.0\.0):)(\d{2,5})\b/.exec(
      text.slice(0, 2000),
    );
  const port = Number(found?.[1]);
  return port > 0 && port < 65_536 ? port : undefined;
}

/** One way of building and testing: which files show it, and what it finds. Must not throw. */
export type Ecosystem = {
  readonly name: string;
  /** File names, any of which shows it; `*.x` is a name that ends so. */
  readonly markers: readonly string[];
  /** `root`: the project's own folder, for what is said there for all of it. */
  readonly find: (part: PartView, root: PartView) => void;
};
