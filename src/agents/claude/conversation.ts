import type {
  AgentEvent,
  AgentSessionId,
  Conversation,
  TurnInput,
  TurnOutcome,
} from '../../core/ports/agent.ts';
import { LeashdError, messageOf } from '../../errors.ts';
import type { Clock } from '../../util/clock.ts';
import type { Log } from '../../util/log.ts';
import type { ClaudeProcess } from './claude-process.ts';
import { CostWatch, mayHaveCost } from './cost-watch.ts';
import { deadline } from './deadline.ts';
import { failed, processDied } from './faults.ts';
import { messageContent } from './message-content.ts';
import { MessageReader, type Told } from './message-reader.ts';
import { Turn } from './turn.ts';

export type ClaudeConversationOptions = {
  /** Starts Claude Code with everything this conversation needs. */
  readonly start: () => Promise<ClaudeProcess>;
  readonly directory: string;
  readonly resume: AgentSessionId | undefined;
  /** The person has taken the work elsewhere: a turn that was ended for that is done. */
  readonly isHandedOver?: (() => boolean) | undefined;
  readonly isCostWatched?: boolean | undefined;
  /** Must not throw. */
  readonly onUnprompted: (event: AgentEvent) => void;
  readonly clock: Clock;
  readonly log: Log;
};

/** How long a resumed session's earlier cost is waited for; measured: it comes with the start of the process. */
const COST_DEADLINE_MS = 5000;
/** From asking Claude Code to stop until it is ended. */
const INTERRUPT_DEADLINE_MS = 3000;
const CLOSE_INTERRUPT_MS = 1000;
/** Ending a process that is asked to took two seconds at most. */
const CLOSE_MS = 3500;

/** One conversation with Claude Code: a process from the first turn on, one turn at a time. */
export class ClaudeConversation implements Conversation {
  readonly #options: ClaudeConversationOptions;
  readonly #reader: MessageReader;
  #isOpen = true;
  #process: Promise<ClaudeProcess> | undefined;
  #reading: Promise<void> | undefined;
  #turn: Turn | undefined;

