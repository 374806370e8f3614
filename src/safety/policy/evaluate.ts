import { isWithin } from '../paths.ts';
import { alwaysAsked, writeProtection } from '../sandbox/protected-paths.ts';
import type {
  Act,
  Action,
  Decision,
  Effect,
  Flow,
  Footprint,
  GateContext,
  Risk,
  SimpleCommand,
  Unknown,
} from '../types.ts';
import { formsOf } from './command-forms.ts';
import type { PathFit } from './path-glob.ts';
import type { Policy, Rule } from './policy.ts';
import type { EffectName } from './schema.ts';

const ACTION_WEIGHT: Record<Action, number> = { allow: 0, ask: 1, deny: 2 };
const RISK_WEIGHT: Record<Risk, number> = { low: 0, medium: 1, high: 2, critical: 3 };

/** What a word for effects stands for besides itself. */
const EFFECT_GROUP: Record<Effect['kind'], EffectName> = {
  read: 'read',
  'read-tree': 'read',
  write: 'write',
  delete: 'delete',
  'delete-tree': 'delete',
  network: 'network',
  act: 'act',
};

const REMOTE_ACTS: ReadonlySet<Act> = new Set([
  'push',
  'rewrite-remote-history',
  'publish',
  'change-remote',
  'destroy-remote',
  'read-remote',
  'install-packages',
]);

/** What a rule is held against: one effect of one command, or a command or tool without any. */
type Unit = { readonly command: number | undefined; readonly effect: Effect | undefined };

/**
 * What a policy says about a footprint. The first rule that matches decides, for each effect of each command apart;
 * the call gets the strictest of it all. What no rule matches gets the default action, and what can't be known
 * never becomes allow. Does not throw.
 */
export function evaluatePolicy(policy: Policy, footprint: Footprint, context: GateContext): Decision {
  let worst: Decision | undefined;
  for (const { decision } of evaluateEach(policy, footprint, context)) {
    if (worst === undefined || isStricter(decision, worst)) worst = decision;
  }
  return worst ?? byDefault(policy, undefined);
}

/** One part of a call and what the policy says about it. */
export type PartDecision = {
  /** An index into the footprint's commands; undefined for tools that are no command. */
  readonly command: number | undefined;
  /** Undefined for a command or tool without any effect that is known. */
  readonly effect: Effect | undefined;
  readonly decision: Decision;
  /** The rule that matched; undefined where none did. */
  readonly rule: Rule | undefined;
};

