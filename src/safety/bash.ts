import { LeashdError } from '../errors.ts';
import type { FileView } from './file-view.ts';
import { absolutePath, resolvePath } from './paths.ts';
import { readGit } from './programs/git.ts';
import { gitRepositoryDoubt } from './programs/git-config.ts';
import { actsWithoutTable, readerOf } from './programs/registry.ts';
import type { ProgramReading, Touch } from './programs/table.ts';
import { findFlows } from './shell/flows.ts';
import { normalForm, programName } from './shell/normal-form.ts';
import { readShell } from './shell/parse.ts';
import type { ParsedCommand } from './shell/parse.ts';
import { runsOthers, unwrapCommands } from './shell/unwrap.ts';
import { secretKind } from './secrets.ts';
import type { Effect, Flow, SimpleCommand, Unknown, UnknownAbout, Word } from './types.ts';

export type BashReading = {
  readonly commands: readonly SimpleCommand[];
  readonly effects: readonly Effect[];
  readonly unknowns: readonly Unknown[];
  readonly flows: readonly Flow[];
};

export type BashPlace = {
  /** Absolute, where the shell stands. */
  readonly directory: string;
  readonly home: string;
  readonly view: FileView;
};

/** What a bash text would do. Throws only what `view` throws beyond a LeashdError: what can't be known is an unknown. */
export function readBash(source: string, place: BashPlace): BashReading {
  const outer = readShell(source, place.home);
  const all = unwrapCommands(outer.commands, place.home);
  const moves = all.commands.length > 1 && all.commands.some((command) => changesDirectory(command));
  const cwd: Word = moves
    ? { kind: 'unknown', why: 'a cd comes before it', text: 'cd' }
    : { kind: 'static', value: place.directory, text: place.directory };
  const commands = all.commands.map((command) => ({ ...command, cwd, normalForm: normalForm(command.argv) }));
  const effects: Effect[] = [];
  const unknowns: Unknown[] = [...outer.unknowns, ...all.unknowns];
  if (commands.length > 1) unknowns.push({ about: 'syntax', why: 'it is more than one command' });
  for (const [index, command] of commands.entries()) {
    const reader = new CommandReader(command, index, place);
    reader.read();
    effects.push(...reader.effects);
    unknowns.push(...reader.unknowns);
  }
  return { commands, effects, unknowns, flows: findFlows(commands) };
}

function changesDirectory({ argv }: ParsedCommand): boolean {
  const [program] = argv;
  return program?.kind === 'static' && ['cd', 'pushd', 'popd'].includes(program.value);
}

// What a redirection may lead to without a file being touched.
const NO_FILES = new Set(['/dev/null', '/dev/stdout', '/dev/stderr', '/dev/stdin', '/dev/tty']);

// Each costs a look at the disk.
const MOST_PATHS = 100;

class CommandReader {
  readonly effects: Effect[] = [];
  readonly unknowns: Unknown[] = [];
  readonly #command: SimpleCommand;
  readonly #index: number;
  readonly #place: BashPlace;
  /** Undefined when it can't be known. */
  #cwd: string | undefined;

  constructor(command: SimpleCommand, index: number, place: BashPlace) {
    this.#command = command;
    this.#index = index;
    this.#place = place;
    this.#cwd = command.cwd.kind === 'static' ? command.cwd.value : undefined;
  }

  read(): void {
    const { argv, assignments } = this.#command;
    for (const { name } of assignments) this.#doubt('syntax', `it sets ${name} for the command`);
    this.#readRedirections();
    const vague = argv.find((word) => word.kind === 'unknown');
    if (vague !== undefined) this.#doubt('word', `${shorten(vague.text)} can't be known: ${vague.why}`);
    const [program, ...words] = argv;
    if (program?.kind === 'static') this.#readProgram(programName(program.value), words);
  }

  #readProgram(name: string, words: readonly Word[]): void {
    if (name === 'git') return this.#readGit(words);
    const reader = readerOf(name);
    if (reader !== undefined) return this.#take(reader(words));
    for (const act of actsWithoutTable(name)) this.effects.push({ kind: 'act', act, command: this.#index });
    if (runsOthers(name)) this.#doubt('option', `${name} runs another command`);
    else if (/\s/.test(name)) this.#doubt('word', 'the name of the program has a blank in it');
    else this.#doubt('program', `what ${shorten(name)} does is not known`);
    return this.#readPathsOfUnknown(words);
  }

  #readGit(words: readonly Word[]): void {
    const reading = readGit(words);
    for (const folder of reading.directories) {
      const base = this.#cwd;
      this.#cwd = undefined;
      if (base !== undefined) this.#cwd = this.#resolve(folder, base);
    }
    if (this.#cwd !== undefined) {
      if (reading.directories.length > 0)
        this.#take({ touches: [{ kind: 'read', path: '.' }], acts: [], unknowns: [] });
      const doubt = this.#attempt(() =>
        gitRepositoryDoubt(this.#cwd ?? '/', this.#place.home, this.#place.view),
      );
      if (doubt !== undefined) this.#doubt('repository', doubt);
    }
    this.#take(reading);
  }

