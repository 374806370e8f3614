import type { Branded } from '../../util/ids.ts';
import type { ToolGate } from './gate.ts';

/** The agent's own name for a conversation, with which it can be taken up again. */
export type AgentSessionId = Branded<'AgentSessionId'>;

/** Something that works on a project when spoken to: Claude Code, the demo's script. */
export interface Agent {
  readonly name: string;
  /** Whether a turn could start. Within five seconds, without spending money; must not reject. */
  readiness(): Promise<AgentReadiness>;
  /** Opens a conversation. Nothing is started before its first turn; must not throw. */
  open(options: ConversationOptions): Conversation;
}

export type AgentReadiness =
  | { readonly ready: true; readonly detail: string }
  /** `reason`: what is missing; `hint`: what to do. One sentence each. */
  | { readonly ready: false; readonly reason: string; readonly hint: string };

export type ConversationOptions = {
  /** Absolute real path the agent starts in. */
  readonly directory: string;
  /** The other directories it may work in. */
  readonly otherDirectories: readonly string[];
  /** Goes on where that conversation stopped. */
  readonly resume?: AgentSessionId | undefined;
  /** Added to the agent's own system prompt: the person's and the mode's. */
  readonly instructions: string;
  /** Rounds of model and tools in one turn. */
  readonly maxTurns: number;
  /** Asked before every tool call, its subagents' included; nothing runs unless it says allow. */
  readonly gate: ToolGate;
  /** Milliseconds after which a silent gate counts as a denial. */
  readonly gateTimeoutMs: number;
  /** Left out: nobody can be asked, so the agent is not to offer itself to. */
  readonly askPerson?: AskPerson | undefined;
  /** Starts where it only looks and plans, in a way of its own where it has one, until a plan is accepted. */
  readonly isPlanning?: boolean | undefined;
  /** Left out: nobody can be asked, so a plan is its answer, and nothing ends the planning. */
  readonly reviewPlan?: ReviewPlan | undefined;
  /** False: it answers in words alone, and is offered no tool. Left out: it has its tools. */
  readonly hasTools?: boolean | undefined;
  /** Offers it a browser, where there is one. Each of its calls passes the gate, too. */
  readonly hasBrowser?: boolean | undefined;
  /** Somebody wants to know what a turn costs while it runs: `cost` events. Left out: only its end tells. */
  readonly isCostWatched?: boolean | undefined;
  /** What the agent does without being spoken to (a background command ended). Must not throw. */
  readonly onUnprompted: (event: AgentEvent) => void;
};

/**
 * Puts questions of the agent's to the person, one after the other, however long that takes. Never rejects. `signal`
 * aborts when nobody wants the answers any more.
 */
export type AskPerson = (questions: readonly AgentQuestion[], signal: AbortSignal) => Promise<AgentAnswers>;

export type AgentQuestion = {
  readonly question: string;
  /** In a word or two, what it is about. */
  readonly header: string;
  /** What may be chosen; the person may always answer in their own words. */
  readonly options: readonly AgentOption[];
  /** Several may be chosen. */
  readonly isMultiple: boolean;
};

export type AgentOption = {
  readonly label: string;
  readonly description?: string | undefined;
  /** What it would look like: code, a drawing in characters. */
  readonly preview?: string | undefined;
};

/** Labels that were chosen, in the options' order, and behind them the person's own words where they wrote some. */
export type AgentAnswer = readonly string[];

export type AgentAnswers =
  | { readonly kind: 'answered'; readonly answers: readonly AgentAnswer[] }
  /** `answers`: those to the questions before the one that nobody answered. `reason`: a clause for the agent. */
  | { readonly kind: 'unanswered'; readonly reason: string; readonly answers: readonly AgentAnswer[] };

/**
 * Puts an agent's plan (Markdown) before the person, however long that takes. Never rejects. `signal` as above.
 * `stands`: whether the agent still has this very plan; must not reject. Where it has not, nothing is accepted.
 */
export type ReviewPlan = (
  plan: string,
  signal: AbortSignal,
  stands?: () => Promise<boolean>,
) => Promise<PlanVerdict>;

export type PlanVerdict =
  /** Planning is over: the agent carries the plan out in the same turn. */
  | { readonly kind: 'accepted' }
  /** Another conversation carries it out: this turn ends soon, as `done`, and does nothing more. */
  | { readonly kind: 'accepted-afresh' }
  /** Planning goes on. `message`: for the agent, what the person wants changed, or why there is no answer. */
  | { readonly kind: 'refused'; readonly message: string };

/** One live agent process, or none yet. Runs one turn at a time. */
export interface Conversation {
  /** False once it ended by itself or was closed: open another one with `resume`. */
  readonly isOpen: boolean;
  /**
   * Runs one turn. The last event is always `finished`; the iterable must not throw. Starting a second turn
   * before the first has finished is a bug and throws.
   */
  run(input: TurnInput): AsyncIterable<AgentEvent>;
  /** Ends the running turn soon (its `finished` says `interrupted`) and keeps the conversation. Harmless between turns. */
  interrupt(): Promise<void>;
  /** Ends the process within five seconds. Harmless when repeated. */
  close(): Promise<void>;
}

export type TurnInput = {
  /** May be empty where there are files. */
  readonly text: string;
  /** In the order they were sent; they stand before the text. */
  readonly files?: readonly TurnFile[] | undefined;
};

/** A file that the agent sees in the conversation itself; small enough for one request, all of a turn together. */
export type TurnFile =
  | {
      readonly kind: 'image';
      readonly fileName: string;
      readonly mediaType: ImageType;
      readonly data: Uint8Array;
    }
  | { readonly kind: 'pdf'; readonly fileName: string; readonly data: Uint8Array }
  /** `text` has more than white space in it. */
  | { readonly kind: 'text'; readonly fileName: string; readonly text: string };

export type ImageType = 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp';

export type AgentEvent =
  | { readonly kind: 'started'; readonly agentSession: AgentSessionId }
  | { readonly kind: 'text'; readonly delta: string }
  /** A block of text is complete; what follows begins a new paragraph. */
  | { readonly kind: 'text-end' }
  /** `summary`: one line of at most 120 characters, what it is used on. Not told of what only turns to the person. */
  | {
      readonly kind: 'tool-started';
      readonly callId: string;
      readonly tool: string;
      readonly summary: string;
    }
  | { readonly kind: 'tool-ended'; readonly callId: string; readonly isError: boolean }
  | { readonly kind: 'retrying'; readonly attempt: number; readonly reason: string }
  /** US dollars that this turn has cost by now; it never falls. Told where it is watched, when it has changed. */
  | { readonly kind: 'cost'; readonly costUsd: number }
  | TurnFinished;

export type TurnFinished = {
  readonly kind: 'finished';
  readonly outcome: TurnOutcome;
  readonly agentSession?: AgentSessionId | undefined;
  /** US dollars that this turn cost. */
  readonly costUsd: number;
  readonly durationMs: number;
};

export type TurnOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'max-turns' }
  /** Stopped by leashd at a budget; US dollars. `spentUsd`: of the turn, or of the day. */
  | {
      readonly kind: 'over-budget';
      readonly budget: 'turn' | 'day';
      readonly limitUsd: number;
      readonly spentUsd: number;
    }
  /** `isResumeStale`: the conversation to resume is gone; a fresh one would work. */
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly hint?: string | undefined;
      readonly isResumeStale: boolean;
    };
