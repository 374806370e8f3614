import type { FileView } from '../file-view.ts';
import { readGit } from '../programs/git.ts';
import { readerOf } from '../programs/registry.ts';
import type { NestedCommand } from '../programs/table.ts';
import type { UnknownWord, Word } from '../types.ts';
import { doubtOfAssignment } from './assignments.ts';
import type { Budget } from './budget.ts';
import { foundByPipe, foundWord } from './found-files.ts';
import { moveOf } from './moves.ts';
import { programName } from './normal-form.ts';
import type { ParsedCommand, PlacedReading, ReadingBuilder } from './reading.ts';
import { endsIn, joined, moved, startScope, withVariable } from './scope.ts';
import type { Outcome, Scope } from './scope.ts';
import type { SourceFacts } from './source-facts.ts';

/** How a command is reached: what its place in the text says beyond its own words. */
export type RunContext = {
  /** Wrappers around it. */
  readonly depth: number;
  /** Functions can be meant: not behind `env`, `command` and the like. */
  readonly hasFunctions: boolean;
  readonly isInFunction: boolean;
  /** What the text around says of variables, where the same shell runs both. */
  readonly facts?: SourceFacts | undefined;
  /** What its input is, where that is text that stands there. */
  readonly inputText?: string | undefined;
};

export type RunOptions = {
  readonly builder: ReadingBuilder;
  readonly budget: Budget;
  readonly home: string;
  readonly view: FileView;
  /** Reads a script that a command runs: its commands come after that of `index`. */
  readonly readScript: (source: string, index: number, scope: Scope, context: RunContext) => Outcome;
  /** Functions of the text that leave the shell in another folder. */
  readonly movingFunctions: ReadonlySet<string>;
};

