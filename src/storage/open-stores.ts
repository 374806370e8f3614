import type { AuditHeadStore } from '../core/ports/audit.ts';
import type { GrantStore } from '../core/ports/grants.ts';
import type { Stores } from '../core/ports/store.ts';
import type { Clock } from '../util/clock.ts';
import type { Log } from '../util/log.ts';
import { SqliteAuditHeads } from './audit-heads.ts';
import { SqliteGrants } from './grants.ts';
import { SqliteInbox } from './inbox.ts';
import { SqliteMessages } from './messages.ts';
import { STORE_VERSION, openMigrated } from './migrations.ts';
import { SqliteOutbox } from './outbox.ts';
import { OwedWrites, owingInbox, owingOutbox } from './owed-writes.ts';
import { SqlitePrompts } from './prompts.ts';
import { SqliteSessions } from './sessions.ts';

export type OpenStoresOptions = {
  /** A file, made when it is not there, or `:memory:`. */
  readonly path: string;
  readonly log: Log;
  readonly clock: Clock;
};

export type OpenedStores = Stores & {
  /** Absent where it would not outlive the process. */
  readonly auditHeads: AuditHeadStore | undefined;
  readonly grants: GrantStore;
};

/**
 * Opens the stores on one SQLite database.
 *
 * `:memory:` keeps every promise of the ports except the one they are there for: nothing outlives `close` or the
 * process. After a restart no chat has a session (the agent's conversation starts anew), the history is empty,
 * what was waiting or under way in the inbox is gone without a word to the person, and a redelivered inbound
 * counts as new: what was answered shortly before the restart may be answered twice.
 *
 * @throws PersonError when the file was made by a newer leashd (STORE_TOO_NEW) or another program (STORE_FOREIGN).
 * @throws MachineError when it is no database, is damaged, or can't be made, read or written.
 */
export function openStores({ path, log, clock }: OpenStoresOptions): OpenedStores {
  const database = openMigrated(path, log);
  try {
    const inbox = new SqliteInbox({ database, clock });
    const prompts = new SqlitePrompts({ database, clock });
    const owed = new OwedWrites({ clock, log });
    const pruned = inbox.prune() + prompts.prune();
    log.debug('storage_opened', { path, version: STORE_VERSION, pruned });
    return {
      sessions: new SqliteSessions(database),
      messages: new SqliteMessages(database),
      inbox: owingInbox(inbox, owed),
      prompts,
      outbox: owingOutbox(new SqliteOutbox(database), owed),
      grants: new SqliteGrants(database),
      auditHeads: path === ':memory:' ? undefined : new SqliteAuditHeads(database),
      close: async () => {
        await owed.settle();
        database.close();
      },
    };
  } catch (error) {
    database.close();
    throw error;
  }
}
