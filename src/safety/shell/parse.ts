import { parse } from 'unbash';
import type {
  AndOr,
  ArithmeticFor,
  Case,
  For,
  Function as FunctionNode,
  If,
  Pipeline,
  Redirected,
  Script,
  Select,
  Statement,
  SyntaxNode,
  While,
} from 'unbash';
import { messageOf } from '../../errors.ts';
import type { FileView } from '../file-view.ts';
import { doubtOfAssignment } from './assignments.ts';
import { Budget } from './budget.ts';
import { CommandReader } from './command.ts';
import type { Place } from './command.ts';
import { distrustOfRemains, distrustOfSource, refusalOfSource } from './guards.ts';
import { leaks } from './moves.ts';
import { ReadingBuilder } from './reading.ts';
import type { ShellReading } from './reading.ts';
import { CommandRunner } from './run.ts';
import type { RunContext } from './run.ts';
import { endsIn, joined, moved, startScope, withFunction, withVariable } from './scope.ts';
import type { Outcome, Scope } from './scope.ts';
import { SourceFacts } from './source-facts.ts';

/** Where a text is run. */
export type ShellPlace = {
  /** Absolute, where the shell stands. */
  readonly directory: string;
  readonly home: string;
  readonly view: FileView;
};

/**
 * Finds every simple command that bash could run from a text, with its words as bash would pass them, and where it
 * would run. Never throws: what can't be read, or not with certainty, is an unknown, and the commands that were found
 * stay in the list, so that a rule which denies one of them still hits.
 */
export function readShell(source: string, place: ShellPlace): ShellReading {
  return new ShellReader(place).read(source, place.directory);
}

// A substitution inside another one is about eight nodes deeper.
const DEEPEST = 800;

class ShellReader {
  readonly #budget = new Budget();
  readonly #builder = new ReadingBuilder(this.#budget);
  readonly #commands: CommandReader;
  readonly #movingFunctions = new Set<string>();
  /** How many nodes of the tree the reader stands below. */
  #depth = 0;

