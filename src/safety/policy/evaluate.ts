import { isWithin } from '../paths.ts';
import { alwaysAsked, writeProtection } from '../protected-paths.ts';
import type { Action, Decision, Effect, Flow, Footprint, GateContext, Risk, Unknown } from '../types.ts';
import type { Policy, Rule } from './policy.ts';

const ACTION_WEIGHT: Record<Action, number> = { allow: 0, ask: 1, deny: 2 };
const RISK_WEIGHT: Record<Risk, number> = { low: 0, medium: 1, high: 2, critical: 3 };

/** What a rule is held against: one effect of one command, or a command or tool without any. */
type Unit = { readonly command: number | undefined; readonly effect: Effect | undefined };

/**
 * What a policy says about a footprint. The first rule that matches decides, for each effect of each command apart;
 * the call gets the strictest of it all. What no rule matches gets the default action, and what can't be known
 * never becomes allow. Does not throw.
 */
export function evaluatePolicy(policy: Policy, footprint: Footprint, context: GateContext): Decision {
  const doubts = footprint.unknowns.filter((unknown) => isDoubt(unknown, context));
  const evaluation = new Evaluation(policy, footprint, context, doubts);
  let worst: Decision | undefined;
  for (const unit of unitsOf(footprint)) {
    const decision = evaluation.decide(unit);
    if (worst === undefined || isStricter(decision, worst)) worst = decision;
  }
  return worst ?? byDefault(policy, undefined);
}

/** Whether a decision is stricter than another one: by what it does, then by how bad it could be. */
export function isStricter(one: Decision, other: Decision): boolean {
  const byAction = ACTION_WEIGHT[one.action] - ACTION_WEIGHT[other.action];
  return byAction > 0 || (byAction === 0 && RISK_WEIGHT[one.risk] > RISK_WEIGHT[other.risk]);
}

/** A doubt about a path counts only when the path lies outside, or is one that the agent may not simply change. */
export function isDoubt({ path }: Unknown, context: GateContext): boolean {
  if (path === undefined) return true;
  const isInside = context.directories.some((directory) => isWithin(path.real, directory));
  return !isInside || writeProtection(path.real) !== undefined || alwaysAsked(path.real) !== undefined;
}

/**
 * Whether a rule, alone in a policy, would decide: one that allows must allow the whole call, one that asks or
 * denies need only hit some part of it.
 */
export function ruleMatches(rule: Rule, footprint: Footprint, context: GateContext): boolean {
  const policy: Policy = { files: [], rules: [rule], defaultAction: 'ask', approvalTimeoutMs: undefined };
  if (rule.action === 'allow') return evaluatePolicy(policy, footprint, context).action === 'allow';
  const evaluation = new Evaluation(policy, footprint, context, footprint.unknowns);
  return unitsOf(footprint).some((unit) => evaluation.firstMatch(unit) === rule);
}

function unitsOf(footprint: Footprint): Unit[] {
  const units: Unit[] = footprint.effects.map((effect) => ({ command: effect.command, effect }));
  if (footprint.commands.length === 0 && units.length === 0)
    units.push({ command: undefined, effect: undefined });
  const withEffects = new Set(units.map(({ command }) => command));
  for (const command of footprint.commands.keys()) {
    if (!withEffects.has(command)) units.push({ command, effect: undefined });
  }
  return units;
}

class Evaluation {
  readonly #policy: Policy;
  readonly #footprint: Footprint;
  /** By command; those about the whole call under undefined. */
  readonly #doubts: ReadonlyMap<number | undefined, readonly Unknown[]>;
  readonly #flows: ReadonlyMap<number | undefined, ReadonlySet<Flow['kind']>>;
  readonly #rules: readonly Rule[];
  readonly #ownDirectory: string;
  /** Whether a rule's command patterns match a command: asked once for all of its effects. */
  readonly #patternMatches = new Map<Rule, (boolean | undefined)[]>();

  constructor(policy: Policy, footprint: Footprint, context: GateContext, doubts: readonly Unknown[]) {
    this.#policy = policy;
    this.#footprint = footprint;
    this.#doubts = Map.groupBy(doubts, ({ command }) => command);
    this.#flows = flowsByCommand(footprint.flows ?? []);
    this.#rules = policy.rules.filter(({ tools }) => tools === undefined || tools.has(footprint.tool));
    this.#ownDirectory = context.directories[0] ?? '/';
  }

