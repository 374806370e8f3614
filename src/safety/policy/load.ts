import { readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { messageOf, PersonError } from '../../errors.ts';
import { nearest } from '../../util/nearest.ts';
import type { Action } from '../types.ts';
import { compilePattern } from './pattern.ts';
import type { Policy, Rule } from './policy.ts';
import { issueLines, placeOf, problemLine } from './problems.ts';
import type { ParsedFile } from './problems.ts';
import { policySchema } from './schema.ts';
import type { PolicyFile, RuleFile } from './schema.ts';

export type LoadOptions = {
  /** Relative names are taken from here. */
  readonly startDirectory: string;
  /** Where default.yaml and its siblings lie. */
  readonly builtInDirectory: string;
};

export const BUILT_IN_POLICIES = ['default', 'strict', 'permissive', 'dev-tools'] as const;

const LARGEST_FILE = 1024 * 1024;
const ACTION: Record<PolicyFile['rules'][number]['action'], Action> = {
  allow: 'allow',
  deny: 'deny',
  require_approval: 'ask',
};

/**
 * Reads policy files into one policy: their rules in order, a later file's settings over an earlier one's.
 * `strict`, `strict.yaml` and `policies/strict.yaml` name a built-in policy where no such file lies.
 * @throws PersonError with one `file:line:column` line for each fault in all of them.
 */
export function loadPolicies(names: readonly string[], options: LoadOptions): Policy {
  const problems: string[] = [];
  const files: string[] = [];
  const rules: Rule[] = [];
  let defaultAction: Action = 'ask';
  let approvalTimeoutMs: number | undefined;
  for (const name of names) {
    const path = findPolicy(name, options);
    if (path === undefined) {
      problems.push(notFound(name, options));
      continue;
    }
    files.push(path);
    const content = readPolicyFile(path, name, problems);
    if (content === undefined) continue;
    rules.push(...content.rules);
    if (content.settings?.default_action !== undefined)
      defaultAction = ACTION[content.settings.default_action];
    const seconds = content.settings?.approval_timeout_seconds;
    if (seconds !== undefined) approvalTimeoutMs = seconds * 1000;
  }
  if (problems.length > 0) {
    throw new PersonError('POLICY_INVALID', problems.join('\n'), {
      hint: 'Correct the policy files; until then nothing is started, as nobody would know what is allowed.',
    });
  }
  return { files, rules, defaultAction, approvalTimeoutMs };
}

function findPolicy(name: string, { startDirectory, builtInDirectory }: LoadOptions): string | undefined {
  const own = resolve(startDirectory, name);
  if (isFile(own)) return own;
  const short = /^(?:policies\/)?([\w-]+?)(?:\.ya?ml)?$/.exec(name.replace(/^\.\//, ''))?.[1];
  const builtIn = BUILT_IN_POLICIES.find((known) => known === short);
  return builtIn === undefined ? undefined : resolve(builtInDirectory, `${builtIn}.yaml`);
}

function notFound(name: string, { startDirectory }: LoadOptions): string {
  const short = basename(name).replace(/\.ya?ml$/, '');
  const meant = nearest(short, BUILT_IN_POLICIES);
  const hint = meant === undefined ? '' : `; did you mean ${JSON.stringify(meant)}?`;
  return `${name}: expected a policy file in ${startDirectory} or one of ${BUILT_IN_POLICIES.join(', ')}, got neither${hint}`;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

type ReadFile = { readonly rules: readonly Rule[]; readonly settings: PolicyFile['settings'] };

function readPolicyFile(path: string, name: string, problems: string[]): ReadFile | undefined {
  let text: string;
  try {
    if (statSync(path).size > LARGEST_FILE) throw new Error('it is larger than a megabyte');
    text = readFileSync(path, 'utf8');
  } catch (error) {
    problems.push(`${name}: can't be read: ${messageOf(error)}`);
    return undefined;
  }
  return parsePolicy(text, basename(path), problems);
}

/** Adds what is wrong to `problems`; what can still be read is returned, so that all faults come at once. */
export function parsePolicy(text: string, name: string, problems: string[]): ReadFile | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const file: ParsedFile = { name, document, lines };
  for (const { pos, message } of document.errors) {
    const { line, col } = lines.linePos(pos[0]);
    problems.push(`${name}:${line}:${col} ${message.split(/ at line |:\n/)[0] ?? message}`);
  }
  if (document.errors.length > 0) return undefined;
  const content = policySchema.safeParse(document.toJS() ?? {});
  if (!content.success) {
    problems.push(...inOrder(content.error.issues.flatMap((issue) => issueLines(file, issue))));
    return undefined;
  }
  const rules = content.data.rules.map((rule, index) => compileRule(rule, index, file, problems));
  return { rules, settings: content.data.settings };
}

/** By line and column, as a person goes through a file. */
function inOrder(lines: readonly string[]): string[] {
  const placeOfLine = (line: string): number => {
    const [, row = 0, column = 0] = /:(\d+):(\d+) /.exec(line) ?? [];
    return Number(row) * 100_000 + Number(column);
  };
  return lines.toSorted((one, other) => placeOfLine(one) - placeOfLine(other));
}

function compileRule(rule: RuleFile, index: number, file: ParsedFile, problems: string[]): Rule {
  const tools = [...(rule.tool === undefined ? [] : [rule.tool]), ...(rule.tools ?? [])];
  const matchesByItself = rule.acts ?? rule.effects ?? rule.flows;
  if (tools.length === 0 && matchesByItself === undefined) {
    problems.push(
      problemLine(file, ['rules', index], `expected tool or tools in the rule ${rule.name}, got neither`),
    );
  }
  return {
    name: rule.name,
    action: ACTION[rule.action],
    reason: rule.reason ?? rule.description ?? '',
    risk: rule.risk_level,
    tools: tools.length === 0 ? undefined : new Set(tools),
    commandPatterns: rule.command_patterns?.map((source) => compilePattern(source)),
    pathPatterns: rule.path_patterns?.map((source) => compilePattern(source)),
    acts: rule.acts && new Set(rule.acts),
    effects: rule.effects && new Set(rule.effects),
    flows: rule.flows && new Set(rule.flows),
    examples: { match: rule.examples?.match ?? [], notMatch: rule.examples?.not_match ?? [] },
    place: placeOf(file, ['rules', index]),
  };
}
