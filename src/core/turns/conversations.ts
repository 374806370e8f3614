import type { Timer } from '../../util/clock.ts';
import type { ActiveMode, ActiveModes } from '../modes/active-modes.ts';
import type { CoreContext } from '../context.ts';
import { modeNamed } from '../modes/modes.ts';
import { OwnedWork } from '../owned-work.ts';
import type { AcceptPlan } from '../modes/plan-acceptance.ts';
import type {
  Agent,
  AgentAnswers,
  AgentEvent,
  AgentQuestion,
  Conversation,
  PlanVerdict,
  ReviewPlan,
} from '../ports/agent.ts';
import { chatKey, type ChatKey, type ChatRef, type SessionId, type TurnId } from '../ports/chat.ts';
import type { Gate, ToolCall, Verdict } from '../ports/gate.ts';
import type { Session } from '../ports/store.ts';
import type { PutQuestions } from '../prompts/questions.ts';
import type { SessionDirectories } from '../sessions/session-directories.ts';
import type { Sessions } from '../sessions/sessions.ts';

export interface ConversationsOptions extends CoreContext {
  readonly agent: Agent;
  readonly gate: Gate;
  readonly putQuestions: PutQuestions;
  readonly acceptPlan: AcceptPlan;
  readonly sessions: Sessions;
  readonly activeModes: ActiveModes;
  readonly directories: SessionDirectories;
  /** The person's own addition to the agent's system prompt. */
  readonly systemPrompt: string;
  readonly maxTurns: number;
  readonly gateTimeoutMs: number;
  /** An agent process without a turn for so long is ended; the next message resumes it. */
  readonly idleMs: number;
  /** Whether every session's agent gets a browser; else those whose mode asks for one. */
  readonly hasBrowser: boolean;
  /** Whether anybody wants to know what a turn costs while it runs. */
  readonly isCostWatched: boolean;
  readonly onUnprompted: (chat: ChatRef, event: AgentEvent) => void;
  /** The chat's agent has ended: nothing more comes of what it did by itself. */
  readonly onClosed: (chat: ChatRef) => void;
}

type Live = {
  readonly conversation: Conversation;
  readonly chat: ChatRef;
  readonly session: SessionId;
  readonly mode: string;
  readonly active: ActiveMode | undefined;
  /** It no longer works as it was opened: the next turn opens another one. */
  isOutdated: boolean;
  turn: TurnId | undefined;
  idle: Timer | undefined;
};

/** At most one live agent process a chat: opened at a turn, kept for the next, ended when idle. */
export class Conversations {
  readonly #options: ConversationsOptions;
  readonly #live = new Map<ChatKey, Live>();
  readonly #work: OwnedWork;

  constructor(options: ConversationsOptions) {
    this.#options = options;
    this.#work = new OwnedWork({ log: options.log });
  }

  /** The conversation for a turn of this session; the caller must `endTurn` it. */
  async beginTurn(session: Session, turn: TurnId): Promise<Conversation> {
    const key = chatKey(session.chat);
    let live = this.#live.get(key);
    const isFit =
      live?.conversation.isOpen === true &&
      !live.isOutdated &&
      live.session === session.id &&
      live.mode === session.mode &&
      live.active === this.#options.activeModes.of(session.id);
    if (live && !isFit) {
      await this.close(session.chat);
      live = undefined;
    }
    live ??= this.#open(session);
    live.idle?.cancel();
    live.turn = turn;
    this.#live.set(key, live);
    return live.conversation;
  }