const DEEPEST = 24;
/** What they run, the shell itself runs. */
const IN_SHELL = new Set(['command', 'builtin', 'eval']);
/** What bash and other shells read in two ways: the one as a string or a test, the other as commands. */
const ONLY_BASH = /\$['"[]|\[\[|(?<!\$)\(\(|&>|[<>]\(|\|&|<<<|\b(?:function|coproc|select|time)\b/;
const SETS_VARIABLES = new Set('read mapfile readarray printf getopts unset wait let'.split(' '));
const DECLARES = new Set('export declare typeset local readonly'.split(' '));

/** Finds out what a simple command runs in turn, and how it leaves the shell. */
export class CommandRunner {
  readonly #options: RunOptions;

  constructor(options: RunOptions) {
    this.#options = options;
  }

  /** `index`: of a command that stands in the list already. */
  run(index: number, scope: Scope, context: RunContext): Outcome {
    const command = this.#options.builder.get(index);
    const [program, ...words] = command?.argv ?? [];
    if (command === undefined || program?.kind !== 'static' || this.#options.budget.isSpent)
      return endsIn(scope);
    if (context.depth > DEEPEST) {
      this.#options.builder.doubt('syntax', 'too many commands run one another', index);
      return endsIn(scope);
    }
    if (context.hasFunctions && scope.functions.has(program.value)) {
      this.#options.builder.set(index, { ...command, isFunction: true });
      const isMoved = this.#options.movingFunctions.size > 0;
      return endsIn(isMoved ? moved(scope, undefined) : scope);
    }
    const name = programName(program.value);
    for (const assignment of command.assignments) {
      const doubt = doubtOfAssignment(assignment.name, 'given', name);
      if (doubt !== undefined) this.#options.builder.doubt('syntax', doubt, index);
    }
    const reading: PlacedReading | undefined = name === 'git' ? readGit(words) : readerOf(name)?.(words);
    if (reading !== undefined) this.#options.builder.set(index, { ...command, reading });
    const after = this.#nested(index, name, reading, scope, context);
    const outcome = this.#outcome(index, name, program, words, after, context);
    // A redirection that fails keeps the command from being run at all.
    return command.redirections.length === 0 ? outcome : { ...outcome, fail: joined(outcome.fail, scope) };
  }

  /** How the program itself leaves the shell, once what it runs has been read. */
  #outcome(
    index: number,
    name: string,
    program: Word,
    words: readonly Word[],
    after: Outcome,
    { isInFunction }: RunContext,
  ): Outcome {
    if (IN_SHELL.has(name)) return after;
    const scope = after.ok ?? after.fail;
    if (scope === undefined) return after;
    const { home, view, builder } = this.#options;
    const move = moveOf(name, words, scope, { home, view });
    if (move !== undefined) {
      if (program.text !== name) builder.doubt('syntax', `${name} is written in an unusual way`, index);
      if (move.ok?.places === undefined)
        builder.doubt('path', 'the folder that it goes to is not known', index);
      return move;
    }
    if (name === 'source' || name === '.') return endsIn(startScope(undefined));
    if (name === 'true' || name === ':') return { ok: scope, fail: undefined };
    if (name === 'false') return { ok: undefined, fail: scope };
    const ends = name === 'exit' || (name === 'return' && isInFunction);
    if (ends && words.every((word, place) => place === 0 && (word.kind === 'static' || word.isOne === true)))
      return { ok: undefined, fail: undefined };
    if (SETS_VARIABLES.has(name) || DECLARES.has(name)) return endsIn(withoutVariables(scope, name, words));
    return endsIn(scope);
  }

  #nested(
    index: number,
    name: string,
    reading: PlacedReading | undefined,
    scope: Scope,
    context: RunContext,
  ): Outcome {
    let outcome = endsIn(scope);
    const isInShell = IN_SHELL.has(name);
    const places = placesIn(reading, scope.places);
    const child = isInShell ? scope : startScope(places);
    for (const run of reading?.runs ?? []) {
      const inner = this.#runNested(index, name, run, child, {
        ...context,
        depth: context.depth + 1,
        hasFunctions: name === 'eval' && context.hasFunctions,
        facts: isInShell ? context.facts : undefined,
      });
      if (isInShell) outcome = inner;
    }
    return outcome;
  }

  #runNested(index: number, name: string, run: NestedCommand, scope: Scope, context: RunContext): Outcome {
    const { builder, readScript } = this.#options;
    const outer = builder.get(index);
    if (outer === undefined) return endsIn(scope);
    if (run.kind === 'script') {
      if (run.isBash !== true) this.#distrustOther(run.source, index);
      const start = run.isLater === true ? startScope(undefined) : scope;
      return readScript(run.source, index, start, { ...context, inputText: undefined });
    }
    if (run.kind === 'input') {
      if (name !== 'bash') this.#distrustOther(context.inputText ?? '', index);
      if (context.inputText !== undefined)
        return readScript(context.inputText, index, scope, { ...context, inputText: undefined });
      builder.doubt('word', `${name} would run what comes over its input`, index);
      return endsIn(scope);
    }
    const nested = builder.reserve();
    builder.set(nested, {
      ...outer,
      argv: this.#withFed(run, outer),
      assignments: run.assignments ?? [],
      redirections: [],
      outputTo: index,
      via: [...outer.via, name],
      places: scope.places,
      reading: undefined,
    });
    return this.run(nested, scope, context);
  }

  #distrustOther(script: string, index: number): void {
    if (!ONLY_BASH.test(script)) return;
    this.#options.builder.doubt(
      'syntax',
      'another shell than bash may read the script in its own way',
      index,
    );
  }

  /** The words of a command, with those that it gets from a list of files. */
  #withFed({ argv, fed }: Extract<NestedCommand, { kind: 'words' }>, outer: ParsedCommand): readonly Word[] {
    if (fed === undefined) return argv;
    const { builder, view, budget } = this.#options;
    if (outer.stdin.kind === 'inherit') builder.doubt('word', 'where its words come from is not known');
    const found =
      outer.stdin.kind === 'pipe'
        ? foundByPipe((index) => builder.get(index), outer.stdin.from, fed.isNulSeparated, view, budget)
        : undefined;
    const { replacing } = fed;
    if (replacing === undefined) return [...argv, foundWord(found, 'the words that come over its input')];
    return argv.map((word): Word => {
      if (word.kind !== 'static' || !word.value.includes(replacing)) return word;
      if (word.value === replacing) return foundWord(found, word.text, true);
      const vague: UnknownWord = {
        kind: 'unknown',
        why: 'it holds what another command prints',
        text: word.text,
        isOne: true,
        prefix: word.value.slice(0, word.value.indexOf(replacing)),
      };
      return vague;
    });
  }
}

/** Where a program was told to work: `env -C`, `git -C`. */
function placesIn(
  reading: PlacedReading | undefined,
  places: readonly string[] | undefined,
): readonly string[] | undefined {
  const steps = [
    ...(reading?.directories ?? []),
    ...(reading?.directory === undefined ? [] : [reading.directory]),
  ];
  return steps.reduce<readonly string[] | undefined>(
    (from, step) => (step.startsWith('/') ? [step] : from?.map((place) => `${place}/${step}`)),
    places,
  );
}

/** `read x`, `unset x`, `printf -v x`: whatever is named may have changed. */
function withoutVariables(scope: Scope, name: string, words: readonly Word[]): Scope {
  let after = scope;
  for (const word of words) {
    if (word.kind !== 'static') continue;
    // What a declaration gives a value has been taken down already.
    const keeps = word.value.includes('=') || name === 'export' || name === 'readonly';
    if (DECLARES.has(name) && keeps) continue;
    const [variable = ''] = word.value.split(/[=[+-]/);
    after = withVariable(after, variable, undefined);
  }
  return after;
}
