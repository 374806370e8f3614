import type { Decision } from '../types.ts';

export type ToolFilter = {
  /** Names of tools; none means all. `mcp__server__*` stands for all tools of a server. */
  readonly allowed: readonly string[];
  readonly disallowed: readonly string[];
};

/** What the lists of allowed and disallowed tools have against a tool; undefined when they have nothing. */
export function refusedByFilter(tool: string, filter: ToolFilter): Decision | undefined {
  if (filter.disallowed.some((name) => isNamed(tool, name))) {
    return refusal('disallowed-tools', `${tool} is among the tools that are not allowed`);
  }
  if (filter.allowed.length > 0 && !filter.allowed.some((name) => isNamed(tool, name))) {
    return refusal('allowed-tools', `${tool} is not among the tools that are allowed`);
  }
  return undefined;
}

function isNamed(tool: string, name: string): boolean {
  return name.endsWith('*') ? tool.startsWith(name.slice(0, -1)) : tool === name;
}

function refusal(rule: string, reason: string): Decision {
  return { action: 'deny', layer: 'tools', rule, reason, risk: 'medium' };
}
