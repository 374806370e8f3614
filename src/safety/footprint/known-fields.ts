import { AGENT_TOOL_ALIASES, AGENT_TOOLS } from './agent-tools.ts';
import type { AgentTool } from './agent-tool.ts';
import { fieldsOfTool } from './tool-inputs.ts';

/** The row of one of the agent's own tools, by today's name or a former one. */
export function agentTool(name: string): AgentTool | undefined {
  const current = Object.hasOwn(AGENT_TOOL_ALIASES, name) ? AGENT_TOOL_ALIASES[name] : name;
  return current !== undefined && Object.hasOwn(AGENT_TOOLS, current) ? AGENT_TOOLS[current] : undefined;
}

/** The fields that a built-in tool of the agent may have without a doubt; undefined for a tool that is in no table. */
export function knownFields(tool: string): ReadonlySet<string> | undefined {
  const row = agentTool(tool);
  return row === undefined ? fieldsOfTool(tool) : new Set(Object.keys(row.fields));
}
