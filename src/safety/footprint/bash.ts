import { LeashdError } from '../../errors.ts';
import type { FileView } from '../file-view.ts';
import { absolutePath, isWithin, resolvePath } from '../paths.ts';
import { UNKNOWN_GIT_CALL } from '../programs/git-call.ts';
import type { GitCall } from '../programs/git-call.ts';
import { readRepository } from '../programs/git-repository.ts';
import { actsWithoutTable } from '../programs/registry.ts';
import { TableReading } from '../programs/table-reading.ts';
import type { ProgramReading, Touch } from '../programs/table.ts';
import { notKnown } from '../shell/not-known.ts';
import { findFlows, secretFlows } from '../shell/flows.ts';
import { readsProgramFromInput } from '../shell/interpreters.ts';
import { normalForm, programName } from '../shell/normal-form.ts';
import { readShell } from '../shell/parse.ts';
import type { ParsedCommand } from '../shell/reading.ts';
import { runsOthers } from '../shell/runs-others.ts';
import { secretKind } from '../sandbox/secrets.ts';
import type { Act, Effect, Flow, SimpleCommand, Unknown, UnknownAbout, Word } from '../types.ts';

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
  const shell = readShell(source, place);
  const commands = shell.commands.map((parsed) => asSimpleCommand(parsed));
  const effects: Effect[] = [];
  const unknowns: Unknown[] = [...shell.unknowns];
  const room: Room = { left: MOST_LOOKS };
  for (const [index, parsed] of shell.commands.entries()) {
    const reader = new CommandReader(parsed, index, place, room);
    reader.read();
    for (const effect of reader.effects) effects.push(effect);
    for (const unknown of reader.unknowns) unknowns.push(unknown);
  }
  if (room.left < 0) unknowns.push({ about: 'path', why: `it touches more than ${MOST_LOOKS} files` });
  return { commands, effects, unknowns, flows: [...findFlows(commands), ...secretFlows(commands, effects)] };
}

function asSimpleCommand(parsed: ParsedCommand): SimpleCommand {
  const { argv, assignments, redirections, stdin, outputTo, via, isInline, span } = parsed;
  const form = normalForm(argv);
  return {
    argv,
    assignments,
    redirections,
    stdin,
    outputTo,
    cwd: cwdOf(parsed),
    via,
    isInline,
    span,
    normalForm: form,
  };
}

function cwdOf({ places }: ParsedCommand): Word {
  const [place, ...others] = places ?? [];
  if (place !== undefined && others.length === 0) return { kind: 'static', value: place, text: place };
  return { kind: 'unknown', why: 'it depends on a cd', text: 'cd', isOne: true, values: places };
}

// What a redirection may lead to without a file being touched.
const NO_FILES = /^\/dev\/(?:null|stdout|stderr|stdin|tty|fd\/\d+)$/;

// Each costs a look at the disk.
const MOST_PATHS = 100;

/** The same for all commands of a call; what they touch is also held against every rule. */
const MOST_LOOKS = 1000;

/** How many more paths of a call are looked at; below zero when there was one too many. */
type Room = { left: number };

/** Folders that a program is told to go to, one below the other. */
const MOST_STEPS = 20;

class CommandReader {
  readonly effects: Effect[] = [];
  readonly unknowns: Unknown[] = [];
  readonly #command: ParsedCommand;
  readonly #index: number;
  readonly #place: BashPlace;
  readonly #room: Room;
  readonly #acts = new Set<Act>();
  /** Real folders, one of which it runs in; undefined when that can't be known. */
  #places: readonly string[] | undefined;

