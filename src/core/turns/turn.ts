import { messageOf } from '../../errors.ts';
import { formatDuration } from '../../util/figures.ts';
import type { Hide } from '../../util/hidden-values.ts';
import { newId } from '../../util/ids.ts';
import type { RichText } from '../../util/rich-text.ts';
import type { Budgets } from '../budget/budgets.ts';
import type { TextInbound } from '../queue/chat-queue.ts';
import type { CoreContext } from '../context.ts';
import type { LiveSettings } from '../engine-settings.ts';
import type { Conversations } from './conversations.ts';
import type { Deliveries } from '../replies/deliveries.ts';
import { IncomingFiles, wordsOf } from './incoming-files.ts';
import type { AgentSessionId, TurnFinished, TurnInput } from '../ports/agent.ts';
import { startAfresh } from '../modes/fresh-start.ts';
import type { ModeRun, ModeRuns } from '../modes/mode-runs.ts';
import { OwnedWork } from '../owned-work.ts';
import { chatKey, type ChatKey, type ChatRef, type InboundId, type TurnId } from '../ports/chat.ts';
import type { Inbox, MessageStore, Outbox, Session } from '../ports/store.ts';
import type { Prompts } from '../prompts/prompts.ts';
import { ReplyStream } from '../replies/reply-stream.ts';
import type { RunningTurns } from './running-turns.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { TurnDeadline } from './turn-deadline.ts';
import { outcomeNote } from './turn-outcome.ts';
import type { TurnReplies } from '../replies/turn-replies.ts';

export interface TurnsOptions extends CoreContext {
  readonly sessions: Sessions;
  readonly conversations: Conversations;
  readonly modeRuns: ModeRuns;
  readonly prompts: Prompts;
  readonly messages: MessageStore;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly deliveries: Deliveries;
  readonly budgets: Budgets;
  readonly settings: LiveSettings<'turnTimeoutMs' | 'isStreaming'>;
  /** See ReplyStreamOptions.hide. */
  readonly hide?: Hide | undefined;
}

type Turn = {
  readonly id: TurnId;
  readonly chat: ChatRef;
  /** What it answers. */
  readonly inbounds: readonly InboundId[];
  /** As it is stored; the agent gets `input`. */
  readonly text: string;
  input: TurnInput;
  isStopped: boolean;
  /** It works in a session, which stays where it is until the turn has ended. */
  isInSession: boolean;
  /** Work in a mode of its own, once it has begun. */
  run?: ModeRun | undefined;
  /** The agent is done; its answer may still be on its way. */
  isAnswered: boolean;
};

type Answered = {
  readonly stream: ReplyStream;
  readonly replies: TurnReplies;
  readonly finished: TurnFinished;
};

const STOPPED: TurnFinished = {
  kind: 'finished',
  outcome: { kind: 'interrupted' },
  costUsd: 0,
  durationMs: 0,
};

/** Answers what a person wrote: the agent runs, its tools are gated, a reply grows, and all of it is stored. */
export class Turns implements RunningTurns {
  readonly #options: TurnsOptions;
  readonly #work: OwnedWork;
  readonly #incoming: IncomingFiles;
  readonly #running = new Map<ChatKey, Turn>();

  constructor(options: TurnsOptions) {
    this.#options = options;
    this.#work = new OwnedWork({ log: options.log });
    this.#incoming = new IncomingFiles(options);
  }

