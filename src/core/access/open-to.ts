import type { PersonId } from '../ports/chat.ts';
import type { Access } from './access.ts';

/** Serves anyone: `LEASHD_ALLOWED_USER_IDS=*`, and the terminal, whose person sits at the machine. */
export const openToAnyone: Access = {
  admit: async () => ({ kind: 'admitted' }),
};

/** Serves those who are listed. */
export function openTo(people: readonly PersonId[]): Access {
  const listed = new Set(people);
  return {
    admit: async ({ person }) =>
      listed.has(person.id)
        ? { kind: 'admitted' }
        : { kind: 'refused', reason: 'not in LEASHD_ALLOWED_USER_IDS' },
  };
}