  #take(reading: ProgramReading): void {
    for (const touch of reading.touches) this.#touch(touch);
    for (const act of new Set(reading.acts)) this.effects.push({ kind: 'act', act, command: this.#index });
    for (const { about, why } of reading.unknowns) this.#doubt(about, why);
  }

  #touch({ kind, path, reach }: Touch): void {
    if (!path.startsWith('/') && this.#cwd === undefined) {
      this.#doubt('path', `${shorten(path)} can't be placed: the directory is not known`);
      // A secret is one wherever it lies.
      if (secretKind(`/${path}`) === undefined) return undefined;
    }
    const found = this.#attempt(() => {
      // A quoted or program-made ~ is a name like any other; bash has replaced the others before.
      const literal = path.startsWith('~') ? `./${path}` : path;
      const resolved = resolvePath(
        literal,
        this.#cwd ?? this.#place.directory,
        this.#place.home,
        this.#place.view,
      );
      return { ...resolved, given: path };
    });
    if (found === undefined) return undefined;
    const base = { path: found, command: this.#index };
    if (kind === 'read-tree' || kind === 'delete-tree') this.effects.push({ ...base, kind, reach });
    else this.effects.push({ ...base, kind });
    return undefined;
  }

  #readRedirections(): void {
    for (const { operator, target } of this.#command.redirections) {
      const path = target?.kind === 'static' ? target.value : undefined;
      if (operator === '<<<' || operator === '<<' || operator === '<<-') {
        this.#doubt('syntax', 'it is given text as its input');
      } else if (
        (operator === '>&' || operator === '<&') &&
        path !== undefined &&
        /^(?:\d+-?|-)$/.test(path)
      ) {
        continue;
      } else if (path === undefined) {
        this.#doubt('syntax', 'it is redirected to a file that is not known');
      } else if (!NO_FILES.has(path)) {
        this.#redirect(operator, path);
      }
    }
  }

  #redirect(operator: string, path: string): void {
    this.#doubt('syntax', `it is redirected: ${operator} ${shorten(path)}`);
    const host = /^\/dev\/(?:tcp|udp)\/([^/]+)/.exec(path)?.[1];
    if (host !== undefined) this.effects.push({ kind: 'network', host, command: this.#index });
    else this.#touch({ kind: operator === '<' ? 'read' : 'write', path });
  }

  /** A program without a table could do anything with a path, so each one is told; a secret is refused. */
  #readPathsOfUnknown(words: readonly Word[]): void {
    const cwd = this.#cwd;
    if (cwd === undefined) return;
    for (const word of words.slice(0, MOST_PATHS)) {
      if (word.kind !== 'static' || /\s/.test(word.value) || word.value.length > 1024) continue;
      const path = /^--?[\w-]+=(.+)$/.exec(word.value)?.[1] ?? word.value;
      const absolute = absolutePath(path, cwd, this.#place.home);
      const kind = this.#attempt(() => this.#place.view.kind(absolute));
      // A plain name that exists and is no link lies where it says.
      if (/^[.~]|\//.test(path) || kind === 'link') this.#tellPath(path, cwd);
      if (kind !== undefined && secretKind(absolute) !== undefined) this.#touch({ kind: 'read', path });
    }
    if (words.length > MOST_PATHS)
      this.#doubt('path', 'it has too many arguments to be looked at one by one');
  }

  #tellPath(given: string, cwd: string): void {
    const path = this.#attempt(() => resolvePath(given, cwd, this.#place.home, this.#place.view));
    if (path === undefined) return;
    const why = `what happens to ${shorten(given)} is not known`;
    this.unknowns.push({ about: 'path', why, path, command: this.#index });
  }

  #resolve(path: string, base: string): string | undefined {
    return this.#attempt(() => resolvePath(path, base, this.#place.home, this.#place.view).real);
  }

  /** What can't be looked at is unknown, not broken: the words may mean nothing to the disk. */
  #attempt<Value>(look: () => Value): Value | undefined {
    try {
      return look();
    } catch (error) {
      if (!(error instanceof LeashdError)) throw error;
      this.#doubt('path', error.message);
      return undefined;
    }
  }

  #doubt(about: UnknownAbout, why: string): void {
    this.unknowns.push({ about, why, command: this.#index });
  }
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
