import { z } from 'zod';
import { messageOf } from '../../errors.ts';
import type { Act, Effect, Flow } from '../types.ts';
import { compileShape } from './command-shape.ts';
import { compileHost, compileMcp } from './name-glob.ts';
import { checkPathGlob } from './path-glob.ts';
import { compilePattern } from './pattern.ts';

/** What a policy file may say, and the words for it. Anything else is an error that names the nearest word. */

const ACTIONS = ['allow', 'deny', 'require_approval'] as const;
const DECISIONS = ['allow', 'ask', 'deny'] as const;
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
  'use-leashd': true,
  serve: true,
  'agent-task': true,
  'browser-read': true,
  'browser-change': true,
  'mcp-call': true,
};
/** `none`: a command or tool that is known to touch nothing; `act`: any act. */
export type EffectName = Effect['kind'] | 'none';
const effectNames: Record<EffectName, true> = {
  read: true,
  write: true,
  delete: true,
  'read-tree': true,
  'delete-tree': true,
  network: true,
  act: true,
  none: true,
};
const flowNames: Record<Flow['kind'], true> = {
  'secret-to-network': true,
  'network-to-interpreter': true,
  'decoded-to-interpreter': true,
};

const oneOf = <Name extends string>(names: Record<Name, true>): z.ZodEnum<z.core.util.ToEnum<Name>> =>
  z.enum(Object.keys(names) as [Name, ...Name[]]);

const text = z.string();
const words = z.array(text).min(1);
const example = z.union([text, z.strictObject({ tool: text, input: z.unknown() })]);

/** A list whose entries a compiler must take; what it throws is what was expected. */
function listOf(compile: (source: string) => unknown): z.ZodArray<z.ZodString> {
  const entry = text.superRefine((source, context) => {
    try {
      compile(source);
    } catch (error) {
      context.addIssue({ code: 'custom', message: `expected ${messageOf(error)}` });
    }
  });
  return z.array(entry).min(1);
}

const patterns = listOf(compilePattern);

const ruleSchema = z.strictObject({
  name: text.min(1).describe('What the person, the agent and the audit log are told'),
  description: text.optional(),
  tool: text.min(1).optional().describe('The one tool it is about, as the agent names it: Bash'),
  tools: words.optional().describe('The tools it is about'),
  commands: listOf((source) => compileShape(source, false))
    .optional()
    .describe('Commands, word by word: * is one word, ** at the end any rest. "npm run *"'),
  inline: z
    .boolean()
    .optional()
    .describe('Of commands, those in a text that another one runs (bash -c, eval), or only the others'),
  command_patterns: patterns.optional().describe('Regular expressions (RE2), found anywhere in a command'),
  acts: z.array(oneOf(actNames)).min(1).optional().describe('What it does, whichever program does it'),
  effects: z
    .array(oneOf(effectNames))
    .min(1)
    .optional()
    .describe('read and delete include whole trees; none: known to touch nothing'),
  paths: listOf(checkPathGlob)
    .optional()
    .describe('Globs for real paths: src/**, *.sql, ~/notes/**, /opt/**; ! takes out again'),
  path_patterns: patterns.optional().describe('Regular expressions (RE2), found anywhere in a path'),
  hosts: listOf((source) => compileHost(source, true))
    .optional()
    .describe('Hosts it contacts: example.com, *.example.com, *'),
  mcp: listOf(compileMcp)
    .optional()
    .describe('MCP servers, or tools of one: playwright, playwright/browser_*'),
  flows: z.array(oneOf(flowNames)).min(1).optional().describe('Data that goes from one command to another'),
  unknown: z.literal(true).optional().describe("What can't be known ahead; never with allow"),
  action: z.enum(ACTIONS),
  reason: text.optional().describe('One sentence for the person and the agent'),
  risk_level: z.enum(RISKS).default('medium'),
  examples: z
    .strictObject({ match: z.array(example).optional(), not_match: z.array(example).optional() })
    .optional()
    .describe('Calls that this rule, alone, decides, and such that it leaves; "leashd policy test" looks'),
});

const testSchema = z.strictObject({
  call: example,
  cwd: text.optional().describe('A folder of the project in which it starts'),
  decision: z.enum(DECISIONS),
  rule: text.optional().describe('The rule that has to decide'),
});

export const policySchema = z.strictObject({
  version: z.union([text, z.number()]).optional(),
  name: text.optional(),
  description: text.optional(),
  settings: z
    .strictObject({
      default_action: z.enum(ACTIONS).optional().describe('For what no rule matches'),
      approval_timeout_seconds: z.number().positive().max(86_400).optional(),
    })
    .optional(),
  rules: z.array(ruleSchema).default([]).describe('In order: the first that matches decides'),
  tests: z
    .array(testSchema)
    .default([])
    .describe('Calls, and what the sandbox and this policy together have to say to them'),
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
  ...Object.keys(testSchema.shape),
];
