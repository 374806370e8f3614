import type { AgentEvent, AgentSessionId, TurnOutcome } from '../../core/ports/agent.ts';
import { ASK_TOOL } from './ask-person.ts';
import { isLogInFault, outcomeOf, retryReason } from './faults.ts';
import { answeredBy, readMessage, type ClaudeMessage, type ClaudeResult } from './messages.ts';
import { PLAN_TOOL } from './plan-review.ts';

/** What a message of Claude Code's means. `isForTurn`: it belongs to the answer that the person waits for. */
export type Told =
  | { readonly kind: 'event'; readonly isForTurn: boolean; readonly event: AgentEvent }
  /** The log-in was refused; Claude Code is about to try ten times more. */
  | { readonly kind: 'log-in-refused' }
  | {
      readonly kind: 'ended';
      readonly isForTurn: boolean;
      readonly outcome: TurnOutcome;
      readonly costUsd: number;
      readonly durationMs: number;
      /** The process is of no more use: its session is unknown, or it has no log-in. */
      readonly needsFreshProcess: boolean;
    };

export type MessageReaderOptions = {
  readonly directory: string;
  readonly session: AgentSessionId | undefined;
};

/**
 * Turns one process's messages into events, and tells the person's turns from what Claude Code does by itself: at
 * the start of each stretch of work it names the messages that it answers (Claude Code 2.1.330).
 */
export class MessageReader {
  readonly #directory: string;
  #session: AgentSessionId | undefined;
  /** Whose work it does now; undefined between stretches, and before it has said. */
  #owner: 'turn' | 'nobody' | undefined;
  /** Text came in pieces since the last complete block. */
  #hasDelta = false;
  /** What the API refused with in this stretch. */
  #fault: string | undefined;
  /** US dollars of the session that are accounted for; undefined while a resumed session's are unknown. */
  #spentUsd: number | undefined;

  constructor({ directory, session }: MessageReaderOptions) {
    this.#directory = directory;
    this.#session = session;
    this.#spentUsd = session === undefined ? 0 : undefined;
  }

  get session(): AgentSessionId | undefined {
    return this.#session;
  }

  /** Whether it works on something now. */
  get isWorking(): boolean {
    return this.#owner !== undefined;
  }

  /** Whether it has to be told what the session had cost before this process. */
  get needsCost(): boolean {
    return this.#spentUsd === undefined;
  }

  setCost(spentUsd: number): void {
    this.#spentUsd = spentUsd;
  }

  /** What a total of the session's means for the work that goes on now; the first one of an unknown session is where it begins. */
  costSoFar(totalUsd: number): number {
    this.#spentUsd ??= totalUsd;
    return Math.max(0, totalUsd - this.#spentUsd);
  }

  /** The work that goes on now answers no person. */
  get isUnprompted(): boolean {
    return this.#owner === 'nobody';
  }

  /** `awaited`: the id of the person's message that a turn waits on. Never throws. */
  take(message: unknown, awaited: string | undefined): readonly Told[] {
    const answered = answeredBy(message);
    if (answered !== undefined) {
      this.#owner = awaited !== undefined && answered.includes(awaited) ? 'turn' : 'nobody';
    }
    return readMessage(message, this.#directory).flatMap((read) => {
      if (read.kind === 'init' && answered === undefined) this.#owner = 'nobody';
      const isForTurn = awaited !== undefined && this.#owner !== 'nobody';
      if (read.kind === 'result') return [this.#end(read, isForTurn)];
      if (read.kind === 'retry' && isLogInFault(read.error, read.status)) {
        this.#fault = 'authentication_failed';
        return [{ kind: 'log-in-refused' as const }];
      }
      return this.#eventsOf(read).map((event): Told => ({ kind: 'event', isForTurn, event }));
    });
  }

  #eventsOf(read: Exclude<ClaudeMessage, ClaudeResult>): readonly AgentEvent[] {
    switch (read.kind) {
      case 'init':
        this.#session = read.session as AgentSessionId;
        return [{ kind: 'started', agentSession: this.#session }];
      case 'delta':
        this.#hasDelta = true;
        return [{ kind: 'text', delta: read.text }];
      case 'text': {
        const hadDelta = this.#hasDelta;
        this.#hasDelta = false;
        return hadDelta ? [{ kind: 'text-end' }] : [{ kind: 'text', delta: read.text }, { kind: 'text-end' }];
      }
      case 'refused':
        this.#fault = read.error;
        return [];
      case 'retry':
        return [{ kind: 'retrying', attempt: read.attempt, reason: retryReason(read.error, read.status) }];
      case 'tool-started':
        return read.tool === ASK_TOOL || read.tool === PLAN_TOOL ? [] : [read];
      default:
        return [read];
    }
  }

  #end(result: ClaudeResult, isForTurn: boolean): Told {
    const fault = this.#fault;
    const outcome = outcomeOf(result, fault);
    const isStale = outcome.kind === 'failed' && outcome.isResumeStale;
    const told: Told = {
      kind: 'ended',
      // An answer that does not say for whom it is can only be the turn's, unless it says that it is nobody's.
      isForTurn: isForTurn && !(this.#owner === undefined && result.isUnprompted),
      outcome,
      costUsd: this.#account(result.totalCostUsd),
      durationMs: result.durationMs,
      needsFreshProcess: isStale || (fault !== undefined && isLogInFault(fault)),
    };
    this.#owner = undefined;
    this.#fault = undefined;
    this.#hasDelta = false;
    return told;
  }

  /** What this total adds to what was known; nothing when it is the first of a session whose cost is unknown. */
  #account(totalUsd: number): number {
    const before = this.#spentUsd ?? totalUsd;
    this.#spentUsd = Math.max(before, totalUsd);
    return this.#spentUsd - before;
  }
}
