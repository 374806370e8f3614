import type { Act, Action, Flow, Risk } from '../types.ts';
import type { Pattern } from './pattern.ts';
import type { EffectName, RuleExample } from './schema.ts';

/** A rule, ready to be asked. An absent matcher matches everything. */
export type Rule = {
  readonly name: string;
  readonly action: Action;
  readonly reason: string;
  readonly risk: Risk;
  readonly tools: ReadonlySet<string> | undefined;
  readonly commandPatterns: readonly Pattern[] | undefined;
  readonly pathPatterns: readonly Pattern[] | undefined;
  readonly acts: ReadonlySet<Act> | undefined;
  readonly effects: ReadonlySet<EffectName> | undefined;
  readonly flows: ReadonlySet<Flow['kind']> | undefined;
  readonly examples: { readonly match: readonly RuleExample[]; readonly notMatch: readonly RuleExample[] };
  /** `default.yaml:12:5`. */
  readonly place: string;
};

/** All policy files as one: rules in order, the last word of each setting. */
export type Policy = {
  readonly files: readonly string[];
  readonly rules: readonly Rule[];
  readonly defaultAction: Action;
  /** Milliseconds; undefined when no file says. */
  readonly approvalTimeoutMs: number | undefined;
};
