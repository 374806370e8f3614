import type { Clock } from '../../util/clock.ts';
import type { Log } from '../../util/log.ts';
import type { Access } from '../access/access.ts';
import type { EventBus } from '../events/event-bus.ts';
import { OwnedWork } from '../owned-work.ts';
import type { Audit } from '../ports/audit.ts';
import { chatKey, type ChatRef, type PersonId } from '../ports/chat.ts';
import type { Middleware } from './compose.ts';

export interface AuthOptions {
  readonly accessOf: (chat: ChatRef) => Access;
  readonly say: (chat: ChatRef, text: string) => void;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
  readonly events: EventBus;
}

/** A stranger must not fill the disk, and neither must many of them. */
const ONE_LINE_MS = 60_000;
const MOST_LINES = 60;

/** The door: whoever is not admitted gets nothing and changes nothing. */
export function auth(options: AuthOptions): Middleware {
  const { audit, events, log } = options;
  // Nothing waits for the line: it allows nothing, and no stranger may hold up what others do.
  const work = new OwnedWork({ log });
  const isDue = oneLineEach(options.clock);
  return async (inbound, next) => {
    const { chat, person } = inbound;
    const admission = await options.accessOf(chat).admit(inbound);
    if (admission.kind === 'admitted') return next();
    if (admission.kind === 'answered') {
      options.say(chat, admission.text);
      return {};
    }
    const { reason } = admission;
    log.warn('person_refused', { person: person.id, chat: chatKey(chat), reason });
    events.emit('message.refused', { chat, person: person.id, reason });
    if (isDue(person.id)) {
      const line = { event: 'message_refused', chat: chatKey(chat), person: person.id, why: reason } as const;
      work.own('write a refused message down', audit.record(line));
    }
    return {};
  };
}

/** Whether somebody has had no line for a minute, and the lines of all of them are few enough. */
function oneLineEach(clock: Clock): (person: PersonId) => boolean {
  const writtenAt = new Map<PersonId, number>();
  return (person) => {
    const now = clock.monotonic();
    for (const [who, at] of writtenAt) {
      // Oldest first.
      if (now - at < ONE_LINE_MS) break;
      writtenAt.delete(who);
    }
    if (writtenAt.has(person) || writtenAt.size >= MOST_LINES) return false;
    writtenAt.set(person, now);
    return true;
  };
}
