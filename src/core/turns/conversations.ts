import type { Timer } from '../../util/clock.ts';
import type { ActiveMode, ActiveModes } from '../modes/active-modes.ts';
import type { CoreContext } from '../context.ts';
import type { LiveSettings } from '../engine-settings.ts';
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
  /** An agent process without a turn for `agentIdleMs` is ended; the next message resumes it. */
  readonly settings: LiveSettings<
    'systemPrompt' | 'maxTurns' | 'approvalTimeoutMs' | 'agentIdleMs' | 'agentTerms'
  >;
  /** Whether every session's agent gets a browser; else those whose mode asks for one. */
  readonly hasBrowser: boolean;
  /** Whether anybody wants to know what a turn costs while it runs. */
  readonly isCostWatched: () => boolean;
  readonly onUnprompted: (chat: ChatRef, event: AgentEvent) => void;
  /** The chat's agent has ended: nothing more comes of what it did by itself. */
  readonly onClosed: (chat: ChatRef) => void;
}

/** Longer than the gate itself waits for the person, so that it is the gate that says why. */
const GATE_SLACK_MS = 30_000;

type Live = {
  readonly conversation: Conversation;
  /** What it was opened with, as text: it is renewed where that has changed. */
  readonly terms: string;
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

  /** Agent processes that live now. */
  get liveCount(): number {
    return this.#live.size;
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
      live.terms === this.#terms(session) &&
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
    if (this.#isDisplaced(live)) {
      this.#evict(live);
      return;
    }
    live.idle = this.#options.clock.after(this.#options.settings.now.agentIdleMs, () => this.#evict(live));
  }

  /** Directories have changed: ends the agents without a turn that work where nothing is approved any more. */
  leaveDirectories(): void {
    for (const live of this.#live.values())
      if (live.turn === undefined && this.#isDisplaced(live)) this.#evict(live);
  }

  #evict({ chat, session }: Live): void {
    this.#options.log.info('agent_evicted', { chat: chatKey(chat), session });
    this.#work.own('end an idle agent', this.close(chat));
  }

  #isDisplaced({ chat, session: id }: Live): boolean {
    const { sessions, directories } = this.#options;
    const session = sessions.live(chat, id);
    return session !== undefined && directories.of(session) === undefined;
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
    const { agent, activeModes, directories, settings } = this.#options;
    const { systemPrompt, maxTurns, approvalTimeoutMs } = settings.now;
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
      gateTimeoutMs: approvalTimeoutMs + GATE_SLACK_MS,
      gate: (call, signal) => this.#decide(session, call, signal),
      askPerson: (questions, signal) => this.#askPerson(session, questions, signal),
      isPlanning: mode.writesPlan === true,
      reviewPlan: canPrompt ? (...shown) => this.#reviewPlan(session, ...shown) : undefined,
      hasBrowser: this.#options.hasBrowser || activeModes.of(session.id)?.browser === true,
      isCostWatched: this.#options.isCostWatched(),
      onUnprompted: (event) => this.#options.onUnprompted(session.chat, event),
    });
    return {
      conversation,
      terms: this.#terms(session),
      chat: session.chat,
      session: session.id,
      mode: session.mode,
      active: activeModes.of(session.id),
      isOutdated: false,
      turn: undefined,
      idle: undefined,
    };
  }

  /** All that may be taken anew while it runs. */
  #terms(session: Session): string {
    const { settings, directories, isCostWatched } = this.#options;
    const { systemPrompt, maxTurns, approvalTimeoutMs, agentTerms } = settings.now;
    return JSON.stringify([
      systemPrompt,
      maxTurns,
      approvalTimeoutMs,
      agentTerms,
      isCostWatched(),
      directories.of(session),
      directories.instruction(session),
    ]);
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

  async #ask(opened: Session, call: ToolCall, signal: AbortSignal, turn?: string): Promise<Verdict> {
    const { gate, sessions, activeModes, directories } = this.#options;
    // The mode is looked up at each call, so that a stricter one holds from the moment it is set.
    const session = sessions.live(opened.chat, opened.id);
    if (!session) return { kind: 'deny', message: 'This session has ended; nothing may run in it.' };
    const own = directories.of(session);
    if (!own) return displaced(session);
    const context = {
      chat: chatKey(session.chat),
      session: session.id,
      turn: turn ?? this.#live.get(chatKey(session.chat))?.turn ?? 'unprompted',
      directories: own,
      mode: activeModes.rulesFor(session.id, modeNamed(session.mode)),
    };
    const verdict = await gate.decide(call, context, signal);
    // A workspace may have become another one while the person was asked.
    return verdict.kind === 'allow' && !directories.of(session) ? displaced(session) : verdict;
  }
}

function displaced({ workspace }: Session): Verdict {
  const what = workspace === undefined ? 'directory' : 'workspace';
  return {
    kind: 'deny',
    message: `The ${what} of this session is not approved any more; nothing may run in it. Tell the person: their next message goes on elsewhere.`,
    layer: 'sandbox',
    rule: 'directory-not-approved',
  };
}
