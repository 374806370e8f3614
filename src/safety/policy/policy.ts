import type { Act, Action, Flow, Risk } from '../types.ts';
import type { CommandShape } from './command-shape.ts';
import type { HostGlob, McpGlob } from './name-glob.ts';
import type { PathGlobs } from './path-glob.ts';
import type { Pattern } from './pattern.ts';
import type { EffectName, PolicyFile, RuleExample } from './schema.ts';

/** A rule, ready to be asked. An absent matcher matches everything; all that are given have to match. */
export type Rule = {
  readonly name: string;
  readonly action: Action;
  readonly reason: string;
  readonly risk: Risk;
  readonly tools: ReadonlySet<string> | undefined;
  readonly commands: readonly CommandShape[] | undefined;
  readonly commandPatterns: readonly Pattern[] | undefined;
  /** Whether the command stands in a text that another one was given to run; undefined for both. */
  readonly isInline: boolean | undefined;
  readonly paths: PathGlobs | undefined;
  readonly pathPatterns: readonly Pattern[] | undefined;
  readonly acts: ReadonlySet<Act> | undefined;
  readonly effects: ReadonlySet<EffectName> | undefined;
  readonly hosts: readonly HostGlob[] | undefined;
  readonly mcp: readonly McpGlob[] | undefined;
  readonly flows: ReadonlySet<Flow['kind']> | undefined;
  /** Only what can't be known ahead. */
  readonly isAboutUnknown: boolean;
  readonly examples: {
    readonly match: readonly PlacedExample[];
    readonly notMatch: readonly PlacedExample[];
  };
  /** `default.yaml:12:5`. */
  readonly place: string;
};

/** An example and where it stands. */
export type PlacedExample = { readonly call: RuleExample; readonly place: string };

/** What a whole policy promises about a call. */
export type PolicyTest = PolicyFile['tests'][number] & { readonly place: string };

/** All policy files as one: rules in order, the last word of each setting. */
export type Policy = {
  readonly files: readonly string[];
  readonly rules: readonly Rule[];
  readonly tests?: readonly PolicyTest[] | undefined;
  readonly defaultAction: Action;
  /** Milliseconds; undefined when no file says. */
  readonly approvalTimeoutMs: number | undefined;
};