  endTurn(chat: ChatRef): void {
    const live = this.#live.get(chatKey(chat));
    if (!live) return;
    live.turn = undefined;
    live.idle?.cancel();
    live.idle = this.#options.clock.after(this.#options.idleMs, () => {
      this.#options.log.info('agent_evicted', { chat: chatKey(chat), session: live.session });
      this.#work.own('end an idle agent', this.close(chat));
    });
  }

  /** The gate on what a person asks for; `what` stands for the turn. It is none of the agent's, so no event tells of it. */
  decideForPerson(session: Session, call: ToolCall, what: string, signal: AbortSignal): Promise<Verdict> {
    return this.#ask(session, call, signal, what);
  }

  /** Ends what the chat's agent is doing; false when it has none. */
  async interrupt(chat: ChatRef): Promise<boolean> {
    const live = this.#live.get(chatKey(chat));
    await live?.conversation.interrupt();
    return live !== undefined;
  }

  /** Ends the chat's agent process, if there is one. */
  async close(chat: ChatRef): Promise<void> {
    const key = chatKey(chat);
    const live = this.#live.get(key);
    if (!live) return;
    this.#live.delete(key);
    live.idle?.cancel();
    await live.conversation.close();
    this.#options.onClosed(chat);
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#live.values()].map(({ chat }) => this.close(chat)));
    await this.#work.settled();
  }

  #open(session: Session): Live {
    const { agent, activeModes, directories, systemPrompt, maxTurns, gateTimeoutMs } = this.#options;
    const mode = modeNamed(session.mode);
    const { canPrompt } = this.#options.connectorOf(session.chat);
    const instruction = canPrompt ? mode.instruction : (mode.instructionAlone ?? mode.instruction);
    const conversation = agent.open({
      directory: session.directory,
      otherDirectories: directories.of(session)?.slice(1) ?? [],
      resume: session.agentSession,
      instructions: [
        systemPrompt,
        directories.instruction(session),
        instruction,
        activeModes.instructionOf(session.id, mode),
      ]
        .filter((part) => part !== '')
        .join('\n\n'),
      maxTurns,
      gateTimeoutMs,
      gate: (call, signal) => this.#decide(session, call, signal),
      askPerson: (questions, signal) => this.#askPerson(session, questions, signal),
      isPlanning: mode.writesPlan === true,
      reviewPlan: canPrompt ? (...shown) => this.#reviewPlan(session, ...shown) : undefined,
      hasBrowser: this.#options.hasBrowser || activeModes.of(session.id)?.browser === true,
      isCostWatched: this.#options.isCostWatched,
      onUnprompted: (event) => this.#options.onUnprompted(session.chat, event),
    });
    return {
      conversation,
      chat: session.chat,
      session: session.id,
      mode: session.mode,
      active: activeModes.of(session.id),
      isOutdated: false,
      turn: undefined,
      idle: undefined,
    };
  }

  async #askPerson(
    { id, chat }: Session,
    questions: readonly AgentQuestion[],
    signal: AbortSignal,
  ): Promise<AgentAnswers> {
    const { sessions, putQuestions } = this.#options;
    if (sessions.live(chat, id)) return putQuestions(chat, questions, signal);
    return { kind: 'unanswered', reason: 'this session has ended', answers: [] };
  }

  async #reviewPlan(session: Session, ...shown: Parameters<ReviewPlan>): Promise<PlanVerdict> {
    const verdict = await this.#options.acceptPlan(session, ...shown);
    const live = this.#live.get(chatKey(session.chat));
    // It goes on for the turn, without the instructions and the agent's own mode that it was opened with.
    if (live?.session === session.id && verdict.kind !== 'refused') live.isOutdated = true;
    return verdict;
  }

  async #decide(opened: Session, call: ToolCall, signal: AbortSignal): Promise<Verdict> {
    const { events } = this.#options;
    const { id: session, chat } = opened;
    const decided = { chat, session, call: call.id, tool: call.tool, subagent: call.subagent };
    events.emit('tool.gated', decided);
    const verdict = await this.#ask(opened, call, signal);
    if (verdict.kind === 'allow') events.emit('tool.allowed', decided);
    else
      events.emit('tool.denied', {
        ...decided,
        layer: verdict.layer ?? 'session',
        rule: verdict.rule ?? 'ended',
      });
    return verdict;
  }

  #ask(opened: Session, call: ToolCall, signal: AbortSignal, turn?: string): Promise<Verdict> {
    const { gate, sessions, activeModes, directories } = this.#options;
    // The mode is looked up at each call, so that a stricter one holds from the moment it is set.
    const session = sessions.live(opened.chat, opened.id);
    if (!session)
      return Promise.resolve({ kind: 'deny', message: 'This session has ended; nothing may run in it.' });
    const own = directories.of(session);
    if (!own)
      return Promise.resolve({ kind: 'deny', message: 'The directory of this session is not approved.' });
    const context = {
      chat: chatKey(session.chat),
      session: session.id,
      turn: turn ?? this.#live.get(chatKey(session.chat))?.turn ?? 'unprompted',
      directories: own,
      mode: activeModes.rulesFor(session.id, modeNamed(session.mode)),
    };
    return gate.decide(call, context, signal);
  }
}
