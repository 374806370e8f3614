import type { Grant, OwnRule } from '../../safety/grants/grant.ts';

// What the gate remembers belongs to the safety room; this is the one place where core and storage take its words over.
export type { Grant, GrantId, GrantStore, OwnRule, StoredGrant } from '../../safety/grants/grant.ts';

/** What the person has approved in advance: to be shown, and taken back one by one. */
export interface Remembered {
  /** The chat's live grants, oldest first. `chat` is a chat's key. */
  grantsOf(chat: string): readonly Grant[];
  /** Takes one back at once. False: there is no such grant in this chat (any more). Rejects when it can't be written down. */
  revoke(chat: string, id: string, by: string): Promise<boolean>;
  /** Ends all grants of a chat. Returns how many there were; they count no longer, even when it rejects. */
  endAll(chat: string, why: 'clear' | 'directory'): Promise<number>;
  /** The rules that were made for a directory with Always. */
  rulesOf(directory: string): readonly OwnRule[];
  /** The file that they stand in, an absolute path. */
  rulesFile(directory: string): string;
  /** False: there is no such rule. Rejects when the file can't be written. */
  removeRule(directory: string, name: string, chat: string, by: string): Promise<boolean>;
}
