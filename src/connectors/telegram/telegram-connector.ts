import type { ChatRef, InboundFile, MessageRef } from '../../core/ports/chat.ts';
import type {
  Attachment,
  Connector,
  OutboundMessage,
  PromptView,
  Receive,
  Reply,
  Tracing,
} from '../../core/ports/connector.ts';
import { LeashdError, messageOf, type MachineError } from '../../errors.ts';
import type { Clock } from '../../util/clock.ts';
import type { Log } from '../../util/log.ts';
import { plain } from '../../util/rich-text.ts';
import { Backoff } from './backoff.ts';
import { BotApi, type BotCommand } from './bot-api.ts';
import {
  TelegramFault,
  givenUp,
  isBadRequest,
  isRefusal,
  isSurelyUnsent,
  stoppedFault,
  toGivenUp,
  tokenRefused,
} from './faults.ts';
import {
  PERHAPS_TWICE,
  clip,
  closedPromptText,
  contentParts,
  openPromptText,
  perhapsTwice,
} from './message-parts.ts';
import { Drafts } from './drafts.ts';
import { fetchFile } from './fetch-file.ts';
import { OutgoingQueue } from './outgoing-queue.ts';
import { promptKeyboard } from './prompt-keyboard.ts';
import { TelegramReply } from './telegram-reply.ts';
import { showTypingSign } from './typing-sign.ts';
import { UpdatePoller } from './update-poller.ts';
import { CONNECTOR_NAME, readUpdate, type BotIdentity } from './updates.ts';
import { abortWith, settlesWithin, waitFor } from './wait.ts';

export type TelegramConnectorOptions = {
  /** From @BotFather. Appears in no log and no error. */
  readonly token: string;
  /** `https://api.telegram.org`, or a Bot API server of one's own. */
  readonly apiRoot: string;
  readonly log: Log;
  readonly clock: Clock;
  /** Takes secrets out of a text that came from outside. */
  readonly redact: (text: string) => string;
  /** The chat's command menu: names in [a-z0-9_], without slash. */
  readonly commands: readonly BotCommand[];
  /** The least time between two edits of a growing reply; 1500 when absent. */
  readonly editThrottleMs?: number | undefined;
  /** Told once when receiving begins to fail (it goes on trying by itself), and again when the reason changes. */
  readonly onPollingFault?: ((error: MachineError) => void) | undefined;
  /** Told when Telegram answers for the first time, and each time it does again after a fault. */
  readonly onReceiving?: (() => void) | undefined;
};

export interface TelegramConnector extends Connector {
  /** The bot's numeric id, which is the first part of its token. */
  botId(): string;
  /** Known once started. */
  botUsername(): string | undefined;
}

export function createTelegramConnector(options: TelegramConnectorOptions): TelegramConnector {
  return new GrammyConnector(options);
}

const DEFAULT_EDIT_THROTTLE_MS = 1_500;
/** How long notices and prompts are tried for: the default time that an approval is waited for. */
const GIVE_UP_AFTER_MS = 5 * 60_000;
/** How long a notice stands that is of interest only now. */
const PASSING_MS = 30_000;
const START_BACKOFF = { firstMs: 500, mostMs: 30_000, random: Math.random };
/** Together below the five seconds that a stop may take. */
const STOP_RECEIVING_MS = 1_500;
const STOP_SENDING_MS = 2_300;
/** Telegram Bot API, "answerCallbackQuery". */
const NOTICE_LIMIT = 200;
const STALE_TAP_NOTICE = 'This button is no longer in use';

/** Sends a message; `isAgain`: an earlier attempt may have come through. */
type Post = (signal: AbortSignal, isAgain: boolean) => Promise<string>;

class GrammyConnector implements TelegramConnector {
  readonly name = CONNECTOR_NAME;
  readonly canPrompt = true;
  readonly #options: TelegramConnectorOptions;
  readonly #log: Log;
  readonly #api: BotApi;
  readonly #queue: OutgoingQueue;
  readonly #drafts: Drafts;
  /** Aborts when the end begins, `#stop` when nothing may go out any more. */
  readonly #leaving = new AbortController();
  readonly #stop = new AbortController();
  /** What nobody waits for, so that `stop` can. */
  readonly #asides = new Set<Promise<unknown>>();
  #bot: BotIdentity;
  readonly #receiving = Promise.withResolvers<UpdatePoller>();
  #poller: UpdatePoller | undefined;
  #isStarted = false;
  #stopping: Promise<void> | undefined;

  constructor(options: TelegramConnectorOptions) {
    const { token, apiRoot, redact, clock } = options;
    this.#options = options;
    this.#log = options.log.with({ connector: CONNECTOR_NAME });
    const hide = (text: string): string => redact(text).replaceAll(token, '[bot token]');
    this.#api = new BotApi({ token, apiRoot, hide });
    this.#queue = new OutgoingQueue({ clock, log: this.#log });
    this.#drafts = new Drafts({ log: this.#log });
    this.#bot = { id: token.split(':', 1)[0] ?? '', username: undefined };
  }

  botId(): string {
    return this.#bot.id;
  }

