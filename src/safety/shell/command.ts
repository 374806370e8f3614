import { forEachChild } from 'unbash';
import type {
  ArithmeticExpression,
  Assignment,
  Command,
  Redirected,
  Redirection as SourceRedirection,
  Script,
  SyntaxNode,
  Word as SourceWord,
} from 'unbash';
import type { FileView } from '../file-view.ts';
import type { CommandInput, Redirection, Word } from '../types.ts';
import { doubtOfAssignment } from './assignments.ts';
import type { Budget } from './budget.ts';
import { quotedDocumentIn, readValue, readWords } from './words.ts';
import type { WordContext } from './words.ts';
import { distrustOfAssignment, distrustOfDocument, distrustOfDuplication, distrustOfGaps } from './guards.ts';
import type { Piece } from './guards.ts';
import { isPlainArithmetic, isPlainExpansion, isPlainSubscript, isPlainTest } from './hazards.ts';
import type { ReadAssignment, ReadingBuilder } from './reading.ts';
import type { CommandRunner, RunContext } from './run.ts';
import { joined, withVariable } from './scope.ts';
import type { Outcome, Scope } from './scope.ts';
import type { SourceFacts } from './source-facts.ts';

/** Where in the text the reader stands. */
export type Place = {
  /** What positions count in: an escaped backtick script has a text of its own. */
  readonly source: string;
  readonly facts: SourceFacts;
  readonly via: readonly string[];
  /** It stands in a text that another command was given to run. */
  readonly isInline?: boolean | undefined;
  readonly stdin: CommandInput;
  /** What the input is, where it stands in the text. */
  readonly inputText?: string | undefined;
  readonly outputTo?: number | undefined;
  /** Where the texts of here-documents stand: behind the commands that they are given to. Filled on the way. */
  readonly documents: (readonly [number, number])[];
  readonly run: RunContext;
  /** For a script that is an argument: where the command stands that runs it. */
  readonly span?: readonly [number, number] | undefined;
};

export type CommandReaderOptions = {
  readonly builder: ReadingBuilder;
  readonly budget: Budget;
  readonly runner: CommandRunner;
  readonly home: string;
  readonly view: FileView;
  readonly readScript: (script: Script, place: Place, scope: Scope) => Outcome;
};

type Input = { readonly stdin: CommandInput; readonly inputText?: string | undefined };

const CALCULATION = 'it calculates with values that are not known, which can run commands';

/** Reads a simple command: its words, assignments and redirections, and what runs inside of them. */
export class CommandReader {
  readonly #options: CommandReaderOptions;

  constructor(options: CommandReaderOptions) {
    this.#options = options;
  }

