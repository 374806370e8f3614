import { stopWords, type Budgets } from '../budget/budgets.ts';
import type { CoreContext } from '../context.ts';
import type { Agent, AgentEvent, Conversation, TurnFinished } from '../ports/agent.ts';
import type { ChatRef } from '../ports/chat.ts';
import type { Outbox, Session } from '../ports/store.ts';
import type { Sessions } from '../sessions/sessions.ts';

export interface OneOffsOptions extends CoreContext {
  readonly agent: Agent;
  readonly sessions: Sessions;
  readonly budgets: Budgets;
  readonly outbox: Outbox;
}

export type OneOffQuestion = {
  readonly chat: ChatRef;
  /** Absolute real path that the agent starts in. */
  readonly directory: string;
  readonly instructions: string;
  readonly text: string;
  /** For the history, in front of what it says. */
  readonly label: string;
};

/** `reason`: a clause, why there is nothing. */
export type OneOffAnswer =
  { readonly kind: 'said'; readonly text: string } | { readonly kind: 'failed'; readonly reason: string };

/** No answer that is worth it takes longer. */
const TIMEOUT_MS = 90_000;

/**
 * One question to the agent in a conversation of its own, with no tools: the chat's session knows nothing of it but what
 * it has cost.
 */
export class OneOffs {
  readonly #options: OneOffsOptions;
  readonly #open = new Set<Conversation>();

  constructor(options: OneOffsOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async ask(question: OneOffQuestion): Promise<OneOffAnswer> {
    const { log, budgets } = this.#options;
    try {
      const stop = await budgets.dayStop();
      if (stop) return { kind: 'failed', reason: stopWords(stop) };
      return await this.#ask(question);
    } catch (fault) {
      log.error('one_off_failed', { label: question.label, fault });
      return { kind: 'failed', reason: 'Claude could not be asked; the log says why' };
    }
  }

  /** Ends what is being asked. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#open].map((conversation) => conversation.close()));
  }

  async #ask(question: OneOffQuestion): Promise<OneOffAnswer> {
    const { agent, clock } = this.#options;
    const conversation = agent.open({
      directory: question.directory,
      otherDirectories: [],
      instructions: question.instructions,
      maxTurns: 1,
      hasTools: false,
      gate: async () => ({ kind: 'deny', message: 'Answer in words alone: no tool may be used here.' }),
      gateTimeoutMs: TIMEOUT_MS,
      onUnprompted: () => {},
    });
    this.#open.add(conversation);
    const timer = clock.after(TIMEOUT_MS, () => void conversation.close());
    try {
      const { text, finished } = await said(conversation.run({ text: question.text }));
      await this.#count(question, text, finished);
      return answerOf(text, finished);
    } finally {
      timer.cancel();
      this.#open.delete(conversation);
      await conversation.close();
    }
  }

  /** It costs as a turn does, and stands in the history as one. */
  async #count(
    { chat, label }: OneOffQuestion,
    text: string,
    { costUsd, durationMs }: TurnFinished,
  ): Promise<void> {
    const { budgets, sessions, outbox, clock, log } = this.#options;
    budgets.takeAside(costUsd);
    const session = await sessions.open(chat);
    const words = `${label}: ${text}`;
    const answer = { session: session.id, chat, role: 'agent', text: words, costUsd, durationMs } as const;
    try {
      await sessions.update(
        session,
        (now: Session) => ({ costUsd: now.costUsd + costUsd }),
        (updated) =>
          outbox.endTurn({
            session: updated,
            answer: { ...answer, at: clock.now() },
            inbounds: [],
            replies: [],
          }),
      );
    } catch (fault) {
      log.error('one_off_not_stored', { label, fault });
    }
  }
}

async function said(events: AsyncIterable<AgentEvent>): Promise<{ text: string; finished: TurnFinished }> {
  let text = '';
  let finished: TurnFinished | undefined;
  for await (const event of events) {
    if (event.kind === 'text') text += event.delta;
    if (event.kind === 'text-end') text += '\n\n';
    if (event.kind === 'finished') finished = event;
  }
  if (!finished) throw new TypeError('the agent ended a turn without saying how');
  return { text: text.trim(), finished };
}

function answerOf(text: string, { outcome }: TurnFinished): OneOffAnswer {
  switch (outcome.kind) {
    case 'done':
      return text === '' ? { kind: 'failed', reason: 'Claude said nothing' } : { kind: 'said', text };
    case 'failed':
      return { kind: 'failed', reason: outcome.reason };
    case 'interrupted':
      return { kind: 'failed', reason: 'it took too long' };
    case 'max-turns':
    case 'over-budget':
      return { kind: 'failed', reason: 'Claude wanted to do more than answer' };
    default:
      return outcome satisfies never;
  }
}
