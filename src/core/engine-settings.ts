import type { Live } from '../util/live.ts';
import type { BudgetLimits } from './budget/budgets.ts';
import type { ModeName } from './modes/modes.ts';
import type { BrowserState } from './ports/browser.ts';
import type { Workspace } from './ports/workspace.ts';

export type EngineSettings = {
  /** Absolute real paths; the first is where a chat begins. */
  readonly approvedDirectories: readonly string[];
  /** Left out: none. */
  readonly workspaces?: readonly Workspace[] | undefined;
  readonly defaultMode: ModeName;
  readonly systemPrompt: string;
  readonly maxTurns: number;
  readonly approvalTimeoutMs: number;
  readonly turnTimeoutMs: number;
  /** Left out: none. */
  readonly budgets?: BudgetLimits | undefined;
  readonly agentIdleMs: number;
  readonly isStreaming: boolean;
  readonly rateLimitRpm: number;
  readonly rateLimitBurst: number;
  readonly version: string;
  /** Whether the agent's commands run in the operating system's sandbox, in a sentence; left out: nothing is said of it. */
  readonly osSandbox?: string | undefined;
  /** Left out: the agent has none. */
  readonly browser?: BrowserState | undefined;
  /** What else an agent is started with: one that was started with another text is renewed at its next turn. */
  readonly agentTerms?: string | undefined;
  /** When settings and policies were taken anew, milliseconds since 1970-01-01 UTC; left out: not since the start. */
  readonly reloadedAt?: number | undefined;
};

/** The settings as they are at this moment. */
export type LiveSettings<Key extends keyof EngineSettings = keyof EngineSettings> = Live<
  Pick<EngineSettings, Key>
>;