  decide(unit: Unit): Decision {
    const rule = this.firstMatch(unit);
    const doubt = this.#doubtAbout(unit, rule);
    if (rule === undefined) return byDefault(this.#policy, doubt);
    if (rule.action === 'allow' && doubt !== undefined) return unknownDecision(doubt);
    const reason = rule.reason === '' ? `The rule ${rule.name} says so` : rule.reason;
    return { action: rule.action, layer: 'policy', rule: rule.name, reason, risk: rule.risk };
  }

  firstMatch(unit: Unit): Rule | undefined {
    return this.#rules.find((rule) => this.#matches(rule, unit));
  }

  #matches(rule: Rule, { command, effect }: Unit): boolean {
    if (rule.acts !== undefined && !(effect?.kind === 'act' && rule.acts.has(effect.act))) return false;
    if (rule.effects !== undefined && !this.#hasEffect(rule.effects, command, effect)) return false;
    if (rule.pathPatterns !== undefined && !this.#matchesPath(rule.pathPatterns, effect)) return false;
    if (rule.flows !== undefined && !this.#hasFlow(rule.flows, command)) return false;
    return rule.commandPatterns === undefined || this.#matchesCommand(rule, rule.commandPatterns, command);
  }

  #hasEffect(
    effects: NonNullable<Rule['effects']>,
    command: number | undefined,
    effect: Effect | undefined,
  ): boolean {
    if (effect !== undefined) return effect.kind !== 'act' && effects.has(effect.kind);
    return effects.has('none') && !this.#doubts.has(undefined) && !this.#doubts.has(command);
  }

  #hasFlow(kinds: NonNullable<Rule['flows']>, command: number | undefined): boolean {
    const own = this.#flows.get(command);
    return own !== undefined && [...own].some((kind) => kinds.has(kind));
  }

  #matchesCommand(
    rule: Rule,
    patterns: NonNullable<Rule['commandPatterns']>,
    command: number | undefined,
  ): boolean {
    const text = command === undefined ? undefined : this.#footprint.commands[command]?.normalForm;
    if (command === undefined || text === undefined) return false;
    const known = this.#patternMatches.get(rule) ?? [];
    const before = known[command];
    if (before !== undefined) return before;
    const matches = patterns.some((pattern) => pattern.test(text));
    known[command] = matches;
    this.#patternMatches.set(rule, known);
    return matches;
  }

  #matchesPath(patterns: NonNullable<Rule['pathPatterns']>, effect: Effect | undefined): boolean {
    if (effect === undefined || !('path' in effect)) return false;
    const { real } = effect.path;
    const below = isWithin(real, this.#ownDirectory)
      ? real.slice(this.#ownDirectory.length).replace(/^\//, '')
      : real;
    return patterns.some((pattern) => pattern.test(real) || (below !== real && pattern.test(below)));
  }

  /** A rule that names a program or a tool knows it; nothing lifts any other doubt. */
  #doubtAbout({ command }: Unit, rule: Rule | undefined): Unknown | undefined {
    const isOpen = ({ about }: Unknown): boolean => {
      if (about === 'program') return rule?.commandPatterns === undefined;
      return about !== 'tool' || rule?.tools === undefined;
    };
    const own = command === undefined ? undefined : this.#doubts.get(command)?.find(isOpen);
    return own ?? this.#doubts.get(undefined)?.find(isOpen);
  }
}

function flowsByCommand(flows: readonly Flow[]): ReadonlyMap<number | undefined, ReadonlySet<Flow['kind']>> {
  const byCommand = new Map<number | undefined, Set<Flow['kind']>>();
  for (const { kind, from, to } of flows) {
    for (const command of [from, to]) {
      const kinds = byCommand.get(command) ?? new Set();
      byCommand.set(command, kinds.add(kind));
    }
  }
  return byCommand;
}

function byDefault(policy: Policy, doubt: Unknown | undefined): Decision {
  if (policy.defaultAction === 'allow' && doubt !== undefined) return unknownDecision(doubt);
  const why = doubt === undefined ? '' : `: ${doubt.why}`;
  const reason = policy.defaultAction === 'deny' ? `No rule allows it${why}` : `No rule decides it${why}`;
  return { action: policy.defaultAction, layer: 'policy', rule: 'default-action', reason, risk: 'medium' };
}

function unknownDecision(doubt: Unknown): Decision {
  return {
    action: 'ask',
    layer: 'policy',
    rule: 'unknown',
    reason: `It can't be known ahead what it does: ${doubt.why}`,
    risk: 'medium',
  };
}
