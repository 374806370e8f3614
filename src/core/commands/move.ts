import { formatCount } from '../../util/figures.ts';
import { chatKey } from '../ports/chat.ts';
import { isSamePlace, placeChange, placeWords, type Place } from '../sessions/session-directories.ts';
import { endedGrants } from './clear.ts';
import type { Invocation } from './command.ts';

/**
 * Takes the chat to another place, between two turns: the agent there is ended, the grants end, and the session that
 * the chat has there goes on. It counts once it is in the audit log and in the store.
 */
export async function move(invocation: Invocation, to: Place): Promise<void> {
  const { services, say } = invocation;
  // The choice may have taken minutes, and a message may have come meanwhile.
  let words = 'Claude has begun to work meanwhile; /stop it first, then switch.';
  await services.queue.whileIdle(async () => {
    words = await moved(invocation, to);
  });
  await say(words);
}

async function moved({ inbound, services }: Invocation, to: Place): Promise<string> {
  const { conversations, sessions, remembered, audit } = services;
  const { chat, person } = inbound;
  const from = await sessions.open(chat);
  if (isSamePlace(from, to)) return `${placeWords(to)}: that is where Claude works already.`;
  const change = { event: 'directory_changed', chat: chatKey(chat), session: from.id } as const;
  await audit.record({ ...change, ...placeChange(from, to), by: person.id });
  try {
    await conversations.close(chat);
    const ended = await remembered.endAll(chatKey(chat), 'directory');
    const session = await sessions.moveTo(chat, to);
    services.gitPlaces.forget(chat);
    const goingOn = session.turns === 0 ? '' : `, going on after ${formatCount(session.turns, 'turn')}`;
    return `${placeWords(to)}${goingOn}.${leftWorkspace(from, to)}${endedGrants(ended)}`;
  } catch (fault) {
    await audit.record({ ...change, ...placeChange(to, from) });
    throw fault;
  }
}

function leftWorkspace(from: Place, to: Place): string {
  return from.workspace === undefined || from.workspace === to.workspace
    ? ''
    : ` The workspace \`${from.workspace}\` is left.`;
}
