import { messageOf } from '../errors.ts';
import type { CoreContext } from './context.ts';
import type { AgentEvent } from './ports/agent.ts';
import { chatKey, type ChatKey, type ChatRef } from './ports/chat.ts';

/** What the agent says between turns (a background command has ended) is collected and sent as one message. */
export function createUnpromptedReply(context: CoreContext): (chat: ChatRef, event: AgentEvent) => void {
  const collected = new Map<ChatKey, string>();
  return (chat, event) => {
    const key = chatKey(chat);
    if (event.kind === 'text') collected.set(key, (collected.get(key) ?? '') + event.delta);
    if (event.kind === 'text-end') collected.set(key, `${collected.get(key) ?? ''}\n\n`);
    if (event.kind !== 'finished') return;
    const markdown = (collected.get(key) ?? '').trim();
    collected.delete(key);
    if (markdown === '') return;
    context
      .connectorOf(chat)
      .send(chat, { content: { markdown } })
      .catch((fault: unknown) =>
        context.log.warn('unprompted_not_sent', { chat: key, reason: messageOf(fault) }),
      );
  };
}
