import type { ChatRef, SessionId } from '../core/ports/chat.ts';
import type { StoredMessage } from '../core/ports/store.ts';
import type { AddCheck } from './checks.ts';

export const home: ChatRef = { connector: 'telegram', chat: '42' };
export const topic: ChatRef = { connector: 'telegram', chat: '42', thread: '7' };

export function message(fields: Partial<StoredMessage>): StoredMessage {
  return {
    session: 'a' as SessionId,
    chat: home,
    role: 'person',
    text: 'hi',
    at: 1_700_000_000_000,
    ...fields,
  };
}

/** Puts `name` before what each check says. */
export function group<Harness>(name: string, add: AddCheck<Harness>): AddCheck<Harness> {
  return (what, body) => add(`${name} ${what}`, body);
}
