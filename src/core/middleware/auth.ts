import type { Access } from '../access/access.ts';
import type { EventBus } from '../event-bus.ts';
import { chatKey, type ChatRef } from '../ports/chat.ts';
import type { Log } from '../../util/log.ts';
import type { Middleware } from './compose.ts';

export interface AuthOptions {
  readonly accessOf: (chat: ChatRef) => Access;
  readonly say: (chat: ChatRef, text: string) => void;
  readonly log: Log;
  readonly events: EventBus;
}

/** The door: whoever is not admitted gets nothing and changes nothing. */
export function auth(options: AuthOptions): Middleware {
  return async (inbound, next) => {
    const { chat, person } = inbound;
    const admission = await options.accessOf(chat).admit(inbound);
    if (admission.kind === 'admitted') return next();
    if (admission.kind === 'answered') {
      options.say(chat, admission.text);
      return {};
    }
    options.log.warn('person_refused', { person: person.id, chat: chatKey(chat), reason: admission.reason });
    options.events.emit('message.refused', { chat, person: person.id, reason: admission.reason });
    return {};
  };
}
