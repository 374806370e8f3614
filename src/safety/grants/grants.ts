import { isDoubt, evaluateEach } from '../policy/evaluate.ts';
import type { PartDecision } from '../policy/evaluate.ts';
import type { Policy } from '../policy/policy.ts';
import type { Act, Decision, Effect, Footprint, GateContext, SimpleCommand } from '../types.ts';

/** What a person may be asked again and again, but never gives away in advance. */
const NEVER_ACTS: ReadonlySet<Act> = new Set([
  'privilege',
  'run-inline-code',
  'persist',
  'destroy-remote',
  'rewrite-remote-history',
  'rewrite-history',
  'publish',
  'change-system',
  'list-environment',
  'use-leashd',
]);

/** Tools of MCP servers that, by their name, take code or commands: as good as an interpreter. */
const TAKES_CODE =
  /(?:^|[_-])(?:eval\w*|exec\w*|shell|bash|sh|ssh|terminal|run|spawn|process|command|cmd|script|sql|query|code|repl|kernel|python|javascript|js)(?=$|[_-])/i;

/** What only limits a command, or says when it runs: the command is still the one that was granted. */
export const PLAIN_WAYS: ReadonlySet<string> = new Set([
  'timeout',
  'time',
  'nice',
  'ionice',
  'stdbuf',
  'nohup',
  'command',
  '$( )',
]);

/** Ways to say that nothing is written to a file: `2>&1`, `> /dev/null`. */
const NO_FILE = /^(?:\/dev\/(?:null|stdout|stderr)|\d+-?|-)$/;

/** A call that the policy asks about. */
export type AskedCall = {
  readonly footprint: Footprint;
  readonly context: GateContext;
  /** What the policy says about each part; the order is evaluateEach's. */
  readonly parts: readonly PartDecision[];
  /** A digest of the files that it runs, as they are now; undefined when it runs none. */
  readonly contents: string | undefined;
};

/** Something that the person has approved in advance, ready to be held against a call. */
export type Covering = {
  readonly kind: 'grant' | 'own-rule';
  /** A grant's id, a rule's name. */
  readonly name: string;
  readonly words: string;
  readonly policy: Policy;
  /** Where its commands run. */
  readonly folder: string;
  /** As the files that are run were when they were shown. */
  readonly contents: string | undefined;
};

/** Whether something like this call may be approved in advance at all: why not, in a word, or undefined. */
export function neverGranted(asked: AskedCall, decision: Decision): string | undefined {
  const { footprint, context, parts } = asked;
  const never = neverInAdvance(asked, decision);
  if (never !== undefined) return never;
  if (footprint.unknowns.some((unknown) => isDoubt(unknown, context))) return 'unknown';
  const commands = parts.flatMap((part) =>
    isAsked(part) && part.command !== undefined ? [part.command] : [],
  );
  const isPlain = commands.every((index) => isPlainCommand(footprint.commands[index]));
  return isPlain ? undefined : 'command';
}

/** What no tap and no mode answers beforehand, whatever it names: why, in a word, or undefined. */
export function neverInAdvance({ footprint, parts }: AskedCall, decision: Decision): string | undefined {
  if (decision.layer !== 'policy' || decision.action !== 'ask') return 'layer';
  if (
    decision.risk === 'critical' ||
    parts.some((part) => part.decision.risk === 'critical' && isAsked(part))
  )
    return 'risk';
  if ((footprint.flows ?? []).length > 0) return 'flow';
  if (footprint.effects.some((effect) => effect.kind === 'act' && NEVER_ACTS.has(effect.act))) return 'act';
  if (
    footprint.mcp !== undefined &&
    TAKES_CODE.test(footprint.mcp.tool.replaceAll(/([a-z])([A-Z])/g, '$1_$2'))
  )
    return 'code';
  // `exec < file` feeds the file to all that comes after it.
  return footprint.commands.some(({ normalForm }) => normalForm === 'exec') ? 'command' : undefined;
}

export function isAsked({ decision }: PartDecision): boolean {
  return decision.action !== 'allow';
}

function isPlainCommand(command: SimpleCommand | undefined): boolean {
  return command !== undefined && isBareCommand(command) && command.via.every((way) => PLAIN_WAYS.has(way));
}

/**
 * A command of which all that matters stands in its words, whoever runs it: nothing is fed to it, set for it, or
 * written beside it.
 */
export function isBareCommand(command: SimpleCommand): boolean {
  const { argv, assignments, redirections, stdin, cwd, isInline } = command;
  return (
    isInline !== true &&
    argv.length > 0 &&
    argv.every(({ kind }) => kind === 'static') &&
    assignments.length === 0 &&
    stdin.kind === 'inherit' &&
    cwd.kind === 'static' &&
    redirections.every(({ target }) => target?.kind === 'static' && NO_FILE.test(target.value))
  );
}

/**
 * What covers a call that the policy asks about: each part that it asks about is allowed by a rule, and all parts of
 * one command by rules of one and the same grant. Undefined when anything is left over. Does not throw.
 */
export function coveredBy(
  asked: AskedCall,
  decision: Decision,
  coverings: readonly Covering[],
): readonly Covering[] | undefined {
  if (coverings.length === 0 || neverGranted(asked, decision) !== undefined) return undefined;
  const open = Map.groupBy(
    asked.parts.flatMap((part, index) => (isAsked(part) ? [{ part, index }] : [])),
    ({ part }) => part.command,
  );
  const allowed = new Map(coverings.map((covering) => [covering, allowedParts(covering, asked)]));
  const used = new Set<Covering>();
  for (const [command, parts] of open) {
    const covering = coverings.find(
      (one) =>
        isInPlace(one, asked, command) &&
        parts.every(({ part, index }) => allowed.get(one)?.has(index) === true && isSame(one, asked, part)),
    );
    if (covering === undefined) return undefined;
    used.add(covering);
  }
  return used.size === 0 ? undefined : [...used];
}

function allowedParts({ policy }: Covering, { footprint, context }: AskedCall): ReadonlySet<number> {
  const allowed = new Set<number>();
  let index = 0;
  for (const { decision } of evaluateEach(policy, footprint, context)) {
    if (decision.action === 'allow') allowed.add(index);
    index += 1;
  }
  return allowed;
}

/** The same words do something else in another folder. */
function isInPlace(covering: Covering, { footprint }: AskedCall, command: number | undefined): boolean {
  if (command === undefined) return true;
  const cwd = footprint.commands[command]?.cwd;
  return cwd?.kind === 'static' && cwd.value === covering.folder;
}

/** A file that is run is the one that was shown. */
function isSame(covering: Covering, asked: AskedCall, { effect }: PartDecision): boolean {
  if (covering.contents !== undefined) return covering.contents === asked.contents;
  return !isRunFile(effect);
}

function isRunFile(effect: Effect | undefined): boolean {
  return effect?.kind === 'act' && effect.act === 'run-file';
}
