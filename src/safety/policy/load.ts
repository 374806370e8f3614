import { readFileSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { messageOf, PersonError } from '../../errors.ts';
import { nearest } from '../../util/nearest.ts';
import type { Action } from '../types.ts';
import { compileRule, RULE_ACTION } from './compile-rule.ts';
import type { Policy, PolicyTest, Rule } from './policy.ts';
import { issueLines, placeOf } from './problems.ts';
import type { ParsedFile } from './problems.ts';
import { policySchema } from './schema.ts';
import type { PolicyFile } from './schema.ts';

export type LoadOptions = {
  /** Relative names are taken from here. */
  readonly startDirectory: string;
  /** Where default.yaml and its siblings lie. */
  readonly builtInDirectory: string;
  /** What `~` in `paths` means; the person's own home without it. */
  readonly home?: string | undefined;
};

export const BUILT_IN_POLICIES = ['default', 'strict', 'permissive', 'dev-tools'] as const;

const LARGEST_FILE = 1024 * 1024;
/** One mistake makes the parser stumble over all that follows. */
const MOST_SYNTAX_ERRORS = 3;

/**
 * Reads policy files into one policy: their rules in order, a later file's settings over an earlier one's.
 * `strict` and `strict.yaml` name a built-in policy, `policies/strict.yaml` does where no such file lies.
 * @throws PersonError with one `file:line:column` line for each fault in all of them.
 */
export function loadPolicies(names: readonly string[], options: LoadOptions): Policy {
  const problems: string[] = [];
  const files: string[] = [];
  const rules: Rule[] = [];
  const tests: PolicyTest[] = [];
  const home = realHome(options.home ?? homedir());
  let defaultAction: Action = 'ask';
  let approvalTimeoutMs: number | undefined;
  for (const name of names) {
    const path = findPolicy(name, options);
    if (path === undefined) {
      problems.push(notFound(name, options));
      continue;
    }
    files.push(path);
    const content = readPolicyFile(path, name, problems, home);
    if (content === undefined) continue;
    rules.push(...content.rules);
    tests.push(...content.tests);
    if (content.settings?.default_action !== undefined)
      defaultAction = RULE_ACTION[content.settings.default_action];
    const seconds = content.settings?.approval_timeout_seconds;
    if (seconds !== undefined) approvalTimeoutMs = seconds * 1000;
  }
  if (problems.length > 0) {
    throw new PersonError('POLICY_INVALID', problems.join('\n'), {
      hint: 'Correct the policy files: leashd takes all of them or none, as nobody would know what is allowed.',
    });
  }
  return { files, rules, tests, defaultAction, approvalTimeoutMs };
}

function findPolicy(name: string, { startDirectory, builtInDirectory }: LoadOptions): string | undefined {
  // A bare name is the built-in one, whatever lies about: a project must not bring its own `default.yaml`.
  const bare = BUILT_IN_POLICIES.find((known) => name === known || name === `${known}.yaml`);
  if (bare !== undefined) return resolve(builtInDirectory, `${bare}.yaml`);
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

/** Rules see real paths, so the home has to be one. */
function realHome(home: string): string {
  try {
    return realpathSync.native(home);
  } catch {
    return home;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

type ReadFile = {
  readonly rules: readonly Rule[];
  readonly tests: readonly PolicyTest[];
  readonly settings: PolicyFile['settings'];
};

function readPolicyFile(path: string, name: string, problems: string[], home: string): ReadFile | undefined {
  let text: string;
  try {
    if (statSync(path).size > LARGEST_FILE) throw new Error('it is larger than a megabyte');
    text = readFileSync(path, 'utf8');
  } catch (error) {
    problems.push(`${name}: can't be read: ${messageOf(error)}`);
    return undefined;
  }
  return parsePolicy(text, basename(path), problems, home);
}

/** Adds what is wrong to `problems`; what can still be read is returned, so that all faults come at once. */
export function parsePolicy(
  text: string,
  name: string,
  problems: string[],
  home: string = homedir(),
): ReadFile | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const file: ParsedFile = { name, document, lines };
  for (const { pos, message } of document.errors.slice(0, MOST_SYNTAX_ERRORS)) {
    const { line, col } = lines.linePos(pos[0]);
    problems.push(`${name}:${line}:${col} ${message.split(/ at line |:\n/)[0] ?? message}`);
  }
  if (document.errors.length > 0) return undefined;
  const content = policySchema.safeParse(document.toJS() ?? {});
  if (!content.success) {
    problems.push(...inOrder(content.error.issues.flatMap((issue) => issueLines(file, issue))));
    return undefined;
  }
  const rules = content.data.rules.map((rule, index) => compileRule(rule, index, { file, problems, home }));
  const tests = content.data.tests.map((test, index) => ({
    ...test,
    place: placeOf(file, ['tests', index]),
  }));
  return { rules, tests, settings: content.data.settings };
}

/** By line and column, as a person goes through a file. */
function inOrder(lines: readonly string[]): string[] {
  const placeOfLine = (line: string): number => {
    const [, row = 0, column = 0] = /:(\d+):(\d+) /.exec(line) ?? [];
    return Number(row) * 100_000 + Number(column);
  };
  return lines.toSorted((one, other) => placeOfLine(one) - placeOfLine(other));
}
