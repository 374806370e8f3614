import { forEachChild, parse } from 'unbash';
import type {
  Assignment,
  Command,
  Pipeline,
  Redirected,
  Redirection as SourceRedirection,
  Script,
  SyntaxNode,
} from 'unbash';
import { messageOf } from '../../errors.ts';
import type { CommandInput, Redirection, Unknown, Word } from '../types.ts';
import {
  distrustOfAssignment,
  distrustOfDuplication,
  distrustOfGaps,
  distrustOfRemains,
  distrustOfSource,
  LONGEST_PARSED_SOURCE,
} from './guards.ts';
import type { Piece } from './guards.ts';
import { readWord } from './words.ts';
import type { ReadWord } from './words.ts';

/** A simple command as it stands in the text: wrappers still on, programs not yet looked up. */
export type ParsedCommand = {
  readonly argv: readonly Word[];
  readonly assignments: readonly { readonly name: string; readonly value: Word }[];
  readonly redirections: readonly Redirection[];
  readonly stdin: CommandInput;
  readonly outputTo: number | undefined;
  readonly via: readonly string[];
  readonly span: readonly [number, number];
};

export type ShellReading = {
  /** In the order of the text; what a substitution runs comes after the command it stands in. */
  readonly commands: readonly ParsedCommand[];
  readonly unknowns: readonly Unknown[];
};

/**
 * Finds every simple command in a bash text. Never throws: what can't be read, or not with certainty, is an
 * unknown, and the commands that were found stay in the list, so that a rule which denies one of them still hits.
 */
export function readShell(source: string, home: string): ShellReading {
  const reader = new ShellReader(home);
  const distrust = distrustOfSource(source);
  if (distrust !== undefined) reader.doubt(distrust);
  if (source.length <= LONGEST_PARSED_SOURCE) {
    try {
      const script = parse(source);
      reader.readScript(script, { source, via: [], stdin: { kind: 'inherit' }, depth: 0 });
      const places = script.commands.map(({ pos, end }): [number, number] => [pos, end]);
      const remains = distrustOfRemains(source, places);
      if (remains !== undefined) reader.doubt(remains);
    } catch (error) {
      reader.doubt(`the command can't be parsed: ${messageOf(error)}`);
    }
  }
  return reader.reading();
}

/** Where in the text the reader stands. */
type Place = {
  /** What positions count in: an escaped backtick script has a text of its own. */
  readonly source: string;
  readonly via: readonly string[];
  readonly stdin: CommandInput;
  readonly outputTo?: number | undefined;
  readonly depth: number;
};

// A substitution inside another one is about eight nodes deeper.
const DEEPEST = 800;

const WHAT_IT_IS: Partial<Record<SyntaxNode['type'], string>> = {
  If: 'an if',
  For: 'a loop',
  ArithmeticFor: 'a loop',
  Select: 'a menu',
  While: 'a loop',
  Case: 'a case',
  Function: 'a function',
  Subshell: 'a subshell',
  BraceGroup: 'a group',
  TestCommand: 'a [[ ]] test',
  ArithmeticCommand: 'a calculation',
  ArithmeticExpansion: 'a calculation',
  Coproc: 'a coprocess',
};

class ShellReader {
  readonly #home: string;
  readonly #commands: (ParsedCommand | undefined)[] = [];
  readonly #unknowns = new Map<string, Unknown>();

  constructor(home: string) {
    this.#home = home;
  }

  reading(): ShellReading {
    const commands = this.#commands.filter((command) => command !== undefined);
    return { commands, unknowns: [...this.#unknowns.values()] };
  }

  doubt(why: string): void {
    this.#unknowns.set(why, { about: 'syntax', why });
  }

  readScript(script: Script & { readonly errors?: readonly unknown[] | undefined }, place: Place): void {
    if (script.errors !== undefined && script.errors.length > 0) this.doubt('the command is not valid bash');
    const inside = script.source === undefined ? place : { ...place, source: script.source };
    for (const statement of script.commands) this.#visit(statement, inside);
  }

  #visit(node: SyntaxNode, place: Place): void {
    if (place.depth > DEEPEST) return this.doubt('the command is nested too deeply');
    const inner = { ...place, depth: place.depth + 1 };
    switch (node.type) {
      case 'Script':
        return this.readScript(node, inner);
      case 'Command':
        return this.#readCommand(node, inner);
      case 'Pipeline':
        return this.#readPipeline(node, inner);
      case 'CommandExpansion':
      case 'ProcessSubstitution':
      case 'ArithmeticCommandExpansion':
        return this.#readSubstitution(node, inner);
      case 'Redirected':
        this.#addRedirections(node, inner);
        return this.#visit(node.command, inner);
      case 'Statement':
        if (node.background === true) this.doubt('a command goes on in the background');
        break;
      case 'HereDoc':
        this.doubt('it has a here-document');
        break;
      case 'Word':
        this.#distrust(readWord(node, this.#home));
        break;
      default: {
        const what = WHAT_IT_IS[node.type];
        if (what !== undefined) this.doubt(`it has ${what} in it`);
      }
    }
    return forEachChild(node, (child) => this.#visit(child, inner));
  }

  /** What a group is redirected to, as a command without words: `> file` alone is one, too. */
  #addRedirections(node: Redirected, place: Place): void {
    const index = this.#commands.length;
    this.#commands.push(undefined);
    const redirections = node.redirects.map((redirection) =>
      this.#readRedirection(redirection, { ...place, outputTo: index }),
    );
    const span: [number, number] = [node.pos, node.end];
    const { via, stdin, outputTo } = place;
    this.#commands[index] = { argv: [], assignments: [], redirections, stdin, outputTo, via, span };
  }

  #readSubstitution(node: Extract<SyntaxNode, { readonly script: unknown }>, place: Place): void {
    const way = node.type === 'ProcessSubstitution' ? `${node.operator}( )` : '$( )';
    if (node.script === undefined) return this.doubt('a substitution in it could not be read');
    this.readScript(node.script, { ...place, via: [...place.via, way], stdin: { kind: 'inherit' } });
  }

