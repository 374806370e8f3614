import { z } from 'zod';
import { messageOf } from '../../errors.ts';
import type { Act, Effect, Flow } from '../types.ts';
import { compilePattern } from './pattern.ts';

/** What a policy file may say, and the words for it. Anything else is an error that names the nearest word. */

const ACTIONS = ['allow', 'deny', 'require_approval'] as const;
const RISKS = ['low', 'medium', 'high', 'critical'] as const;

// Objects with every member as a key, so that a new one can't be forgotten here.
const actNames: Record<Act, true> = {
  'run-project-code': true,
  'run-inline-code': true,
  'run-file': true,
  'install-packages': true,
  publish: true,
  'change-history': true,
  'rewrite-history': true,
  push: true,
  'rewrite-remote-history': true,
  'change-remote': true,
  'destroy-remote': true,
  'read-remote': true,
  privilege: true,
  kill: true,
  persist: true,
  'change-permissions': true,
  'change-system': true,
  'list-environment': true,
  serve: true,
  'agent-task': true,
  'browser-read': true,
  'browser-change': true,
  'mcp-call': true,
};
/** `none`: a command or tool that is known to touch nothing. */
export type EffectName = Exclude<Effect['kind'], 'act'> | 'none';
const effectNames: Record<EffectName, true> = {
  read: true,
  write: true,
  delete: true,
  'read-tree': true,
  'delete-tree': true,
  network: true,
  none: true,
};
const flowNames: Record<Flow['kind'], true> = {
  'network-to-interpreter': true,
  'decoded-to-interpreter': true,
};

const oneOf = <Name extends string>(names: Record<Name, true>): z.ZodEnum<z.core.util.ToEnum<Name>> =>
  z.enum(Object.keys(names) as [Name, ...Name[]]);

const text = z.string();
const words = z.array(text).min(1);
const patterns = z.array(text.superRefine(checkPattern)).min(1);
const example = z.union([text, z.strictObject({ tool: text, input: z.unknown() })]);

function checkPattern(source: string, context: z.RefinementCtx): void {
  try {
    compilePattern(source);
  } catch (error) {
    context.addIssue({ code: 'custom', message: `expected ${messageOf(error)}` });
  }
}

const ruleSchema = z.strictObject({
  name: text.min(1),
  description: text.optional(),
  tool: text.min(1).optional(),
  tools: words.optional(),
  command_patterns: patterns.optional(),
  path_patterns: patterns.optional(),
  acts: z.array(oneOf(actNames)).min(1).optional(),
  effects: z.array(oneOf(effectNames)).min(1).optional(),
  flows: z.array(oneOf(flowNames)).min(1).optional(),
  action: z.enum(ACTIONS),
  reason: text.optional(),
  risk_level: z.enum(RISKS).default('medium'),
  examples: z
    .strictObject({ match: z.array(example).optional(), not_match: z.array(example).optional() })
    .optional(),
});

export const policySchema = z.strictObject({
  version: z.union([text, z.number()]).optional(),
  name: text.optional(),
  description: text.optional(),
  settings: z
    .strictObject({
      default_action: z.enum(ACTIONS).optional(),
      approval_timeout_seconds: z.number().positive().max(86_400).optional(),
    })
    .optional(),
  rules: z.array(ruleSchema).default([]),
});

export type RuleFile = z.infer<typeof ruleSchema>;
export type PolicyFile = z.infer<typeof policySchema>;
export type RuleExample = z.infer<typeof example>;

/** Every key that may stand somewhere, to find the one that was meant. */
export const KNOWN_KEYS: readonly string[] = [
  ...Object.keys(policySchema.shape),
  ...Object.keys(ruleSchema.shape),
  'default_action',
  'approval_timeout_seconds',
  'match',
  'not_match',
  'input',
];
