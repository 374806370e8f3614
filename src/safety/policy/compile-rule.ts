import { messageOf } from '../../errors.ts';
import type { Action } from '../types.ts';
import { compileShape } from './command-shape.ts';
import { compileHost, compileMcp } from './name-glob.ts';
import { compilePathGlobs } from './path-glob.ts';
import { compilePattern } from './pattern.ts';
import type { PlacedExample, Rule } from './policy.ts';
import { placeOf, problemLine } from './problems.ts';
import type { ParsedFile } from './problems.ts';
import type { RuleExample, RuleFile } from './schema.ts';

export const RULE_ACTION: Record<RuleFile['action'], Action> = {
  allow: 'allow',
  deny: 'deny',
  require_approval: 'ask',
};

/** Where a rule comes from, and where to say what is wrong with it. */
export type RuleSource = {
  readonly file: ParsedFile;
  readonly problems: string[];
  readonly home: string;
};

/** Makes a rule of what its file says; what the schema could not see is added to `problems`. */
export function compileRule(rule: RuleFile, index: number, source: RuleSource): Rule {
  const { file, problems, home } = source;
  const isWary = rule.action !== 'allow';
  const complain = (complaint: string): void =>
    void problems.push(problemLine(file, ['rules', index], complaint));
  for (const complaint of contradictionsIn(rule)) complain(complaint);
  const tools = [...(rule.tool === undefined ? [] : [rule.tool]), ...(rule.tools ?? [])];
  const place = ['rules', index] as const;
  const examplesOf = (key: 'match' | 'not_match'): PlacedExample[] =>
    (rule.examples?.[key] ?? []).map((call: RuleExample, position) => ({
      call,
      place: placeOf(file, [...place, 'examples', key, position]),
    }));
  return {
    name: rule.name,
    action: RULE_ACTION[rule.action],
    reason: rule.reason ?? rule.description ?? '',
    risk: rule.risk_level,
    tools: tools.length === 0 ? undefined : new Set(tools),
    commands: rule.commands?.flatMap((shape, position) => {
      try {
        return compileShape(shape, !isWary);
      } catch (error) {
        const complaint = `expected ${messageOf(error)}, got ${JSON.stringify(shape)}`;
        problems.push(problemLine(file, [...place, 'commands', position], complaint));
        return [];
      }
    }),
    commandPatterns: rule.command_patterns?.map((pattern) => compilePattern(pattern)),
    isInline: rule.inline,
    paths: rule.paths && compilePathGlobs(rule.paths, home, isWary),
    pathPatterns: rule.path_patterns?.map((pattern) => compilePattern(pattern)),
    acts: rule.acts && new Set(rule.acts),
    effects: rule.effects && new Set(rule.effects),
    hosts: rule.hosts?.map((host) => compileHost(host, isWary)),
    mcp: rule.mcp?.map((name) => compileMcp(name)),
    flows: rule.flows && new Set(rule.flows),
    isAboutUnknown: rule.unknown === true,
    examples: { match: examplesOf('match'), notMatch: examplesOf('not_match') },
    place: placeOf(file, place),
  };
}

/** What can't be meant: rules that could match nothing, everything, or what must not be. */
function contradictionsIn(rule: RuleFile): string[] {
  const { name } = rule;
  const matchers = [
    rule.tool ?? rule.tools,
    rule.commands ?? rule.acts ?? rule.effects ?? rule.flows,
    rule.paths ?? rule.hosts ?? rule.mcp ?? rule.unknown,
  ];
  const found: string[] = [];
  if (matchers.every((matcher) => matcher === undefined))
    found.push(`expected tool or tools in the rule ${name}, got neither`);
  if (rule.unknown === true && rule.action === 'allow')
    found.push(`expected deny or require_approval in the rule ${name}, as what is unknown is never allowed`);
  if (rule.inline === true && rule.action === 'allow')
    found.push(`expected inline: false in the rule ${name}, as a text is never freer than its commands`);
  if (rule.inline === false && rule.action !== 'allow')
    found.push(`expected inline: true or none in the rule ${name}, as bash -c would get round it`);
  const places = rule.paths ?? rule.path_patterns;
  if (rule.acts !== undefined && (places ?? rule.hosts) !== undefined)
    found.push(
      `expected acts alone in the rule ${name}, as an act has no path and no host; make it two rules`,
    );
  if (places !== undefined && rule.hosts !== undefined)
    found.push(`expected paths or hosts in the rule ${name}, as nothing is both; make it two rules`);
  if (rule.paths?.every((glob) => glob.startsWith('!')) === true)
    found.push(`expected a path that does not begin with ! in the rule ${name}`);
  return found;
}
