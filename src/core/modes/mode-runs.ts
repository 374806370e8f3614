import { messageOf } from '../../errors.ts';
import { newId } from '../../util/ids.ts';
import { plain, type RichText } from '../../util/rich-text.ts';
import type { ActiveMode, ActiveModes } from './active-modes.ts';
import type { TextInbound } from '../queue/chat-queue.ts';
import type { Invocation } from '../commands/command.ts';
import type { CoreContext } from '../context.ts';
import type { ModeSender } from './mode-sender.ts';
import { switchMode } from './mode-switch.ts';
import type { LiveSettings } from '../engine-settings.ts';
import { stricterMode, type ModeName } from './modes.ts';
import type { AgentEvent } from '../ports/agent.ts';
import { chatKey, type ChatKey, type ChatRef, type Inbound, type ModeWork } from '../ports/chat.ts';
import type { Inbox, Session } from '../ports/store.ts';
import type { Sessions } from '../sessions/sessions.ts';

/** Knows one mode in which single turns do their work. */
export interface ModeWorker {
  readonly mode: ModeName;
  /** The command that shows how things stand: `git`, `merge`. */
  readonly command: { readonly name: string; readonly args: string };
  /** Right before the turn, also one that is taken up after a crash: looks how things stand now. */
  begin(session: Session, about: string): Promise<BegunWork>;
}

export type BegunWork =
  | {
      readonly kind: 'begun';
      /** What the mode brings to the session until the turn has ended. */
      readonly active: ActiveMode;
      /** What the agent does meanwhile. Must not throw. */
      readonly take?: ((event: AgentEvent) => void) | undefined;
      /** However the turn has ended, in the mode of before. It may reject: then they are told. */
      readonly ended: (invocation: Invocation) => Promise<void>;
    }
  /** The agent is not asked, and the person told why. */
  | { readonly kind: 'refused'; readonly words: RichText };

/** One turn's work in a mode of its own. Nothing of it rejects. */
export type ModeRun = {
  /** The agent is not to be asked: why. */
  readonly refusal?: RichText | undefined;
  readonly take: (event: AgentEvent) => void;
  /** The rules end, and the session goes back to the mode it had. Harmless when repeated. */
  readonly leave: () => Promise<void>;
  /** Says how things stand. */
  readonly tell: () => Promise<void>;
};

export interface ModeRunsOptions extends CoreContext {
  readonly sessions: Sessions;
  readonly activeModes: ActiveModes;
  readonly inbox: Inbox;
  readonly settings: LiveSettings<'defaultMode'>;
  /** To the end of the chat's queue; it is in the inbox already. */
  readonly submit: (text: TextInbound) => void;
}

type CommandInbound = Invocation['inbound'];
type MakeInvocation = (inbound: CommandInbound) => Invocation;

/**
 * Turns in a mode of their own (merge, test). What such a turn is to do stands in its message, and so in the inbox: after a
 * crash the session is back in its own mode at once, and a turn that is taken up begins the work anew.
 */
export class ModeRuns implements ModeSender {
  readonly #options: ModeRunsOptions;
  readonly #workers = new Map<string, ModeWorker>();
  /** The mode of before, of chats where the way back has failed. */
  readonly #stuck = new Map<ChatKey, string>();
  #makeInvocation: MakeInvocation | undefined;

  constructor(options: ModeRunsOptions) {
    this.#options = options;
  }

  register(worker: ModeWorker): void {
    this.#workers.set(worker.mode, worker);
  }

  /** To be done before the first turn. */
  attach(makeInvocation: MakeInvocation): void {
    this.#makeInvocation = makeInvocation;
  }