  constructor(command: ParsedCommand, index: number, place: BashPlace, room: Room) {
    this.#command = command;
    this.#index = index;
    this.#place = place;
    this.#room = room;
    this.#places = command.places?.map((folder) => {
      // Where it starts is real already.
      if (folder === place.directory) return folder;
      return this.#attempt(() => place.view.real(folder)) ?? folder;
    });
  }

  read(): void {
    const { argv, reading, isFunction } = this.#command;
    this.#readRedirections();
    const [program, ...words] = argv;
    if (program === undefined) return;
    if (program.kind === 'unknown') return this.#doubtWord(program);
    if (isFunction === true) return;
    const name = programName(program.value);
    if (reading === undefined) this.#readUnknownProgram(name, words);
    else this.#readProgram(name, words, reading);
    if (readsProgramFromInput(this.#command, name)) this.#act('run-inline-code');
    if (this.#places === undefined && (this.effects.length > 0 || this.unknowns.length > 0))
      this.#doubt('path', 'the folder in which it would run is not known');
  }

  #readProgram(name: string, words: readonly Word[], reading: NonNullable<ParsedCommand['reading']>): void {
    const steps = [
      ...(reading.directories ?? []),
      ...(reading.directory === undefined ? [] : [reading.directory]),
    ];
    if (steps.length > MOST_STEPS) this.#doubt('path', 'it is told to go to too many folders');
    for (const step of steps.slice(0, MOST_STEPS)) {
      this.#take({ touches: [{ kind: 'read', path: step }], acts: [], unknowns: [] });
      this.#places = this.#places?.map((base) => this.#resolve(step, base) ?? base);
    }
    if (name === 'git') this.#readRepository(reading.git ?? UNKNOWN_GIT_CALL);
    this.#take(reading);
    const vague = words.find((word) => word.kind === 'unknown');
    // Only a table alone has looked at what each word means.
    if (vague !== undefined && !(reading instanceof TableReading)) this.#doubtWord(vague);
  }

  #readRepository(call: GitCall): void {
    for (const place of this.#places ?? []) {
      const found = this.#attempt(() => readRepository(place, call, this.#place));
      if (found?.doubt !== undefined) this.#doubt('repository', found.doubt);
      for (const hook of found?.hooks ?? []) {
        this.#act('run-project-code');
        // Those of a worktree lie elsewhere.
        if (isWithin(hook, found?.workTree ?? place)) this.#touch({ kind: 'read', path: hook });
      }
    }
  }

  #readUnknownProgram(name: string, words: readonly Word[]): void {
    for (const act of actsWithoutTable(name)) this.#act(act);
    if (runsOthers(name)) this.#doubt('option', `${name} runs another command`);
    else if (/\s/.test(name)) this.#doubt('word', 'the name of the program has a blank in it');
    else this.#doubt('program', `what ${shorten(name)} does is not known`);
    const vague = words.find((word) => word.kind === 'unknown');
    if (vague !== undefined) this.#doubtWord(vague);
    this.#readPathsOfUnknown(words);
  }

  #doubtWord(word: Word): void {
    const why = word.kind === 'unknown' ? word.why : 'its place is not';
    this.#doubt('word', notKnown(word.text, why));
  }

  #act(act: Act): void {
    if (this.#acts.has(act)) return;
    this.#acts.add(act);
    this.effects.push({ kind: 'act', act, command: this.#index });
  }

  /** False when too many have been looked at. */
  #hasRoom(): boolean {
    if (this.#room.left >= 0) this.#room.left -= 1;
    return this.#room.left >= 0;
  }

  #take(reading: ProgramReading): void {
    for (const touch of reading.touches) this.#touch(touch);
    for (const host of new Set(reading.hosts))
      this.effects.push({ kind: 'network', host, command: this.#index });
    for (const act of reading.acts) this.#act(act);
    for (const { about, why } of reading.unknowns) this.#doubt(about, why);
  }

  #touch(touch: Touch): void {
    const { kind, path } = touch;
    if (kind === 'read' && NO_FILES.test(path)) return;
    // What goes there is gone, whoever writes it.
    if (kind === 'write' && path === '/dev/null') return;
    if (path.startsWith('/')) return this.#touchIn('/', touch);
    if (this.#places !== undefined) {
      for (const place of this.#places) this.#touchIn(place, touch);
      return;
    }
    this.#doubt('path', `${shorten(path)} can't be placed: the directory is not known`);
    // A secret is one wherever it lies.
    if (secretKind(`/${path}`) !== undefined) this.#touchIn(this.#place.directory, touch);
  }

  #touchIn(directory: string, { kind, path, reach }: Touch): void {
    if (!this.#hasRoom()) return;
    const found = this.#attempt(() => {
      if (path === '.') return { given: path, real: directory, exists: true };
      // A quoted or program-made ~ is a name like any other; bash has replaced the others before.
      const literal = path.startsWith('~') ? `./${path}` : path;
      return { ...resolvePath(literal, directory, this.#place.home, this.#place.view), given: path };
    });
    if (found === undefined) return;
    const base = { path: found, command: this.#index };
    if (kind === 'read-tree' || kind === 'delete-tree') this.effects.push({ ...base, kind, reach });
    else this.effects.push({ ...base, kind });
  }

  #readRedirections(): void {
    for (const { operator, target } of this.#command.redirections) {
      if (operator.startsWith('<<')) continue;
      const paths = target?.kind === 'static' ? [target.value] : target?.values;
      if (paths === undefined) {
        this.#doubt('word', 'it is redirected to a file that is not known');
        const folder = target?.kind === 'unknown' ? /^.*\//.exec(target.prefix ?? '')?.[0] : undefined;
        if (folder !== undefined) this.#redirect(operator, folder);
      }
      for (const path of paths ?? []) {
        const isDescriptor = /^[<>]&$/.test(operator) && /^(?:\d+-?|-)$/.test(path);
        if (!isDescriptor && !NO_FILES.test(path)) this.#redirect(operator, path);
      }
    }
  }

  #redirect(operator: string, path: string): void {
    const host = /^\/dev\/(?:tcp|udp)\/([^/]+)/.exec(path)?.[1];
    if (host !== undefined) {
      this.effects.push({ kind: 'network', host, command: this.#index });
      return;
    }
    if (operator === '<' || operator === '<>') this.#touch({ kind: 'read', path });
    if (operator !== '<') this.#touch({ kind: 'write', path });
  }

  /** A program without a table could do anything with a path, so each one is told; a secret is refused. */
  #readPathsOfUnknown(words: readonly Word[]): void {
    const cwd = this.#places?.[0];
    if (cwd === undefined) return;
    for (const word of words.slice(0, MOST_PATHS)) {
      if (word.kind !== 'static' || /\s/.test(word.value) || word.value.length > 1024) continue;
      if (!this.#hasRoom()) return;
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