  #readPipeline(node: Pipeline, place: Place): void {
    if (node.prefixes.length > 0) this.doubt('it begins with ! or time');
    let { stdin } = place;
    for (const command of node.commands) {
      const first = this.#commands.length;
      this.#visit(command, { ...place, stdin });
      const from = Array.from({ length: this.#commands.length - first }, (_, index) => first + index);
      stdin = { kind: 'pipe', from };
    }
  }

  #readCommand(node: Command, place: Place): void {
    const index = this.#commands.length;
    this.#commands.push(undefined);
    const within: Place = { ...place, outputTo: index };
    const argv: Word[] = [];
    const pieces: Piece[] = node.redirects.map(({ pos, end }) => ({ start: pos, end, isRedirection: true }));
    const assignments: { name: string; value: Word }[] = [];
    for (const part of [...node.prefix, ...(node.name ? [node.name] : []), ...node.suffix]) {
      if (part.type === 'Word') {
        argv.push(this.#word(readWord(part, this.#home)));
        pieces.push({ start: part.pos, end: part.end, isRedirection: false });
        forEachChild(part, (child) => this.#visit(child, within));
      } else if (part.type === 'Assignment') {
        const read = this.#readAssignment(part, within);
        pieces.push({ start: part.pos, end: part.end, isRedirection: false });
        if (argv.length === 0) assignments.push(read);
        else argv.push({ kind: 'unknown', why: 'it sets a variable', text: part.text });
      }
    }
    const gap = distrustOfGaps(place.source, pieces);
    if (gap !== undefined) this.doubt(gap);
    const redirections = node.redirects.map((redirection) => this.#readRedirection(redirection, within));
    const span: [number, number] = [node.pos, node.end];
    const stdin = inputOf(node.redirects) ?? place.stdin;
    const { via, outputTo } = place;
    this.#commands[index] = { argv, assignments, redirections, stdin, outputTo, via, span };
  }

  #readAssignment(node: Assignment, place: Place): { name: string; value: Word } {
    const isArray = node.value.type === 'ArrayValue';
    const text = node.value.type === 'Word' ? node.value.text : '';
    const distrust = distrustOfAssignment(isArray, text);
    if (distrust !== undefined) this.doubt(distrust);
    forEachChild(node, (child) => this.#visit(child, place));
    const value: Word =
      node.value.type === 'Word'
        ? readWord(node.value, this.#home).word
        : { kind: 'unknown', why: 'it is an array', text: node.text };
    return { name: node.name, value };
  }

  #readRedirection(node: SourceRedirection, place: Place): Redirection {
    forEachChild(node, (child) => this.#visit(child, place));
    if (node.type === 'HereDoc') {
      this.doubt('it has a here-document');
      return { operator: node.operator, target: undefined };
    }
    const target = node.target === undefined ? undefined : readWord(node.target, this.#home).word;
    if (node.type === 'Redirect') {
      const known = target?.kind === 'static' ? target.value : undefined;
      const distrust = distrustOfDuplication(node.operator, node.descriptor !== undefined, known);
      if (distrust !== undefined) this.doubt(distrust);
    }
    return { operator: node.operator, target };
  }

  #word(read: ReadWord): Word {
    this.#distrust(read);
    return read.word;
  }

  #distrust(read: ReadWord): void {
    if (read.distrust !== undefined) this.doubt(read.distrust);
  }
}

function inputOf(redirections: readonly SourceRedirection[]): CommandInput | undefined {
  for (const redirection of redirections.toReversed()) {
    if (redirection.type !== 'Redirect') return { kind: 'text' };
    if (redirection.operator === '<' || redirection.operator === '<>') return { kind: 'file' };
  }
  return undefined;
}
