import { newId } from '../util/ids.ts';
import type { CoreContext } from './context.ts';
import type { ModeName } from './modes.ts';
import { OwnedWork } from './owned-work.ts';
import { chatKey, type ChatKey, type ChatRef, type SessionId } from './ports/chat.ts';
import type { Session, SessionStore } from './ports/store.ts';

export interface SessionsOptions extends CoreContext {
  readonly store: SessionStore;
  readonly defaultMode: ModeName;
  /** Absolute real paths; the first is where a chat's first session starts. At least one. */
  readonly approvedDirectories: readonly [string, ...string[]];
}

/** The sessions of all chats: the current one of each is kept at hand, every change is stored before it counts. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #current = new Map<ChatKey, Session>();
  readonly #work: OwnedWork;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#work = new OwnedWork({ log: options.log });
  }

  /** The chat's session; a new one where it has none. */
  async open(chat: ChatRef): Promise<Session> {
    const known = await this.find(chat);
    if (known) return known;
    return this.#create(chat, this.#options.approvedDirectories[0], this.#options.defaultMode);
  }

  /** The chat's session, if it has one. */
  async find(chat: ChatRef): Promise<Session | undefined> {
    const cached = this.#current.get(chatKey(chat));
    if (cached) {
      this.#options.log.debug('session_cache_hit', { session: cached.id });
      return cached;
    }
    const stored = await this.#options.store.current(chat);
    if (!stored) return undefined;
    if (!this.#options.approvedDirectories.includes(stored.directory)) return this.#leave(stored);
    this.#current.set(chatKey(chat), stored);
    return stored;
  }

  /** The session as it is at this moment, for the gate: undefined once the chat has moved on. */
  live(chat: ChatRef, id: SessionId): Session | undefined {
    const session = this.#current.get(chatKey(chat));
    return session?.id === id ? session : undefined;
  }

  /** The chat behind a key, as long as it has a session. */
  chatOf(key: string): ChatRef | undefined {
    return this.#current.get(key as ChatKey)?.chat;
  }

  async update(
    session: Session,
    change: Partial<Omit<Session, 'id' | 'chat' | 'createdAt'>>,
  ): Promise<Session> {
    const updated = { ...session, ...change, updatedAt: this.#options.clock.now() };
    await this.#options.store.save(updated);
    this.#current.set(chatKey(updated.chat), updated);
    this.#options.log.debug('session_updated', { session: updated.id, changed: Object.keys(change) });
    return updated;
  }

  /** Goes on with the chat's latest session in that directory, or starts one there. */
  async moveTo(chat: ChatRef, directory: string): Promise<Session> {
    const mode = (await this.find(chat))?.mode ?? this.#options.defaultMode;
    const earlier = await this.#options.store.latestIn(chat, directory);
    return earlier ? this.update(earlier, { mode }) : this.#create(chat, directory, mode);
  }

  /** Ends the chat's session and starts a fresh one in the same directory and mode. */
  async renew(chat: ChatRef): Promise<Session> {
    const ended = await this.open(chat);
    await this.#options.store.end(chat);
    this.#current.delete(chatKey(chat));
    this.#options.events.emit('session.ended', { session: ended.id, chat });
    return this.#create(chat, ended.directory, ended.mode);
  }

  /** A directory that was approved once may not be any more. */
  async #leave(stored: Session): Promise<Session> {
    const { approvedDirectories, defaultMode, connectorOf, log, audit } = this.#options;
    const [to] = approvedDirectories;
    log.warn('session_directory_not_approved', { session: stored.id, directory: stored.directory });
    const { id, chat, directory: from } = stored;
    await audit.record({ event: 'directory_changed', chat: chatKey(chat), session: id, from, to });
    const session = await this.#create(stored.chat, to, defaultMode);
    const markdown = `📁 \`${stored.directory}\` is not approved any more; this is a fresh conversation in \`${session.directory}\`.`;
    this.#work.own('a notice', connectorOf(stored.chat).send(stored.chat, { content: { markdown } }));
    return session;
  }

  async #create(chat: ChatRef, directory: string, mode: string): Promise<Session> {
    const now = this.#options.clock.now();
    const session: Session = {
      id: newId<'SessionId'>(),
      chat,
      directory,
      mode,
      turns: 0,
      costUsd: 0,
      createdAt: now,
      updatedAt: now,
    };
    await this.#options.store.save(session);
    this.#current.set(chatKey(chat), session);
    this.#options.log.info('session_created', { session: session.id, chat: chatKey(chat), directory });
    this.#options.events.emit('session.created', { session: session.id, chat, directory });
    return session;
  }
}