  /** Sends the agent to work: as that person's message, behind what waits. */
  async send(
    { inbound }: Pick<Invocation, 'inbound'>,
    work: Omit<ModeWork, 'back'>,
    text: string,
  ): Promise<void> {
    const { sessions, inbox, submit, clock } = this.#options;
    const { chat, person, isPrivate } = inbound;
    const { mode } = await sessions.open(chat);
    const message: TextInbound = {
      kind: 'text',
      id: newId<'InboundId'>(),
      chat,
      isPrivate,
      person,
      receivedAt: clock.now(),
      text,
      modeWork: { ...work, back: this.#ownMode(mode) },
    };
    await inbox.add(message);
    submit(message);
  }

  /** Where one of a turn's texts asks for it, the session goes into that mode. @throws what store and audit log throw. */
  async enter(texts: readonly TextInbound[]): Promise<ModeRun | undefined> {
    const { sessions, activeModes } = this.#options;
    const text = texts.findLast(({ modeWork }) => modeWork !== undefined);
    const chat = (text ?? texts[0])?.chat;
    if (chat === undefined) return undefined;
    const session = await sessions.open(chat);
    if (text?.modeWork === undefined) {
      if (this.#workers.has(session.mode)) await this.#goBack(chat);
      return undefined;
    }
    const { mode, about, back } = text.modeWork;
    const worker = this.#workers.get(mode);
    const begun = await worker?.begin(session, about);
    if (worker === undefined || begun?.kind !== 'begun') {
      await this.#goBack(chat, back);
      const words = begun?.kind === 'refused' ? begun.words : plain(`There is no ${mode} mode any more.`);
      return { ...NOTHING, refusal: words };
    }
    this.#stuck.set(chatKey(chat), this.#workers.has(session.mode) ? back : session.mode);
    await switchMode(this.#options, session, { mode, by: text.person.id });
    activeModes.set(session.id, begun.active);
    let left: Promise<void> | undefined;
    return {
      take: begun.take ?? NOTHING.take,
      leave: () => {
        activeModes.clear(session.id);
        return (left ??= this.#leave(chat));
      },
      tell: () => this.#tell(text, worker, begun.ended),
    };
  }

  /** What the last process left behind in the middle of such work. What fails is tried again at the next turn. */
  async goBackAfter(inbounds: readonly Inbound[]): Promise<void> {
    for (const inbound of inbounds) {
      if (inbound.kind !== 'text' || !inbound.modeWork) continue;
      this.#stuck.set(chatKey(inbound.chat), inbound.modeWork.back);
      await this.#leave(inbound.chat);
    }
  }

  async #leave(chat: ChatRef): Promise<void> {
    const { log, connectorOf } = this.#options;
    try {
      await this.#goBack(chat);
    } catch (fault) {
      // The rules have ended all the same, and the next turn tries again.
      log.error('mode_not_left', { chat: chatKey(chat), fault });
      const content = plain(`⚠️ The mode could not be switched back: ${messageOf(fault)}.`);
      await connectorOf(chat)
        .send(chat, { content })
        .catch((second: unknown) => log.error('notice_not_delivered', { reason: messageOf(second) }));
    }
  }

  async #goBack(chat: ChatRef, to?: string): Promise<void> {
    const { sessions, settings } = this.#options;
    const key = chatKey(chat);
    // Also where the conversation was cleared meanwhile, and another one has taken its mode over.
    const session = await sessions.open(chat);
    if (this.#workers.has(session.mode)) {
      const mode = to ?? this.#stuck.get(key) ?? stricterMode('default', settings.now.defaultMode);
      await switchMode(this.#options, session, { mode: this.#ownMode(mode) });
    }
    this.#stuck.delete(key);
  }

  /** A mode that a session can stay in. */
  #ownMode(mode: string): string {
    return this.#workers.has(mode) ? stricterMode('default', this.#options.settings.now.defaultMode) : mode;
  }

  async #tell(
    { chat, isPrivate, person }: TextInbound,
    { command }: ModeWorker,
    ended: (invocation: Invocation) => Promise<void>,
  ): Promise<void> {
    const { log, clock, connectorOf } = this.#options;
    const base = { kind: 'command', id: newId<'InboundId'>(), receivedAt: clock.now() } as const;
    try {
      const invocation = this.#makeInvocation?.({ ...base, chat, isPrivate, person, ...command });
      if (invocation) await ended(invocation);
    } catch (fault) {
      log.error('work_not_looked_at', { chat: chatKey(chat), fault });
      const words = `⚠️ How it stands could not be found out: ${messageOf(fault)}. Try /${command.name} ${command.args}`;
      await connectorOf(chat)
        .send(chat, { content: plain(words) })
        .catch((second: unknown) => log.error('notice_not_delivered', { reason: messageOf(second) }));
    }
  }
}

const NOTHING: ModeRun = {
  take: () => {},
  leave: () => Promise.resolve(),
  tell: () => Promise.resolve(),
};