  read(node: Command, place: Place, scope: Scope): Outcome {
    const { builder, budget } = this.#options;
    const index = builder.reserve();
    const within: Place = { ...place, outputTo: index };
    const argv: Word[] = [];
    const assignments: ReadAssignment[] = [];
    // A redirection is a word like any other.
    budget.spend('words', node.redirects.length);
    const pieces: Piece[] = node.redirects.map(({ pos, end }) => ({ start: pos, end, isRedirection: true }));
    let after = scope;
    for (const part of [...node.prefix, ...(node.name ? [node.name] : []), ...node.suffix]) {
      if (budget.isSpent) break;
      if (part.type !== 'Word' && part.type !== 'Assignment') continue;
      pieces.push({ start: part.pos, end: part.end, isRedirection: false });
      if (part.type === 'Word') {
        argv.push(...this.#words(part, within, scope));
        continue;
      }
      const read = this.#readAssignment(part, within, after);
      after = read.scope;
      // To a name that is an array already, `declare` assigns what stands in parentheses as a list of its words.
      if (argv.length > 0 && read.assignment.value.kind === 'unknown' && place.facts.hasArrays())
        this.#distrustList(argv[0], part);
      if (argv.length === 0) assignments.push(read.assignment);
      else argv.push(asWord(part, read.assignment.value));
    }
    const gap = distrustOfGaps(place.source, pieces);
    if (gap !== undefined) this.#doubt(gap);
    const redirections = this.#readRedirections(node.redirects, within, scope);
    const input = this.#inputOf(node.redirects, scope) ?? place;
    builder.set(index, {
      argv,
      assignments,
      redirections,
      stdin: input.stdin,
      outputTo: place.outputTo,
      via: place.via,
      isInline: place.isInline,
      span: place.span ?? [node.pos, node.end],
      places: scope.places,
    });
    return this.#run(index, argv, assignments, scope, after, {
      ...place.run,
      inputText: input.inputText,
      facts: place.facts,
    });
  }

  #distrustList(program: Word | undefined, { value, text }: Assignment): void {
    const name = program?.kind === 'static' ? program.value : '';
    if (value.type !== 'ArrayValue' && /^(?:declare|typeset|local|readonly)$/.test(name))
      this.#doubt(`what ${text} evaluates is not known`);
  }

  /** Assignments alone stay; before a command they are for that command, after `export` and the like they stay. */
  #run(
    index: number,
    argv: readonly Word[],
    assignments: readonly ReadAssignment[],
    before: Scope,
    after: Scope,
    context: RunContext,
  ): Outcome {
    if (argv.length > 0) {
      const start = assignments.length > 0 ? forgotten(before, assignments) : after;
      return this.#options.runner.run(index, start, context);
    }
    for (const { name } of assignments) {
      const doubt = doubtOfAssignment(name, 'set', '');
      if (doubt !== undefined) this.#options.builder.doubt('syntax', doubt, index);
    }
    // A redirection that fails keeps them from being made.
    const { redirections } = this.#options.builder.get(index) ?? { redirections: [] };
    return { ok: after, fail: redirections.length === 0 ? after : joined(before, after) };
  }

  /** What a group is redirected to, as a command without words: `> file` alone is one, too. */
  readGroupRedirections(node: Redirected, place: Place, scope: Scope): Input | undefined {
    const index = this.#options.builder.reserve();
    const within = { ...place, outputTo: index };
    this.#options.budget.spend('words', node.redirects.length);
    const redirections = this.#readRedirections(node.redirects, within, scope);
    const { via, stdin, outputTo } = place;
    const span = place.span ?? [node.pos, node.end];
    this.#options.builder.set(index, {
      argv: [],
      assignments: [],
      redirections,
      stdin,
      outputTo,
      via,
      span,
      places: scope.places,
    });
    return this.#inputOf(node.redirects, scope);
  }

  /** The values that a loop's variable takes in turn; undefined when they can't be known. */
  valuesOf(
    wordlist: readonly SourceWord[] | undefined,
    place: Place,
    scope: Scope,
  ): readonly string[] | undefined {
    if (wordlist === undefined) return undefined;
    const values: string[] = [];
    let areKnown = true;
    for (const word of wordlist.flatMap((source) => this.#words(source, place, scope))) {
      if (word.kind === 'static') values.push(word.value);
      else if (word.values === undefined) areKnown = false;
      else values.push(...word.values);
    }
    return areKnown && values.length > 0 && values.length <= 200 ? [...new Set(values)] : undefined;
  }

  judgeArithmetic(expression: ArithmeticExpression | undefined, place: Place, scope: Scope): void {
    if (!isPlainArithmetic(expression, { scope, facts: place.facts })) this.#doubt(CALCULATION);
    if (expression !== undefined) this.explore(expression, place, scope);
  }

  /** Finds what runs inside of a word, a test or a calculation, and what bash evaluates there. */
  explore(root: SyntaxNode, place: Place, scope: Scope): void {
    // A sum of thousands is as deep as it is long: no recursion.
    const ahead = [root];
    for (let node = ahead.pop(); node !== undefined; node = ahead.pop()) {
      if (this.#options.budget.isSpent || !this.#options.budget.spend('steps')) return;
      if (!this.#judge(node, place, scope)) continue;
      const children: SyntaxNode[] = [];
      forEachChild(node, (child) => children.push(child));
      for (let child = children.pop(); child !== undefined; child = children.pop()) ahead.push(child);
    }
  }

  /** Looks at one node; false when what stands below it has been read with it. */
  #judge(node: SyntaxNode, place: Place, scope: Scope): boolean {
    const known = { scope, facts: place.facts };
    switch (node.type) {
      case 'CommandExpansion':
        if (node.script !== undefined && quotedDocumentIn(node.text, node.script) === undefined) {
          if (node.text.includes('<<') && this.#hasDocument(node))
            this.#doubt('a substitution has a here-document in it');
        }
        this.#substitution(node.script, '$( )', place, scope);
        return false;
      case 'ArithmeticCommandExpansion':
        this.#substitution(node.script, '$( )', place, scope);
        return false;
      case 'ProcessSubstitution':
        this.#substitution(node.script, `${node.operator}( )`, place, scope);
        return false;
      case 'ArithmeticExpansion':
      case 'ArithmeticCommand':
        if (!isPlainArithmetic(node.expression, known)) this.#doubt(CALCULATION);
        break;
      case 'ParameterExpansion': {
        const isSet = node.operation?.type === 'Default' && node.operation.operator.endsWith('=');
        const doubt = isSet ? doubtOfAssignment(node.parameter, 'set', '') : undefined;
        if (doubt !== undefined) this.#doubt(doubt);
        if (!isPlainExpansion(node)) this.#doubt(`what ${node.text} evaluates is not known`);
        break;
      }
      case 'TestCommand':
        if (!isPlainTest(node.expression, known)) this.#doubt(CALCULATION);
        break;
      case 'Word': {
        const { distrust } = readValue(node, this.#context(scope));
        if (distrust !== undefined) this.#doubt(distrust);
        break;
      }
      default:
    }
    return true;
  }

  #hasDocument(root: SyntaxNode): boolean {
    const ahead = [root];
    for (let node = ahead.pop(); node !== undefined; node = ahead.pop()) {
      if (node.type === 'HereDoc' || !this.#options.budget.spend('steps')) return true;
      forEachChild(node, (child) => ahead.push(child));
    }
    return false;
  }

  #substitution(script: Script | undefined, way: string, place: Place, scope: Scope): void {
    if (script === undefined) return this.#doubt('a substitution in it could not be read');
    const run = { ...place.run, isInFunction: false };
    const stdin = { kind: 'inherit' } as const;
    this.#options.readScript(
      script,
      { ...place, via: [...place.via, way], stdin, inputText: undefined, run },
      scope,
    );
    return undefined;
  }

  #readAssignment(
    node: Assignment,
    place: Place,
    scope: Scope,
  ): { readonly assignment: ReadAssignment; readonly scope: Scope } {
    this.#options.budget.spend('words');
    const { name, value } = node;
    const isArray = value.type === 'ArrayValue';
    const distrust = distrustOfAssignment(isArray, isArray ? '' : value.text);
    if (distrust !== undefined) this.#doubt(distrust);
    if (!isPlainSubscript(node.index)) this.#doubt(CALCULATION);
    if (node.index !== undefined) this.explore(node.index, place, scope);
    if (isArray) {
      for (const element of value.elements) this.explore(element, place, scope);
      const word: Word = { kind: 'unknown', why: 'it is an array', text: node.text };
      return { assignment: { name, value: word }, scope: withVariable(scope, name, undefined) };
    }
    this.explore(value, place, scope);
    const { word } = readValue(value, this.#context(scope));
    const isPlain = node.append !== true && node.index === undefined && place.facts.isSetOnce(name);
    const values = word.kind === 'static' ? [word.value] : word.values;
    return {
      assignment: { name, value: word },
      scope: withVariable(scope, name, isPlain ? values : undefined),
    };
  }

  #readRedirections(nodes: readonly SourceRedirection[], place: Place, scope: Scope): readonly Redirection[] {
    if (this.#options.budget.isSpent) return [];
    return nodes.map((node) => this.#readRedirection(node, place, scope));
  }

  #readRedirection(node: SourceRedirection, place: Place, scope: Scope): Redirection {
    forEachChild(node, (child) => this.explore(child, place, scope));
    if (node.type === 'HereDoc') {
      const { body, closing, delimiter, operator } = node;
      if (closing === undefined) this.#doubt('a here-document does not end');
      else place.documents.push([body.pos, closing.end]);
      const distrust = delimiter?.quoted === true ? undefined : distrustOfDocument(body.text, body.parts);
      if (distrust !== undefined) this.#doubt(distrust);
      return { operator, target: undefined };
    }
    if (node.descriptor?.type === 'FileDescriptorVariable')
      this.#doubt('a descriptor is put into a variable');
    if (node.target === undefined) return { operator: node.operator, target: undefined };
    if (node.type === 'HereString') {
      return { operator: node.operator, target: readValue(node.target, this.#context(scope)).word };
    }
    const words = readWords(node.target, this.#context(scope));
    const [word, ...others] = words.words;
    const target: Word =
      word === undefined || others.length > 0
        ? { kind: 'unknown', why: 'it is not one word', text: node.target.text }
        : word;
    if (words.distrust !== undefined) this.#doubt(words.distrust);
    const known = target.kind === 'static' ? target.value : undefined;
    const distrust = distrustOfDuplication(node.operator, node.descriptor !== undefined, known);
    if (distrust !== undefined) this.#doubt(distrust);
    return { operator: node.operator, target };
  }

  #inputOf(redirections: readonly SourceRedirection[], scope: Scope): Input | undefined {
    for (const redirection of redirections.toReversed()) {
      if (redirection.type === 'HereDoc') {
        const isPlain = redirection.delimiter?.quoted === true && redirection.operator === '<<';
        return { stdin: { kind: 'text' }, inputText: isPlain ? redirection.body.text : undefined };
      }
      if (redirection.type === 'HereString') {
        const word =
          redirection.target === undefined
            ? undefined
            : readValue(redirection.target, this.#context(scope)).word;
        return { stdin: { kind: 'text' }, inputText: word?.kind === 'static' ? word.value : undefined };
      }
      if (/^<[>&]?$/.test(redirection.operator)) return { stdin: { kind: 'file' }, inputText: undefined };
    }
    return undefined;
  }

  #words(source: SourceWord, place: Place, scope: Scope): readonly Word[] {
    const { words, distrust } = readWords(source, this.#context(scope));
    if (distrust !== undefined) this.#doubt(distrust);
    for (const word of words) {
      const { budget } = this.#options;
      budget.spend('words', word.kind === 'unknown' ? 1 + (word.values?.length ?? 0) : 1);
    }
    // A plain word has nothing below it.
    if (source.parts !== undefined) forEachChild(source, (child) => this.explore(child, place, scope));
    return words;
  }

  #context(scope: Scope): WordContext {
    const { home, view, budget } = this.#options;
    return { scope, home, view, budget };
  }

  #doubt(why: string): void {
    this.#options.builder.doubt('syntax', why);
  }
}

function asWord({ name, append, text }: Assignment, value: Word): Word {
  const start = `${name}${append === true ? '+=' : '='}`;
  if (value.kind === 'static') return { kind: 'static', value: `${start}${value.value}`, text };
  return { ...value, text, isOne: true, prefix: start, values: undefined };
}

/** `X=1 cmd`: what `$X` is for the command's own words stays, what it is inside of it does not. */
function forgotten(scope: Scope, assignments: readonly ReadAssignment[]): Scope {
  return assignments.reduce((known, { name }) => withVariable(known, name, undefined), scope);
}
