import type { ChatRef, Person, PersonId } from '../ports/chat.ts';

/** Whose approvals count in a chat; undefined: those of everybody who may talk there. */
export type ApproversOf = (chat: ChatRef) => readonly PersonId[] | undefined;

/** Lets those answer who may approve now, and still may when they answer. */
export function onlyApprovers(chat: ChatRef, approversOf?: ApproversOf): (person: Person) => boolean {
  const then = approversOf?.(chat);
  return ({ id }) => then?.includes(id) !== false && approversOf?.(chat)?.includes(id) !== false;
}
