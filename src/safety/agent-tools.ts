import type { Act } from './types.ts';

/** What one of the agent's own tools does beyond its process. */
type AgentTool = {
  readonly acts: readonly Act[];
  /** Fields that change what it does: with any other value than these the call is unknown. */
  readonly only?: Readonly<Record<string, readonly unknown[]>>;
};

const harmless: AgentTool = { acts: [] };

/**
 * The tools of Claude Code 2.1 that are neither about files, shell, web nor MCP. What is not here is unknown and
 * asks: among others Monitor, Workflow, Cron*, RemoteTrigger, ScheduleWakeup, EnterWorktree, Artifact, Projects.
 */
const AGENT_TOOLS: ReadonlyMap<string, AgentTool> = new Map(
  Object.entries<AgentTool>({
    // Its notes for itself.
    TodoWrite: harmless,
    TaskCreate: harmless,
    TaskGet: harmless,
    TaskUpdate: harmless,
    TaskList: harmless,
    ReportFindings: harmless,
    // What it asks and tells the person.
    AskUserQuestion: harmless,
    EnterPlanMode: harmless,
    ExitPlanMode: harmless,
    // Loads instructions and descriptions; what they lead to is decided call by call.
    Skill: harmless,
    ToolSearch: harmless,
    // Reads from, and ends, what it has started itself.
    BashOutput: harmless,
    TaskOutput: harmless,
    TaskStop: harmless,
    KillShell: harmless,
    KillBash: harmless,
    // A subagent, each of whose calls comes here as well; one in another place does not.
    Agent: { acts: ['agent-task'], only: { isolation: [undefined] } },
    Task: { acts: ['agent-task'], only: { isolation: [undefined] } },
  }),
);

export type AgentToolReading = { readonly acts: readonly Act[]; readonly doubt?: string | undefined };

/** Undefined for a tool that is not in the table. */
export function readAgentTool(tool: string, input: unknown): AgentToolReading | undefined {
  const known = AGENT_TOOLS.get(tool);
  if (known === undefined) return undefined;
  const fields: Record<string, unknown> = typeof input === 'object' && input !== null ? { ...input } : {};
  for (const [field, values] of Object.entries(known.only ?? {})) {
    if (!values.includes(fields[field])) {
      return {
        acts: known.acts,
        doubt: `what ${tool} does with ${field} ${JSON.stringify(fields[field])} is not known`,
      };
    }
  }
  return { acts: known.acts };
}