/** What evaluatePolicy takes the strictest of. */
export function* evaluateEach(
  policy: Policy,
  footprint: Footprint,
  context: GateContext,
): Generator<PartDecision> {
  const doubts = footprint.unknowns.filter((unknown) => isDoubt(unknown, context));
  const evaluation = new Evaluation(policy, footprint, context, doubts);
  for (const unit of unitsOf(footprint)) yield { ...unit, ...evaluation.decide(unit) };
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
  readonly #patternMatches = new Map<Rule, (boolean | undefined)[]>();
  readonly #forms = new Map<SimpleCommand, readonly string[] | undefined>();
  readonly #shapeMatches = new Map<Rule, (boolean | undefined)[]>();

  constructor(policy: Policy, footprint: Footprint, context: GateContext, doubts: readonly Unknown[]) {
    this.#policy = policy;
    this.#footprint = footprint;
    this.#doubts = Map.groupBy(doubts, ({ command }) => command);
    this.#flows = flowsByCommand(footprint.flows ?? []);
    this.#rules = rulesAbout(policy, footprint.tool);
    this.#ownDirectory = context.directories[0] ?? '/';
  }

  decide(unit: Unit): { readonly decision: Decision; readonly rule: Rule | undefined } {
    const rule = this.firstMatch(unit);
    const doubt = this.#doubtAbout(unit, rule);
    if (rule === undefined) return { rule, decision: byDefault(this.#policy, doubt) };
    if (rule.action === 'allow' && doubt !== undefined) return { rule, decision: unknownDecision(doubt) };
    const { action, name, reason: given, risk } = rule;
    const reason = given === '' ? `The rule ${name} says so` : given;
    return { rule, decision: { action, layer: 'policy', rule: name, reason, risk } };
  }

  /**
   * A rule that asks about something in a tree asks about the tree, unless a later one refuses it; one that denies
   * refuses it at once.
   */
  firstMatch(unit: Unit): Rule | undefined {
    let asking: Rule | undefined;
    for (const rule of this.#rules) {
      const fit = this.#fit(rule, unit);
      if (fit === 'whole') return rule.action === 'allow' ? (asking ?? rule) : rule;
      if (fit === 'none') continue;
      if (rule.action === 'deny') return rule;
      asking ??= rule;
    }
    return this.#policy.defaultAction === 'deny' ? undefined : asking;
  }

  #fit(rule: Rule, unit: Unit): PathFit {
    if (!this.#matches(rule, unit)) return 'none';
    return rule.paths === undefined ? 'whole' : this.#fitOfPath(rule.paths, unit.effect);
  }

  #matches(rule: Rule, { command, effect }: Unit): boolean {
    if (rule.isAboutUnknown && !this.#doubts.has(undefined) && !this.#doubts.has(command)) return false;
    if (rule.mcp !== undefined && !this.#isOfMcp(rule.mcp)) return false;
    if (rule.isInline !== undefined && rule.isInline !== this.#isInline(command)) return false;
    if (rule.acts !== undefined && !this.#isAct(rule, rule.acts, command, effect)) return false;
    if (this.#isRedirectedPast(rule, command, effect)) return false;
    if (rule.effects !== undefined && !this.#hasEffect(rule.effects, command, effect)) return false;
    if (rule.pathPatterns !== undefined && !this.#matchesPath(rule.pathPatterns, effect)) return false;
    if (rule.hosts !== undefined && !contacts(rule.hosts, effect)) return false;
    if (rule.flows !== undefined && !this.#hasFlow(rule.flows, command)) return false;
    if (rule.commands !== undefined && !this.#hasShape(rule, rule.commands, command)) return false;
    return rule.commandPatterns === undefined || this.#matchesCommand(rule, rule.commandPatterns, command);
  }

  #hasEffect(
    effects: NonNullable<Rule['effects']>,
    command: number | undefined,
    effect: Effect | undefined,
  ): boolean {
    if (effect !== undefined) return effects.has(effect.kind) || effects.has(EFFECT_GROUP[effect.kind]);
    return effects.has('none') && !this.#doubts.has(undefined) && !this.#doubts.has(command);
  }

  /** Who allows what is done elsewhere also allows that it goes there, as long as no host is named. */
  #isAct(
    rule: Rule,
    acts: NonNullable<Rule['acts']>,
    command: number | undefined,
    effect: Effect | undefined,
  ): boolean {
    if (effect?.kind === 'act') return acts.has(effect.act);
    if (rule.action !== 'allow' || effect?.kind !== 'network' || effect.host !== undefined) return false;
    return this.#footprint.effects.some(
      (other) =>
        other.kind === 'act' &&
        other.command === command &&
        REMOTE_ACTS.has(other.act) &&
        acts.has(other.act),
    );
  }

  /** Who allows a command does not allow to write its output anywhere: the words of a rule don't say where. */
  #isRedirectedPast(rule: Rule, command: number | undefined, effect: Effect | undefined): boolean {
    if (rule.action !== 'allow' || effect?.kind !== 'write' || command === undefined) return false;
    if ((rule.commands ?? rule.commandPatterns) === undefined) return false;
    if ((rule.effects ?? rule.paths ?? rule.pathPatterns) !== undefined) return false;
    const { redirections = [] } = this.#footprint.commands[command] ?? {};
    return redirections.some(({ operator }) => operator.includes('>'));
  }

  #isInline(command: number | undefined): boolean {
    return command !== undefined && this.#footprint.commands[command]?.isInline === true;
  }

  #isOfMcp(globs: NonNullable<Rule['mcp']>): boolean {
    const { mcp } = this.#footprint;
    return mcp !== undefined && globs.some((glob) => glob(mcp));
  }

  #fitOfPath(globs: NonNullable<Rule['paths']>, effect: Effect | undefined): PathFit {
    if (effect === undefined || !('path' in effect)) return 'none';
    const isTree = effect.kind === 'read-tree' || effect.kind === 'delete-tree';
    return globs.fit({ real: effect.path.real, directory: this.#ownDirectory, isTree });
  }

  #hasShape(rule: Rule, shapes: NonNullable<Rule['commands']>, command: number | undefined): boolean {
    const argv = command === undefined ? undefined : this.#footprint.commands[command]?.argv;
    if (command === undefined || argv === undefined) return false;
    return this.#once(this.#shapeMatches, rule, command, () => shapes.some((shape) => shape.matches(argv)));
  }

  /** A command's words are asked about once, not for each of its effects. */
  #once(known: Map<Rule, (boolean | undefined)[]>, rule: Rule, command: number, ask: () => boolean): boolean {
    let answers = known.get(rule);
    if (answers === undefined) known.set(rule, (answers = []));
    return (answers[command] ??= ask());
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
    const own = command === undefined ? undefined : this.#footprint.commands[command];
    if (command === undefined || own === undefined) return false;
    return this.#once(this.#patternMatches, rule, command, () => {
      const forms = this.#formsOf(own);
      const fits = (form: string): boolean => patterns.some((pattern) => pattern.test(form));
      // Who allows has to mean all that it could be; who asks or denies, one of it.
      return rule.action === 'allow' ? forms?.every(fits) === true : (forms ?? [own.normalForm]).some(fits);
    });
  }

  #formsOf(command: SimpleCommand): readonly string[] | undefined {
    if (!this.#forms.has(command)) this.#forms.set(command, formsOf(command));
    return this.#forms.get(command);
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
      if (about === 'program') return (rule?.commandPatterns ?? rule?.commands) === undefined;
      return about !== 'tool' || (rule?.tools ?? rule?.mcp) === undefined;
    };
    const own = command === undefined ? undefined : this.#doubts.get(command)?.find(isOpen);
    return own ?? this.#doubts.get(undefined)?.find(isOpen);
  }
}

const rulesByTool = new WeakMap<Policy, Map<string, readonly Rule[]>>();

/** A policy never changes once it is loaded. */
function rulesAbout(policy: Policy, tool: string): readonly Rule[] {
  let known = rulesByTool.get(policy);
  if (known === undefined) rulesByTool.set(policy, (known = new Map<string, readonly Rule[]>()));
  let rules = known.get(tool);
  if (rules === undefined) {
    rules = policy.rules.filter(({ tools }) => tools === undefined || tools.has(tool));
    // Names of tools come from outside.
    if (known.size < 100) known.set(tool, rules);
  }
  return rules;
}

function contacts(globs: NonNullable<Rule['hosts']>, effect: Effect | undefined): boolean {
  return effect?.kind === 'network' && globs.some((glob) => glob(effect.host));
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
  const reason = `No rule ${policy.defaultAction === 'allow' ? 'decides' : 'allows'} it${why}`;
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
