import { Document, isMap, isSeq, LineCounter, parseDocument } from 'yaml';
import { compileRule } from './compile-rule.ts';
import type { Policy, Rule } from './policy.ts';
import { policySchema } from './schema.ts';
import type { RuleFile } from './schema.ts';

/** A rule that allows, as it stands in a file and ready to be asked. */
export type AllowRule = { readonly file: RuleFile; readonly rule: Rule };

export type ReadRules =
  { readonly rules: readonly AllowRule[]; readonly problem?: undefined } | { readonly problem: string };

/** Rules that somebody wants to allow something with; anything else that they might do is a problem. */
export function readAllowRules(given: unknown, home: string): ReadRules {
  const parsed = policySchema.safeParse({ rules: given });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not readable'}` };
  }
  const problems: string[] = [];
  const file = { name: 'rules', document: new Document(), lines: new LineCounter() };
  const rules = parsed.data.rules.map((rule, index) => ({
    file: rule,
    rule: compileRule(rule, index, { file, problems, home }),
  }));
  const names = new Set(rules.map(({ rule }) => rule.name));
  if (names.size !== rules.length) problems.push('expected a name of its own for each rule');
  if (rules.some(({ rule }) => rule.action !== 'allow'))
    problems.push('expected rules that allow, and no others');
  const [problem] = problems;
  return problem === undefined ? { rules } : { problem };
}

/** A policy of these rules alone: what none of them allows asks. */
export function policyOf(rules: readonly AllowRule[]): Policy {
  return {
    files: [],
    rules: rules.map(({ rule }) => rule),
    defaultAction: 'ask',
    approvalTimeoutMs: undefined,
  };
}

/** The rules of an overlay file. */
export function readOwnRules(text: string, home: string): ReadRules {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) return { problem: error.message };
  const whole = policySchema.safeParse(document.toJS({ maxAliasCount: 0 }) ?? {});
  if (!whole.success || whole.data.settings !== undefined)
    return { problem: 'expected rules that allow, and no others' };
  const content: unknown = document.toJS();
  return readAllowRules(content instanceof Object && 'rules' in content ? content.rules : [], home);
}

/** The file with one rule more, its comment above it. The other rules keep theirs. */
export function withOwnRule(
  text: string | undefined,
  title: string,
  rule: RuleFile,
  comment: string,
): string {
  const document: Document = parseDocument(text ?? '');
  if (!isMap(document.contents)) {
    document.contents = document.createNode({ rules: [] });
    document.commentBefore = commentOf(title);
  }
  if (!isSeq(document.get('rules'))) document.set('rules', document.createNode([]));
  const node = document.createNode(rule);
  node.commentBefore = commentOf(comment);
  document.addIn(['rules'], node);
  return document.toString({ lineWidth: 0 });
}

/** The file without that rule and its comment; undefined when there is none of that name. */
export function withoutOwnRule(text: string, name: string): string | undefined {
  const document = parseDocument(text);
  const rules = document.get('rules');
  if (!isSeq(rules)) return undefined;
  const index = rules.items.findIndex((item) => isMap(item) && item.get('name') === name);
  if (index < 0) return undefined;
  const comment = index === 0 ? rules.commentBefore : undefined;
  rules.items.splice(index, 1);
  // The parser hangs the first rule's comment on the list.
  if (comment !== undefined) rules.commentBefore = null;
  return document.toString({ lineWidth: 0 });
}

function commentOf(text: string): string {
  return text
    .split('\n')
    .map((line) => ` ${line}`)
    .join('\n');
}