  botUsername(): string | undefined {
    return this.#bot.username;
  }

  async start(receive: Receive): Promise<void> {
    if (this.#isStarted) throw new LeashdError('bug', 'TELEGRAM_STARTED_TWICE', 'a connector starts once');
    this.#isStarted = true;
    this.#bot = await this.#identify();
    if (this.#stopping !== undefined) throw givenUp(stoppedFault('start'));
    const { clock, onPollingFault, onReceiving } = this.#options;
    this.#poller = new UpdatePoller({
      api: this.#api,
      clock,
      log: this.#log,
      onUpdate: (update) => this.#take(update, receive),
      onFault: onPollingFault,
      onRecovered: onReceiving,
    });
    onReceiving?.();
    this.#poller.start();
    this.#receiving.resolve(this.#poller);
    this.#log.info('telegram_started', { bot: this.#bot.username ?? this.#bot.id });
    await this.#showMenu();
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  async caughtUp(): Promise<void> {
    const poller = await this.#receiving.promise;
    return poller.caughtUp();
  }

  async send(chat: ChatRef, message: OutboundMessage): Promise<void> {
    const { replyTo, attachment } = message;
    const sent: string[] = [];
    for (const [index, part] of contentParts(message.content).entries()) {
      const options = index === 0 ? { replyTo } : {};
      const send: Post = (signal, isAgain) =>
        this.#api.sendText(chat, isAgain ? perhapsTwice(part) : part, options, signal);
      sent.push(await this.#post(chat, send));
    }
    if (attachment !== undefined) sent.push(await this.#postFile(chat, attachment));
    if (message.isPassing === true) this.#own(this.#takeBack(chat, sent));
  }

  openReply(chat: ChatRef, tracing?: Tracing): Reply {
    const seen = abortWith(this.#stop.signal);
    const { signal } = seen;
    const isHeld = (): boolean => this.#queue.isHeld(chat);
    this.#own(showTypingSign({ api: this.#api, chat, clock: this.#options.clock, signal, isHeld }));
    return new TelegramReply({
      chat,
      tracing,
      api: this.#api,
      queue: this.#queue,
      drafts: this.#drafts,
      clock: this.#options.clock,
      log: this.#log,
      editThrottleMs: this.#options.editThrottleMs ?? DEFAULT_EDIT_THROTTLE_MS,
      onSeen: () => seen.abort(),
      own: (work) => this.#own(work),
    });
  }

  async fetchFile(
    _chat: ChatRef,
    file: InboundFile,
    limitBytes: number,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const until = abortWith(signal, this.#stop.signal);
    const { clock } = this.#options;
    const options = { api: this.#api, clock, log: this.#log, file, limitBytes, signal: until.signal };
    return fetchFile(options).finally(() => until.abort());
  }

  async showPrompt(chat: ChatRef, prompt: PromptView): Promise<MessageRef> {
    const keyboard = promptKeyboard(prompt);
    const { content, isCut } = openPromptText(prompt);
    const whole = isCut ? { fileName: 'question.txt', content: prompt.body.text } : undefined;
    const attachment = prompt.attachment ?? whole;
    if (attachment !== undefined) await this.#postFile(chat, attachment);
    const message = await this.#post(chat, (signal) =>
      this.#api.sendText(chat, content, { keyboard }, signal),
    );
    return { chat, message };
  }

  async updatePrompt({ chat, message }: MessageRef, prompt: PromptView): Promise<void> {
    try {
      const keyboard = promptKeyboard(prompt);
      const { content } = openPromptText(prompt);
      const edit = (signal: AbortSignal): Promise<void> =>
        this.#api.editText(chat, message, content, signal, keyboard);
      // After whatever is new: another question is not to wait for the buttons of this one.
      await this.#queue.edit(chat, edit, () => true);
    } catch (error) {
      this.#log.warn('telegram_prompt_not_updated', { prompt: prompt.id, reason: messageOf(error) });
    }
  }

  async closePrompt(message: MessageRef, prompt: PromptView, outcome: string): Promise<void> {
    const { content } = closedPromptText(prompt, outcome);
    const { chat } = message;
    const close = async (signal: AbortSignal): Promise<void> => {
      try {
        await this.#api.editText(chat, message.message, content, signal);
      } catch (error) {
        if (!isBadRequest(error)) throw error;
        await this.#api.removeKeyboard(chat, message.message, signal);
      }
    };
    try {
      await this.#deliver(chat, close);
    } catch (error) {
      this.#log.warn('telegram_prompt_not_closed', { prompt: prompt.id, reason: messageOf(error) });
    }
  }

  async #deliver<T>(chat: ChatRef, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await this.#queue.deliver(chat, run, GIVE_UP_AFTER_MS);
    } catch (error) {
      throw toGivenUp(error);
    }
  }

  #postFile(chat: ChatRef, file: Attachment): Promise<string> {
    return this.#post(chat, (signal, isAgain) =>
      this.#api.sendFile(chat, file, signal, isAgain ? PERHAPS_TWICE : undefined),
    );
  }

  /** A new message, which takes away the drafts of its chat. */
  async #post(chat: ChatRef, post: Post): Promise<string> {
    let isAgain = false;
    const message = await this.#deliver(chat, async (signal) => {
      try {
        return await post(signal, isAgain);
      } catch (error) {
        if (!isSurelyUnsent(error)) isAgain = true;
        throw error;
      }
    });
    this.#drafts.tellGone(chat);
    return message;
  }

  /** After a while, or when we are to stop: it would stay for ever. Never rejects. */
  async #takeBack(chat: ChatRef, messages: readonly string[]): Promise<void> {
    await waitFor(this.#options.clock, PASSING_MS, this.#leaving.signal);
    try {
      for (const message of messages) {
        const remove = (signal: AbortSignal): Promise<void> => this.#api.removeMessage(chat, message, signal);
        await (this.#leaving.signal.aborted
          ? this.#queue.deliver(chat, remove, STOP_SENDING_MS)
          : this.#queue.edit(chat, remove, () => true));
      }
    } catch (error) {
      this.#log.debug('telegram_notice_not_removed', { reason: messageOf(error) });
    }
  }

  /** Asks who we are until the server answers, however long that takes: no network at the start is no reason to end. */
  async #identify(): Promise<BotIdentity> {
    const { clock } = this.#options;
    const backoff = new Backoff(START_BACKOFF);
    let told: string | undefined;
    for (;;) {
      try {
        return await this.#api.identity(this.#stop.signal);
      } catch (error) {
        if (!(error instanceof TelegramFault)) throw error;
        const { reason } = error;
        // A malformed token is "not found", as it is a part of the address.
        if (reason.kind === 'refused' && [401, 404].includes(reason.status)) throw tokenRefused(error);
        if (reason.kind === 'refused' || reason.kind === 'stopped') throw givenUp(error);
        if (told !== error.message) this.#tellUnreached(givenUp(error));
        told = error.message;
        const delayMs = reason.kind === 'flood' ? reason.retryAfterMs : backoff.next();
        await waitFor(clock, delayMs, this.#stop.signal);
      }
    }
  }

  #tellUnreached(fault: MachineError): void {
    this.#log.warn('telegram_not_reached', { code: fault.code, reason: fault.message, hint: fault.hint });
    this.#options.onPollingFault?.(fault);
  }

  async #showMenu(): Promise<void> {
    const { commands } = this.#options;
    if (commands.length === 0) return;
    try {
      await this.#api.setCommands(commands, this.#stop.signal);
    } catch (error) {
      this.#log.warn('telegram_menu_not_set', { reason: messageOf(error) });
    }
  }

  async #take(update: unknown, receive: Receive): Promise<void> {
    const reading = readUpdate(update, this.#bot, this.#options.clock.now());
    switch (reading.kind) {
      case 'ignored':
        this.#log.debug('telegram_update_ignored', { why: reading.why });
        return;
      case 'stale-tap':
        this.#own(this.#answerTap(reading.callback, STALE_TAP_NOTICE));
        return;
      case 'inbound': {
        const { inbound, callback } = reading;
        const { notice } = await receive(inbound);
        if (callback !== undefined) this.#own(this.#noticeTap(inbound.chat, callback, notice));
        else if (notice !== undefined) this.#sendAside(inbound.chat, notice);
        return;
      }
      default:
        reading satisfies never;
    }
  }

  /** A tap that waited too long (leashd was not running) can't be answered in passing: then in a line of the chat. */
  async #noticeTap(chat: ChatRef, callback: string, notice: string | undefined): Promise<void> {
    const isTooOld = (await this.#answerTap(callback, notice)) === 'too-old';
    if (isTooOld && notice !== undefined) this.#sendAside(chat, notice);
  }

  /** At once and past the queue: the phone shows a spinner until it comes. */
  async #answerTap(callback: string, notice: string | undefined): Promise<'too-old' | 'done'> {
    const text = notice === undefined ? undefined : clip(notice, NOTICE_LIMIT);
    try {
      await this.#api.answerTap(callback, text, this.#stop.signal);
    } catch (error) {
      this.#log.debug('telegram_tap_not_answered', { reason: messageOf(error) });
      if (isRefusal(error, /query is too old|query id is invalid/i)) return 'too-old';
    }
    return 'done';
  }

  /** Only taps have a place for a passing notice. */
  #sendAside(chat: ChatRef, notice: string): void {
    const sending = this.send(chat, { content: plain(notice), isPassing: true }).catch((error: unknown) => {
      this.#log.warn('telegram_notice_not_sent', { reason: messageOf(error) });
    });
    this.#own(sending);
  }

  #own(work: Promise<unknown>): void {
    this.#asides.add(work);
    void work.finally(() => this.#asides.delete(work));
  }

  async #end(): Promise<void> {
    this.#leaving.abort();
    await this.#poller?.stop(STOP_RECEIVING_MS);
    await this.#queue.stop(STOP_SENDING_MS);
    this.#stop.abort();
    await settlesWithin(this.#options.clock, 300, Promise.all(this.#asides));
  }
}
