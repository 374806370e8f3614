import type { TextInbound } from '../queue/chat-queue.ts';
import type { Conversations } from '../turns/conversations.ts';
import { switchMode } from './mode-switch.ts';
import type { Audit } from '../ports/audit.ts';
import { chatKey } from '../ports/chat.ts';
import type { Sessions } from '../sessions/sessions.ts';

export interface FreshStartParts {
  readonly sessions: Sessions;
  readonly conversations: Conversations;
  readonly audit: Audit;
}

/**
 * Where one of a turn's texts asks for it, ends the chat's session and begins a fresh one for them, just before they go
 * to the agent: so that a crash leaves the message, and with it the wish, in the inbox. Harmless when it was done.
 * @throws what store and audit log throw.
 */
export async function startAfresh(texts: readonly TextInbound[], parts: FreshStartParts): Promise<void> {
  const text = texts.findLast(({ afresh }) => afresh !== undefined);
  if (text?.afresh === undefined) return;
  const { sessions, conversations, audit } = parts;
  const { chat, person } = text;
  const { from, mode, plan } = text.afresh;
  const session = await sessions.open(chat);
  if (session.id !== from) return;
  // Nothing of the old conversation may run under the new mode.
  await conversations.close(chat);
  await switchMode(parts, session, { mode, by: person.id, plan });
  await audit.record({
    event: 'session_ended',
    chat: chatKey(chat),
    session: from,
    why: 'ended',
    by: person.id,
  });
  await sessions.renew(chat);
}
