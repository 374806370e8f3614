import type { Outbox, Stores } from '../core/ports/store.ts';

/**
 * The stores of `own`, with `parts` in the place of theirs. Closing closes the parts first, then `own`; a fault of the
 * parts' `close` goes to `onCloseFault`.
 */
export function composeStores<Own extends Stores>(
  own: Own,
  parts: Partial<Stores>,
  onCloseFault: (fault: unknown) => void,
): Own {
  return {
    ...own,
    outbox: parts.outbox ?? outboxBeside(own.outbox, parts),
    sessions: parts.sessions ?? own.sessions,
    messages: parts.messages ?? own.messages,
    inbox: parts.inbox ?? own.inbox,
    prompts: parts.prompts ?? own.prompts,
    close: async () => {
      await parts.close?.().catch(onCloseFault);
      await own.close();
    },
  };
}

/** What a turn leaves behind, where others keep parts of it: those after the rest, so that a crash repeats nothing. */
function outboxBeside(own: Outbox, { sessions, messages, inbox }: Partial<Stores>): Outbox {
  if (!sessions && !messages && !inbox) return own;
  return {
    endTurn: async ({ session, answer, inbounds, replies }) => {
      await own.endTurn({
        session: sessions ? undefined : session,
        answer: messages ? undefined : answer,
        inbounds: inbox ? [] : inbounds,
        replies,
      });
      await inbox?.finish(inbounds);
      if (session) await sessions?.save(session);
      if (answer) await messages?.append(answer);
    },
    trace: (id, trace) => own.trace(id, trace),
    delivered: (id) => own.delivered(id),
    undelivered: () => own.undelivered(),
  };
}