  constructor(options: ClaudeConversationOptions) {
    this.#options = options;
    this.#reader = new MessageReader({ directory: options.directory, session: options.resume });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  run(input: TurnInput): AsyncIterable<AgentEvent> {
    if (this.#turn !== undefined) {
      throw new LeashdError('bug', 'TURN_RUNNING', 'A turn was started before the last one had finished.');
    }
    const turn = new Turn(this.#options.clock);
    this.#turn = turn;
    if (this.#isOpen) this.#own('begin a turn', this.#begin(turn, input));
    else this.#finish(failed('This conversation with Claude has ended.', 'Send the message again.'));
    return this.#eventsOf(turn);
  }

  async interrupt(): Promise<void> {
    if (this.#turn !== undefined) this.#turn.isInterrupted = true;
    else if (!this.#reader.isWorking) return;
    await this.#interruptProcess();
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    const { clock } = this.#options;
    const isBusy = this.#turn !== undefined || this.#reader.isWorking;
    if (this.#turn !== undefined) this.#turn.isInterrupted = true;
    const process = await this.#process?.catch(() => undefined);
    if (process !== undefined) {
      // Ends the commands that it runs, too; closing alone leaves them two seconds more.
      if (isBusy) await deadline(clock, CLOSE_INTERRUPT_MS, process.interrupt());
      process.close();
      await deadline(clock, CLOSE_MS, this.#reading ?? Promise.resolve());
    }
    this.#finish({ kind: 'interrupted' });
  }

  async *#eventsOf(turn: Turn): AsyncGenerator<AgentEvent, void> {
    try {
      yield* turn.events;
    } finally {
      if (this.#turn === turn) this.#own('end an abandoned turn', this.interrupt());
    }
  }

  async #begin(turn: Turn, input: TurnInput): Promise<void> {
    try {
      this.#process ??= this.#start();
      const process = await this.#process;
      if (this.#turn !== turn) return;
      if (turn.isInterrupted) this.#finish({ kind: 'interrupted' });
      else process.send(messageContent(input), turn.messageId);
    } catch (error) {
      this.#isOpen = false;
      this.#options.log.error('agent_not_started', { reason: messageOf(error) });
      this.#finish(failed(`Claude Code could not be started: ${messageOf(error)}`));
    }
  }

  async #start(): Promise<ClaudeProcess> {
    const { clock, log } = this.#options;
    const process = await this.#options.start();
    this.#reading = this.#read(process);
    if (this.#reader.needsCost) {
      const spentUsd = await deadline(clock, COST_DEADLINE_MS, process.costUsd());
      if (spentUsd !== undefined) this.#reader.setCost(spentUsd);
      else log.warn('agent_cost_unknown', { agentSession: this.#reader.session });
    }
    return process;
  }

  /** Takes all that the process says, until it ends. Never rejects. */
  async #read(process: ClaudeProcess): Promise<void> {
    let ending = 'it stopped by itself';
    const costs = this.#watchCost(process);
    try {
      for await (const message of process.messages) {
        if (costs && mayHaveCost(message)) costs.look();
        for (const told of this.#reader.take(message, this.#turn?.messageId)) this.#take(process, told);
      }
    } catch (error) {
      ending = messageOf(error);
    }
    costs?.end();
    // It may live on when it was us who failed on what it said; nobody would hear it any more.
    process.close();
    if (this.#isOpen) this.#options.log.warn('agent_process_ended', { reason: ending });
    this.#isOpen = false;
    this.#finish(this.#turn?.isInterrupted === true ? { kind: 'interrupted' } : processDied(ending));
  }

  #watchCost(process: ClaudeProcess): CostWatch | undefined {
    const { clock, log, isCostWatched } = this.#options;
    if (isCostWatched !== true) return undefined;
    return new CostWatch({
      ask: () => process.costUsd(),
      onTotal: (totalUsd) => this.#tellCost(this.#reader.costSoFar(totalUsd)),
      clock,
      log,
    });
  }

  #tellCost(costUsd: number): void {
    if (!this.#reader.isUnprompted) this.#turn?.tellCost(costUsd);
    else if (costUsd > 0) this.#options.onUnprompted({ kind: 'cost', costUsd });
  }

  #take(process: ClaudeProcess, told: Told): void {
    switch (told.kind) {
      case 'event':
        if (told.isForTurn) this.#turn?.events.push(told.event);
        else this.#options.onUnprompted(told.event);
        return;
      case 'log-in-refused':
        this.#own('end a turn without log-in', this.#interruptProcess());
        return;
      case 'ended':
        if (told.needsFreshProcess) {
          this.#isOpen = false;
          process.close();
        }
        if (told.isForTurn) {
          const isOver = this.#options.isHandedOver?.() === true && told.outcome.kind === 'interrupted';
          this.#finish(isOver ? { kind: 'done' } : told.outcome, told.costUsd);
        } else {
          const { outcome, costUsd, durationMs } = told;
          const agentSession = this.#reader.session;
          this.#options.onUnprompted({ kind: 'finished', outcome, agentSession, costUsd, durationMs });
        }
    }
  }

  #finish(outcome: TurnOutcome, costUsd = 0): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    this.#turn = undefined;
    const isStale = outcome.kind === 'failed' && outcome.isResumeStale;
    turn.finish(outcome, isStale ? undefined : this.#reader.session, costUsd);
  }

  /** Before the process stands there is nothing to stop: `#begin` sees that the turn was interrupted. */
  async #interruptProcess(): Promise<void> {
    const turn = this.#turn;
    const process = await this.#process?.catch(() => undefined);
    if (process === undefined || this.#turn !== turn) return;
    const { clock, log } = this.#options;
    clock.after(INTERRUPT_DEADLINE_MS, () => {
      if (turn === undefined || this.#turn !== turn) return;
      log.warn('agent_interrupt_ignored', { agentSession: this.#reader.session });
      this.#isOpen = false;
      process.close();
    });
    await deadline(clock, INTERRUPT_DEADLINE_MS, process.interrupt());
  }

  #own(what: string, work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#options.log.warn('agent_work_failed', { what, reason: messageOf(error) });
    });
  }
}