  constructor(place: ShellPlace) {
    const runner = new CommandRunner({
      ...place,
      builder: this.#builder,
      budget: this.#budget,
      movingFunctions: this.#movingFunctions,
      readScript: (source, index, scope, context) => this.#readInner(source, index, scope, context),
    });
    this.#commands = new CommandReader({
      ...place,
      builder: this.#builder,
      budget: this.#budget,
      runner,
      readScript: (script, inside, scope) => this.#readScript(script, inside, scope),
    });
  }

  read(source: string, directory: string): ShellReading {
    const run: RunContext = { depth: 0, hasFunctions: true, isInFunction: false };
    const facts = new SourceFacts(source);
    this.#readSource(source, startScope([directory]), {
      source,
      facts,
      via: [],
      stdin: { kind: 'inherit' },
      documents: [],
      run,
    });
    return this.#builder.reading();
  }

  #doubt(why: string): void {
    this.#builder.doubt('syntax', why);
  }

  #readSource(source: string, scope: Scope, place: Place): Outcome {
    const refusal = refusalOfSource(source);
    if (refusal !== undefined) {
      this.#doubt(refusal);
      return endsIn(moved(scope, undefined));
    }
    const distrust = distrustOfSource(source);
    if (distrust !== undefined) this.#doubt(distrust);
    const depth = this.#depth;
    this.#depth = 0;
    try {
      const script = parse(this.#budget.watched(source));
      const outcome = this.#readScript(script, place, scope);
      const places = script.commands.map(({ pos, end }): [number, number] => [pos, end]);
      const remains = distrustOfRemains(source, [...places, ...place.documents]);
      if (remains !== undefined) this.#doubt(remains);
      return outcome;
    } catch (error) {
      this.#doubt(`the command can't be parsed: ${messageOf(error)}`);
      return endsIn(moved(scope, undefined));
    } finally {
      this.#depth = depth;
    }
  }

  /** What stands in a word of the command at `index`, which runs it as a script. */
  #readInner(source: string, index: number, scope: Scope, run: RunContext): Outcome {
    const outer = this.#builder.get(index);
    const name = outer?.argv[0]?.text ?? '';
    return this.#readSource(source, scope, {
      source,
      facts: new SourceFacts(source, run.facts),
      via: [...(outer?.via ?? []), name],
      isInline: true,
      stdin: outer?.stdin ?? { kind: 'inherit' },
      outputTo: index,
      documents: [],
      run,
      span: outer?.span,
    });
  }

  #readScript(
    script: Script & { readonly errors?: readonly unknown[] | undefined },
    place: Place,
    scope: Scope,
  ): Outcome {
    if (script.errors !== undefined && script.errors.length > 0) this.#doubt('the command is not valid bash');
    return this.#readList(
      script.commands,
      script.source === undefined ? place : { ...place, source: script.source, documents: [] },
      scope,
    );
  }

  #readList(statements: readonly Statement[], place: Place, scope: Scope): Outcome {
    let outcome = endsIn(scope);
    let current = scope;
    let isOver = false;
    for (const statement of statements) {
      if (this.#budget.isSpent) break;
      outcome = this.#readStatement(statement, place, current);
      const next = joined(outcome.ok, outcome.fail);
      if (next === undefined) isOver = true;
      else current = next;
    }
    return isOver ? { ok: undefined, fail: undefined } : outcome;
  }

  #readStatement(statement: Statement, place: Place, scope: Scope): Outcome {
    const outcome = this.#visit(statement.command, place, scope);
    return statement.background === true ? endsIn(scope) : outcome;
  }

  #visit(node: SyntaxNode, place: Place, scope: Scope): Outcome {
    if (this.#depth > DEEPEST) {
      this.#doubt('the command is nested too deeply');
      return endsIn(scope);
    }
    if (this.#budget.isSpent || !this.#budget.spend('steps')) return endsIn(scope);
    this.#depth += 1;
    const outcome = this.#visitNode(node, place, scope);
    this.#depth -= 1;
    return outcome;
  }

  #visitNode(node: SyntaxNode, place: Place, scope: Scope): Outcome {
    switch (node.type) {
      case 'Command':
        return this.#commands.read(node, place, scope);
      case 'Pipeline':
        return this.#readPipeline(node, place, scope);
      case 'AndOr':
        return this.#readAndOr(node, place, scope);
      case 'Statement':
        return this.#readStatement(node, place, scope);
      case 'CompoundList':
        return this.#readList(node.commands, place, scope);
      case 'BraceGroup':
        return this.#readList(node.body.commands, place, scope);
      case 'Subshell':
        this.#readList(node.body.commands, place, scope);
        return endsIn(scope);
      case 'Redirected':
        return this.#readRedirected(node, place, scope);
      default:
        return this.#visitCompound(node, place, scope);
    }
  }

  #visitCompound(node: SyntaxNode, place: Place, scope: Scope): Outcome {
    switch (node.type) {
      case 'If':
        return this.#readIf(node, place, scope);
      case 'For':
      case 'Select':
        return this.#readFor(node, place, scope);
      case 'While':
      case 'ArithmeticFor':
        return this.#readLoop(node, place, scope);
      case 'Case':
        return this.#readCase(node, place, scope);
      case 'Function':
        return this.#readFunction(node, place, scope);
      case 'Coproc':
        this.#doubt('it has a coprocess in it');
        this.#visit(node.body, place, scope);
        return endsIn(scope);
      default:
        this.#commands.explore(node, place, scope);
        return endsIn(scope);
    }
  }

  #readPipeline(node: Pipeline, place: Place, scope: Scope): Outcome {
    const isNegated = node.prefixes.filter(({ type }) => type === 'Negation').length % 2 === 1;
    const [only, ...others] = node.commands;
    if (only !== undefined && others.length === 0) {
      const { ok, fail } = this.#visit(only, place, scope);
      return isNegated ? { ok: fail, fail: ok } : { ok, fail };
    }
    let { stdin, inputText } = place;
    for (const command of node.commands) {
      const first = this.#builder.count;
      this.#visit(command, { ...place, stdin, inputText }, scope);
      const from = Array.from({ length: this.#builder.count - first }, (_, index) => first + index);
      stdin = { kind: 'pipe', from };
      inputText = undefined;
    }
    return endsIn(scope);
  }

  #readAndOr(node: AndOr, place: Place, scope: Scope): Outcome {
    let before: Outcome = { ok: scope, fail: undefined };
    for (const [index, command] of node.commands.entries()) {
      const needsFailure = index > 0 && node.operators[index - 1] === '||';
      const start = needsFailure ? before.fail : before.ok;
      const after = this.#visit(command, place, start ?? scope);
      // What can't be reached changes nothing.
      const { ok, fail } = start === undefined ? { ok: undefined, fail: undefined } : after;
      if (needsFailure) before = { ok: joined(before.ok, ok), fail };
      else before = { ok, fail: joined(before.fail, fail) };
    }
    return before;
  }

  #readRedirected(node: Redirected, place: Place, scope: Scope): Outcome {
    const input = this.#commands.readGroupRedirections(node, place, scope);
    const { ok, fail } = this.#visit(node.command, { ...place, ...input }, scope);
    // A redirection that fails keeps the group from being run at all.
    return { ok, fail: joined(fail, scope) };
  }

  #readIf(node: If, place: Place, scope: Scope): Outcome {
    let after: Scope | undefined;
    let start: Scope | undefined = scope;
    for (const { clause, then } of [node, ...node.elif]) {
      const asked = this.#visit(clause, place, start ?? scope);
      const done = this.#visit(then, place, asked.ok ?? scope);
      if (asked.ok !== undefined) after = joined(after, joined(done.ok, done.fail));
      start = start === undefined ? undefined : asked.fail;
    }
    if (node.else !== undefined) {
      const done = this.#visit(node.else, place, start ?? scope);
      start = start === undefined ? undefined : joined(done.ok, done.fail);
    }
    const end = joined(after, start);
    return { ok: end, fail: end };
  }

  #readFor(node: For | Select, place: Place, scope: Scope): Outcome {
    const values = this.#commands.valuesOf(node.wordlist, place, scope);
    const isSetOnce = node.type === 'For' && place.facts.isSetOnce(node.name.value);
    const start = this.#loopStart(node, scope);
    const doubt = doubtOfAssignment(node.name.value, 'set', '');
    if (doubt !== undefined) this.#doubt(doubt);
    const inside = withVariable(start, node.name.value, isSetOnce ? values : undefined);
    const { ok, fail } = this.#visit(node.body, place, inside);
    return endsIn(joined(joined(ok, fail), start) ?? start);
  }

  #readLoop(node: While | ArithmeticFor, place: Place, scope: Scope): Outcome {
    const start = this.#loopStart(node, scope);
    let asked = start;
    if (node.type === 'While') {
      const { ok, fail } = this.#visit(node.clause, place, start);
      asked = joined(ok, fail) ?? start;
    } else {
      for (const part of [node.initialize, node.test, node.update]) {
        if (part !== undefined) this.#commands.judgeArithmetic(part, place, scope);
      }
    }
    const { ok, fail } = this.#visit(node.body, place, asked);
    return endsIn(joined(joined(ok, fail), asked) ?? asked);
  }

  /** A loop begins where it was begun, or where its body has left the shell. */
  #loopStart(node: SyntaxNode, scope: Scope): Scope {
    return leaks(node, this.#movingFunctions, this.#budget) ? moved(scope, undefined) : scope;
  }

  #readCase(node: Case, place: Place, scope: Scope): Outcome {
    this.#commands.explore(node.word, place, scope);
    let end: Scope | undefined = scope;
    let before: Scope | undefined;
    for (const item of node.items) {
      for (const pattern of item.pattern) this.#commands.explore(pattern, place, scope);
      const { ok, fail } = this.#visit(item.body, place, joined(scope, before) ?? scope);
      const after = joined(ok, fail);
      before = item.terminator === ';;' || item.terminator === undefined ? undefined : after;
      end = joined(end, after);
    }
    return endsIn(end ?? scope);
  }

  /** The body is read here, as it could be called from anywhere behind, with any words. */
  #readFunction(node: FunctionNode, place: Place, scope: Scope): Outcome {
    const name = node.name.value;
    if (leaks(node.body, this.#movingFunctions, this.#budget)) this.#movingFunctions.add(name);
    const mayMove = place.facts.mayMove(place.source);
    const start = withFunction(mayMove ? moved(scope, undefined) : scope, name);
    const run = { ...place.run, isInFunction: true };
    this.#visit(node.body, { ...place, run, stdin: { kind: 'inherit' }, inputText: undefined }, start);
    if (node.name.parts !== undefined || node.name.text !== name)
      this.#doubt('a function has an unusual name');
    return endsIn(withFunction(scope, name));
  }
}
