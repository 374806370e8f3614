import type { Audit } from '../ports/audit.ts';
import { chatKey, type PersonId } from '../ports/chat.ts';
import type { Session } from '../ports/store.ts';
import type { Sessions } from '../sessions/sessions.ts';

export type ModeSwitch = {
  /** The name of a mode. */
  readonly mode: string;
  /** Left out: leashd itself, which goes back to what was before. */
  readonly by?: PersonId | undefined;
  /** SHA-256, hexadecimal, of the plan that is accepted with it. */
  readonly plan?: string | undefined;
};

/** It counts once it is in the audit log and in the store. @throws what either of them throws; then nothing changed. */
export async function switchMode(
  { audit, sessions }: { readonly audit: Audit; readonly sessions: Sessions },
  session: Session,
  { mode, by, plan }: ModeSwitch,
): Promise<Session> {
  if (session.mode === mode) return session;
  const change = { event: 'mode_changed', chat: chatKey(session.chat), session: session.id } as const;
  await audit.record({
    ...change,
    from: session.mode,
    to: mode,
    ...(by === undefined ? {} : { by }),
    ...(plan === undefined ? {} : { plan }),
  });
  try {
    return await sessions.update(session, { mode });
  } catch (fault) {
    await audit.record({ ...change, from: mode, to: session.mode });
    throw fault;
  }
}
