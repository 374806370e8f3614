import type { PersonId } from './chat.ts';

/** Who paired. One owner a bot; kept in the state folder. */
export interface OwnerStore {
  /** @throws MachineError when what is stored can't be read: then nobody is served, rather than the next to come. */
  load(): Promise<PersonId | undefined>;
  /** Resolves once it is on disk. Rejects, changing nothing, when there is an owner already. */
  save(owner: PersonId): Promise<void>;
}
