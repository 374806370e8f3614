import { MachineError } from '../../errors.ts';
import { newId } from '../../util/ids.ts';
import type { CoreContext } from '../context.ts';
import type { LiveSettings } from '../engine-settings.ts';
import { stricterMode } from '../modes/modes.ts';
import { OwnedWork } from '../owned-work.ts';
import { chatKey, type ChatKey, type ChatRef, type SessionId } from '../ports/chat.ts';
import type { Session, SessionStore } from '../ports/store.ts';
import {
  isSamePlace,
  placeChange,
  placeIn,
  placeWords,
  type Place,
  type SessionDirectories,
} from './session-directories.ts';

export interface SessionsOptions extends CoreContext {
  readonly store: SessionStore;
  readonly settings: LiveSettings<'defaultMode'>;
  readonly directories: SessionDirectories;
  /** Ends what was approved in advance in the chat, as nobody is asked before a session leaves its place. */
  readonly endGrants: (chat: ChatKey) => Promise<unknown>;
  /** Whether a turn of the chat's session runs, which then stays where it is. */
  readonly isInTurn: (chat: ChatRef) => boolean;
}

type Change = Partial<Omit<Session, 'id' | 'chat' | 'createdAt'>>;

/**
 * The sessions of all chats: the current one of each is kept at hand, every change is stored before it counts. The
 * changes of a chat come one after the other, so that none is made to what another one is just replacing.
 */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #current = new Map<ChatKey, Session>();
  readonly #works = new Map<ChatKey, Promise<void>>();
  readonly #work: OwnedWork;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#work = new OwnedWork({ log: options.log });
  }

  /** The chat's session; a new one where it has none. */
  open(chat: ChatRef): Promise<Session> {
    return this.#inOrder(chat, () => this.#open(chat));
  }

  async #open(chat: ChatRef): Promise<Session> {
    const known = await this.#find(chat);
    if (known) return known;
    const { directories, settings } = this.#options;
    return this.#create(chat, directories.start, settings.now.defaultMode);
  }

  async #find(chat: ChatRef): Promise<Session | undefined> {
    const cached = this.#current.get(chatKey(chat));
    if (cached) {
      this.#options.log.debug('session_cache_hit', { session: cached.id });
      const isThere = this.#options.directories.of(cached) !== undefined;
      return isThere || this.#options.isInTurn(chat) ? cached : this.#leave(cached);
    }
    const stored = await this.#options.store.current(chat);
    if (!stored) return undefined;
    if (!this.#options.directories.of(stored)) return this.#leave(stored);
    this.#current.set(chatKey(chat), stored);
    return stored;
  }

  /** The session as it is at this moment, for the gate: undefined once the chat has moved on. */
  live(chat: ChatRef, id: SessionId): Session | undefined {
    const session = this.#current.get(chatKey(chat));
    return session?.id === id ? session : undefined;
  }

  /** The chats that have a session by now. */
  chats(): readonly ChatRef[] {
    return [...this.#current.values()].map(({ chat }) => chat);
  }

  /** Chats that were spoken in since leashd was started. */
  get chatCount(): number {
    return this.#current.size;
  }

  /** The chat behind a key, as long as it has a session. */
  chatOf(key: string): ChatRef | undefined {
    return this.#current.get(key as ChatKey)?.chat;
  }

  /**
   * Changes the session as it is by then. `save`: how it is stored, where that is one with something else.
   * @throws MachineError SESSION_LEFT when the chat has gone on in another one: it is not brought back
   */
  update(
    session: Session,
    change: Change | ((now: Session) => Change),
    save?: (updated: Session) => Promise<void>,
  ): Promise<Session> {
    return this.#inOrder(session.chat, async () => {
      const now = this.#current.get(chatKey(session.chat)) ?? session;
      if (now.id !== session.id)
        throw new MachineError('SESSION_LEFT', 'the chat has gone on in another conversation meanwhile');
      return this.#update(now, typeof change === 'function' ? change(now) : change, save);
    });
  }

  async #update(
    session: Session,
    change: Change,
    save: (updated: Session) => Promise<void> = (updated) => this.#options.store.save(updated),
  ): Promise<Session> {
    const updated = { ...session, ...change, updatedAt: this.#options.clock.now() };
    await save(updated);
    this.#current.set(chatKey(updated.chat), updated);
    this.#options.log.debug('session_updated', { session: updated.id, changed: Object.keys(change) });
    return updated;
  }

  /** Goes on with the chat's latest session in that place, or starts one there. */
  moveTo(chat: ChatRef, place: Place): Promise<Session> {
    return this.#inOrder(chat, async () => {
      const mode = (await this.#find(chat))?.mode ?? this.#options.settings.now.defaultMode;
      const earlier = await this.#options.store.latestIn(chat, place.directory, place.workspace);
      return earlier && isSamePlace(earlier, place)
        ? this.#update(earlier, { ...place, mode })
        : this.#create(chat, place, mode);
    });
  }

  /** Ends the chat's session and starts a fresh one in the same place and mode. */
  renew(chat: ChatRef): Promise<Session> {
    return this.#inOrder(chat, async () => {
      const ended = await this.#open(chat);
      await this.#options.store.end(chat);
      this.#current.delete(chatKey(chat));
      this.#options.events.emit('session.ended', { session: ended.id, chat });
      return this.#create(chat, placeIn(ended), ended.mode);
    });
  }

  async #inOrder<Result>(chat: ChatRef, work: () => Promise<Result>): Promise<Result> {
    const key = chatKey(chat);
    const before = this.#works.get(key);
    const { promise: done, resolve: end } = Promise.withResolvers<void>();
    this.#works.set(key, done);
    try {
      await before;
      return await work();
    } finally {
      if (this.#works.get(key) === done) this.#works.delete(key);
      end();
    }
  }

  /** A directory that was approved once may not be any more, and a workspace be another one or gone. */
  async #leave(stored: Session): Promise<Session> {
    const { directories, settings, connectorOf, log, audit, endGrants } = this.#options;
    const { id: session, chat, workspace: name, directory } = stored;
    const workspace = directories.workspace(name);
    const elsewhere = name === undefined ? directories.start : directories.outside(stored);
    const to = workspace ? directories.placeOf(workspace) : elsewhere;
    log.warn('session_directory_not_approved', { session, directory, workspace: name });
    const change = { event: 'directory_changed', chat: chatKey(chat), session } as const;
    await audit.record({ ...change, ...placeChange(stored, to) });
    await endGrants(chatKey(chat));
    // The agent keeps a conversation with the directory it started in.
    const goesOn = workspace !== undefined && to.directory === directory;
    const next = await (goesOn
      ? this.#update(stored, to)
      : this.#create(chat, to, stricterMode(stored.mode, settings.now.defaultMode)));
    const markdown = `${leavingWords(stored, workspace !== undefined)} ${goesOn ? 'The conversation goes on' : 'This is a fresh conversation'} in ${placeWords(to)}.`;
    this.#work.own('a notice', connectorOf(chat).send(chat, { content: { markdown } }));
    return next;
  }

  async #create(chat: ChatRef, place: Place, mode: string): Promise<Session> {
    const { directory } = place;
    const now = this.#options.clock.now();
    const session: Session = {
      id: newId<'SessionId'>(),
      chat,
      ...place,
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

function leavingWords({ directory, workspace }: Place, isKnown: boolean): string {
  if (workspace === undefined) return `\`${directory}\` is not approved any more.`;
  return isKnown
    ? `The workspace \`${workspace}\` has other directories now.`
    : `There is no workspace \`${workspace}\` any more.`;
}