  /** One turn for texts that waited together; never rejects. */
  async run(texts: readonly TextInbound[]): Promise<void> {
    const [first] = texts;
    if (!first) return;
    const { inbox, log, modeRuns, deliveries } = this.#options;
    const ids = texts.map(({ id }) => id);
    const turn: Turn = {
      id: newId<'TurnId'>(),
      chat: first.chat,
      inbounds: ids,
      text: texts.map(wordsOf).join('\n\n'),
      input: { text: '' },
      isStopped: false,
      isInSession: false,
      isAnswered: false,
    };
    this.#running.set(chatKey(turn.chat), turn);
    try {
      const input = await this.#incoming.inputOf(texts);
      if (this.#incoming.isLeaving) return void this.#running.delete(chatKey(turn.chat));
      await inbox.start(ids);
      await startAfresh(texts, this.#options);
      turn.run = await modeRuns.enter(texts);
      if (turn.run?.refusal) await this.#refuse(turn, turn.run.refusal);
      else if (input) await this.#answer(Object.assign(turn, { input }));
    } catch (fault) {
      log.error('turn_failed', { turn: turn.id, chat: chatKey(turn.chat), fault });
      await this.#apologise(turn.chat, fault);
    }
    await turn.run?.leave();
    try {
      await inbox.finish(ids);
    } catch (fault) {
      log.error('inbox_not_finished', { turn: turn.id, fault });
    }
    this.#options.budgets.end(turn.chat);
    this.#running.delete(chatKey(turn.chat));
    if (!deliveries.isStopping) await turn.run?.tell();
  }

  /** Whether the chat's agent is at work on a turn. */
  isWorking(chat: ChatRef): boolean {
    return this.#running.get(chatKey(chat))?.isAnswered === false;
  }

  /** Whether a turn of the chat works in its session. */
  isInSession(chat: ChatRef): boolean {
    return this.#running.get(chatKey(chat))?.isInSession === true;
  }

  /** The chats whose agents are at work on a turn. */
  get working(): readonly ChatRef[] {
    return [...this.#running.values()].filter(({ isAnswered }) => !isAnswered).map(({ chat }) => chat);
  }

  /** The running turn, of one chat or of all, gets no agent where it has none yet. */
  stop(chat?: ChatRef): void {
    const one = chat && this.#running.get(chatKey(chat));
    for (const turn of chat ? [one] : this.#running.values()) if (turn) turn.isStopped = true;
    this.#incoming.stop(chat);
  }

  /** Ends what is going on in the chat, a turn that has hardly begun included; false when there was no agent. */
  interrupt(chat: ChatRef): Promise<boolean> {
    this.stop(chat);
    return this.#options.conversations.interrupt(chat);
  }

  async #answer(turn: Turn): Promise<void> {
    const { sessions, messages, deliveries, clock, log, events, settings, hide } = this.#options;
    let session = await sessions.open(turn.chat);
    turn.isInSession = true;
    log.info('request_started', { turn: turn.id, session: session.id, chat: chatKey(turn.chat) });
    events.emit('turn.started', { turn: turn.id, session: session.id, chat: turn.chat });
    await messages.append({
      session: session.id,
      chat: turn.chat,
      role: 'person',
      text: turn.text,
      at: clock.now(),
    });

    const replies = deliveries.forTurn(turn.chat);
    const { isStreaming } = settings.now;
    const stream = new ReplyStream({ openReply: () => replies.open(), clock, isStreaming, hide });
    let finished = await this.#execute(session, turn, stream);
    if (finished.outcome.kind === 'failed' && finished.outcome.isResumeStale) {
      session = await sessions.update(session, { agentSession: undefined });
      stream.note('_Claude no longer has the earlier conversation; this is a fresh one._');
      finished = await this.#execute(session, turn, stream);
    }
    turn.isAnswered = true;
    // Before it counts as ended: a crash in between leaves it to be taken up, not the mode.
    await turn.run?.leave();
    const note = outcomeNote(finished.outcome, deliveries.isLeaving);
    if (note !== undefined) stream.note(note);

    const isStored = await this.#store(session, turn, { stream, replies, finished });
    if (!isStored) stream.note('⚠️ _This answer could not be stored; the log says why._');
    events.emit('turn.finished', {
      turn: turn.id,
      session: session.id,
      chat: turn.chat,
      outcome: finished.outcome,
      costUsd: finished.costUsd,
      durationMs: finished.durationMs,
    });
    try {
      await stream.finish(finished);
    } catch (fault) {
      if (!isStored || !deliveries.isStopping) throw fault;
      log.info('answer_left_for_the_next_start', { turn: turn.id });
      return;
    }
    events.emit('message.out', { chat: turn.chat, session: session.id, text: stream.markdown });
    log.info('request_completed', {
      turn: turn.id,
      outcome: finished.outcome.kind,
      durationMs: finished.durationMs,
    });
  }

  async #execute(session: Session, turn: Turn, stream: ReplyStream): Promise<TurnFinished> {
    const { conversations, budgets, log } = this.#options;
    const conversation = await conversations.beginTurn(session, turn.id);
    const spending = budgets.begin(turn.chat, () => conversations.interrupt(turn.chat));
    const deadline = this.#deadline(turn, stream);
    log.info('agent_execute_started', { turn: turn.id, session: session.id });
    let finished: TurnFinished | undefined;
    try {
      if (turn.isStopped) return STOPPED;
      for await (const event of conversation.run(turn.input)) {
        stream.take(event);
        spending.take(event);
        turn.run?.take(event);
        if (event.kind === 'started') await this.#keepAgentSession(session, turn, event.agentSession);
        if (event.kind === 'finished') finished = event;
      }
    } finally {
      deadline.end();
      conversations.endTurn(turn.chat);
    }
    if (!finished) throw new TypeError('the agent ended a turn without saying how');
    log.info('agent_execute_completed', {
      turn: turn.id,
      outcome: finished.outcome.kind,
      costUsd: finished.costUsd,
    });
    if (deadline.isExpired()) return { ...finished, outcome: this.#timedOut(deadline.timeoutMs) };
    return spending.settle(finished, turn.isStopped);
  }

  #timedOut(timeoutMs: number): TurnFinished['outcome'] {
    return {
      kind: 'failed',
      reason: `Claude was stopped after ${formatDuration(timeoutMs)} (LEASHD_AGENT_TIMEOUT_SECONDS)`,
      hint: 'Send “go on” to continue.',
      isResumeStale: false,
    };
  }

  #deadline(turn: Turn, stream: ReplyStream): { timeoutMs: number; isExpired(): boolean; end(): void } {
    const { clock, prompts, conversations, events, log, settings } = this.#options;
    const timeoutMs = settings.now.turnTimeoutMs;
    const deadline = new TurnDeadline({
      clock,
      timeoutMs,
      onExpired: () => {
        log.warn('turn_timed_out', { turn: turn.id });
        this.#work.own('interrupt a turn', conversations.interrupt(turn.chat));
      },
    });
    const unlisten = events.on('tool.denied', ({ chat, call, tool, layer, rule }) => {
      // What the person has decided stands on its card.
      if (chatKey(chat) === chatKey(turn.chat))
        stream.deny(call, tool, layer === 'approval' ? undefined : rule);
    });
    const unwatch = prompts.watch((chat, isWaiting) => {
      if (chatKey(chat) !== chatKey(turn.chat)) return;
      if (isWaiting) {
        deadline.pause();
        this.#work.own('a reply before a question', stream.breakOff());
      } else deadline.resume();
    });
    return {
      timeoutMs,
      isExpired: () => deadline.isExpired,
      end: () => {
        unwatch();
        unlisten();
        deadline.cancel();
      },
    };
  }

  /**
   * The turn has ended once this is done, whatever becomes of the process. False when it could not be stored: what was
   * done is done, and its answer is not to be lost over that.
   */
  async #store(session: Session, turn: Turn, { stream, replies, finished }: Answered): Promise<boolean> {
    const { sessions, outbox, clock, log } = this.#options;
    const { agentSession, costUsd, durationMs } = finished;
    const { chat, inbounds } = turn;
    const change = (now: Session): Partial<Session> => ({
      agentSession: agentSession ?? now.agentSession,
      turns: now.turns + 1,
      costUsd: now.costUsd + costUsd,
    });
    const last = stream.last(finished);
    const answer = {
      session: session.id,
      chat,
      role: 'agent',
      text: stream.markdown,
      costUsd,
      durationMs,
    } as const;
    let isStored = true;
    try {
      await sessions.update(session, change, (updated) =>
        outbox.endTurn({
          session: updated,
          answer: { ...answer, at: clock.now() },
          inbounds,
          replies: replies.toKeep(last),
        }),
      );
    } catch (fault) {
      log.error('answer_not_stored', { turn: turn.id, session: session.id, fault });
      isStored = false;
    }
    // A part of it may be there all the same, and is not to be sent again.
    await replies.kept();
    return isStored;
  }

  /** From its first sign of life on, so that a conversation that is cut off can be taken up again. */
  async #keepAgentSession(session: Session, turn: Turn, agentSession: AgentSessionId): Promise<void> {
    const { sessions } = this.#options;
    const now = sessions.live(turn.chat, session.id);
    if (now && now.agentSession !== agentSession) await sessions.update(now, { agentSession });
  }

  async #refuse({ chat }: Turn, words: RichText): Promise<void> {
    await this.#options.connectorOf(chat).send(chat, { content: words });
  }

  async #apologise(chat: ChatRef, fault: unknown): Promise<void> {
    const { connectorOf, log } = this.#options;
    try {
      const markdown = `⚠️ Your message could not be answered: ${messageOf(fault)}. Send it again to try once more.`;
      await connectorOf(chat).send(chat, { content: { markdown } });
    } catch (second) {
      log.error('apology_not_delivered', { chat: chatKey(chat), reason: messageOf(second) });
    }
  }
}
