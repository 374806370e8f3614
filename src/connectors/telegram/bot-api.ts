import { Api, InputFile } from 'grammy/web';
import type { InlineKeyboardMarkup } from 'grammy/types';
import { z } from 'zod';
import type { ChatRef } from '../../core/ports/chat.ts';
import type { Attachment } from '../../core/ports/connector.ts';
import type { EntityText } from './entities.ts';
import { TooLarge, download } from './download.ts';
import { TelegramFault, isRefusal, toFault } from './faults.ts';
import { httpFetch } from './http-fetch.ts';
import { ALLOWED_UPDATES, updateIdOf, type BotIdentity } from './updates.ts';

export type BotCommand = { readonly name: string; readonly description: string };
export type RawUpdate = { readonly id: number; readonly update: unknown };

/** How long a poll waits for something new. */
export const POLL_SECONDS = 30;
/** A request that takes longer is as good as lost. The patient ones wait for updates or carry files. */
const QUICK_TIMEOUT_SECONDS = 15;
const PATIENT_TIMEOUT_SECONDS = 50;
const SLOW_TIMEOUT_SECONDS = 240;
const LARGE_FILE_BYTES = 2 * 1024 * 1024;

// grammY's type is that of node-fetch, which is not there; what it uses of it HttpRequest and HttpAnswer say.
const fetch = httpFetch as never;

const identitySchema = z.object({ id: z.number().int(), username: z.string().optional() });
const fileSchema = z.object({ file_path: z.string(), file_size: z.number().optional() });
const sentSchema = z.object({ message_id: z.number().int() });

/**
 * The calls of the Bot API that leashd makes. Each rejects with a TelegramFault and nothing else (a file: also with TooLarge); what the server
 * sends is checked here. Nothing waits or retries here.
 */
export class BotApi {
  readonly #quick: Api;
  readonly #patient: Api;
  /** For the largest files, which take their time on a thin line. */
  readonly #slow: Api;
  /** Holds the token. */
  readonly #fileRoot: string;
  readonly #hide: (text: string) => string;

  /** @param hide takes secrets, the token above all, out of a text */
  constructor(options: {
    readonly token: string;
    readonly apiRoot: string;
    readonly hide: (text: string) => string;
  }) {
    this.#hide = options.hide;
    const apiRoot = options.apiRoot.replace(/\/+$/, '');
    this.#fileRoot = `${apiRoot}/file/bot${options.token}`;
    this.#quick = new Api(options.token, { apiRoot, fetch, timeoutSeconds: QUICK_TIMEOUT_SECONDS });
    this.#patient = new Api(options.token, { apiRoot, fetch, timeoutSeconds: PATIENT_TIMEOUT_SECONDS });
    this.#slow = new Api(options.token, { apiRoot, fetch, timeoutSeconds: SLOW_TIMEOUT_SECONDS });
  }

  async identity(signal: AbortSignal): Promise<BotIdentity> {
    const me = await this.#call('getMe', signal, (until) => this.#quick.getMe(until));
    const { id, username } = this.#check('getMe', identitySchema, me);
    return { id: String(id), username };
  }

  /** Waits up to `seconds` for updates from `offset` on; what lies before it is confirmed, and gone. */
  updates(offset: number | undefined, seconds: number, signal: AbortSignal): Promise<readonly RawUpdate[]> {
    return this.#getUpdates({ ...(offset === undefined ? {} : { offset }), timeout: seconds }, signal);
  }

  /** Confirms what lies before `offset` without taking anything. */
  async confirm(offset: number, signal: AbortSignal): Promise<void> {
    await this.#getUpdates({ offset, timeout: 0, limit: 1 }, signal);
  }

  /** Takes away a webhook, which would keep updates from us; what waits is kept. */
  async removeWebhook(signal: AbortSignal): Promise<void> {
    await this.#call('deleteWebhook', signal, (until) =>
      this.#quick.deleteWebhook({ drop_pending_updates: false }, until),
    );
  }

  async setCommands(commands: readonly BotCommand[], signal: AbortSignal): Promise<void> {
    const menu = commands.map(({ name, description }) => ({ command: name, description }));
    await this.#call('setMyCommands', signal, (until) => this.#quick.setMyCommands(menu, {}, until));
  }

  async answerTap(callback: string, notice: string | undefined, signal: AbortSignal): Promise<void> {
    const other = notice === undefined ? {} : { text: notice };
    await this.#call('answerCallbackQuery', signal, (until) =>
      this.#quick.answerCallbackQuery(callback, other, until),
    );
  }

  async showTyping(chat: ChatRef, signal: AbortSignal): Promise<void> {
    await this.#call('sendChatAction', signal, (until) =>
      this.#quick.sendChatAction(chat.chat, 'typing', threadOf(chat), until),
    );
  }

  /** Resolves to the new message's id. Goes to the main chat when the thread is gone. */
  async sendText(
    chat: ChatRef,
    content: EntityText,
    { keyboard, replyTo }: SendOptions,
    signal: AbortSignal,
  ): Promise<string> {
    // What it refers to may have been deleted; it is said all the same.
    const reply =
      replyTo === undefined
        ? {}
        : { reply_parameters: { message_id: Number(replyTo), allow_sending_without_reply: true } };
    const send = (thread: ThreadOption, entities: EntityText['entities']): Promise<unknown> =>
      this.#call('sendMessage', signal, (until) =>
        this.#quick.sendMessage(
          chat.chat,
          content.text,
          { ...thread, ...reply, ...textOptions(entities, keyboard) },
          until,
        ),
      );
    const sent = await inThread(chat, (thread) =>
      withEntities(content, (entities) => send(thread, entities)),
    );
    return String(this.#check('sendMessage', sentSchema, sent).message_id);
  }

  /** Shows a text for half a minute, in the place of the draft of that id. For private chats alone. */
  async sendDraft(chat: ChatRef, draft: number, content: EntityText, signal: AbortSignal): Promise<void> {
    const send = (thread: ThreadOption, entities: EntityText['entities']): Promise<unknown> =>
      this.#call('sendMessageDraft', signal, (until) =>
        this.#quick.sendMessageDraft(Number(chat.chat), draft, content.text, { ...thread, entities }, until),
      );
    // Nothing says that a draft may not be repeated, nor that it may.
    await unlessRefused(/not modified/i, () =>
      inThread(chat, (thread) => withEntities(content, (entities) => send(thread, entities))),
    );
  }

  /** Leaves the message alone when it is so already. Takes its buttons off where none are given. */
  async editText(
    chat: ChatRef,
    message: string,
    content: EntityText,
    signal: AbortSignal,
    keyboard?: InlineKeyboardMarkup,
  ): Promise<void> {
    const edit = (entities: EntityText['entities']): Promise<unknown> =>
      this.#call('editMessageText', signal, (until) =>
        this.#quick.editMessageText(
          chat.chat,
          Number(message),
          content.text,
          textOptions(entities, keyboard),
          until,
        ),
      );
    await unlessRefused(/message is not modified/i, () => withEntities(content, edit));
  }

  removeKeyboard(chat: ChatRef, message: string, signal: AbortSignal): Promise<void> {
    return this.editKeyboard(chat, message, undefined, signal);
  }

  /** Leaves the text alone. Harmless when the buttons are these already. */
  async editKeyboard(
    chat: ChatRef,
    message: string,
    keyboard: InlineKeyboardMarkup | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const markup = keyboard === undefined ? {} : { reply_markup: keyboard };
    await unlessRefused(/message is not modified/i, () =>
      this.#call('editMessageReplyMarkup', signal, (until) =>
        this.#quick.editMessageReplyMarkup(chat.chat, Number(message), markup, until),
      ),
    );
  }

  async removeMessage(chat: ChatRef, message: string, signal: AbortSignal): Promise<void> {
    await unlessRefused(/message to delete not found/i, () =>
      this.#call('deleteMessage', signal, (until) =>
        this.#quick.deleteMessage(chat.chat, Number(message), until),
      ),
    );
  }

  /** Resolves to the new message's id. Goes to the main chat when the thread is gone. */
  async sendFile(chat: ChatRef, file: Attachment, signal: AbortSignal, caption?: string): Promise<string> {
    const sent = await inThread(chat, (thread) =>
      this.#call('sendDocument', signal, (until) =>
        (file.content.length > LARGE_FILE_BYTES ? this.#slow : this.#patient).sendDocument(
          chat.chat,
          toInputFile(file),
          { ...thread, caption },
          until,
        ),
      ),
    );
    return String(this.#check('sendDocument', sentSchema, sent).message_id);
  }

  /**
   * A file that was sent to the bot, by its `file_id`. The server hands out files of 20 MB at most.
   * @throws TooLarge, too, besides the TelegramFault
   */
  async fetchFile(id: string, limitBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    const answer = await this.#call('getFile', signal, (until) => this.#quick.getFile(id, until));
    const { file_path: path, file_size: size = 0 } = this.#check('getFile', fileSchema, answer);
    if (size > limitBytes) throw new TooLarge();
    const steps = path.split('/');
    if (steps.some((step) => ['', '.', '..'].includes(step))) throw localMode();
    const url = `${this.#fileRoot}/${steps.map(encodeURIComponent).join('/')}`;
    try {
      return await download({ url, limitBytes, signal });
    } catch (error) {
      if (error instanceof TooLarge) throw error;
      throw toFault('download', causeOf(error), this.#hide, signal);
    }
  }

  async #getUpdates(
    options: { readonly offset?: number; readonly timeout: number; readonly limit?: number },
    signal: AbortSignal,
  ): Promise<readonly RawUpdate[]> {
    const answer: unknown = await this.#call('getUpdates', signal, (until) =>
      this.#patient.getUpdates({ ...options, allowed_updates: ALLOWED_UPDATES }, until),
    );
    const updates = this.#check('getUpdates', z.array(z.unknown()), answer);
    return updates.map((update) => {
      const id = updateIdOf(update);
      if (id === undefined) throw unreadable('getUpdates', 'an update without an update_id');
      return { id, update };
    });
  }

  async #call<T>(method: string, signal: AbortSignal, run: (signal: GrammySignal) => Promise<T>): Promise<T> {
    try {
      // grammY's signal is a polyfill's type, of which it uses `aborted` and the listeners alone.
      return await run(signal as unknown as GrammySignal);
    } catch (error) {
      throw toFault(method, error, this.#hide, signal);
    }
  }

  #check<T>(method: string, schema: z.ZodType<T>, answer: unknown): T {
    const parsed = schema.safeParse(answer);
    if (!parsed.success) throw unreadable(method, this.#hide(parsed.error.message));
    return parsed.data;
  }
}

type GrammySignal = NonNullable<Parameters<Api['getMe']>[0]>;

type SendOptions = {
  readonly keyboard?: InlineKeyboardMarkup | undefined;
  /** The id of a message of the same chat. */
  readonly replyTo?: string | undefined;
};
type ThreadOption = { readonly message_thread_id?: number };

function threadOf(chat: ChatRef): ThreadOption {
  return chat.thread === undefined ? {} : { message_thread_id: Number(chat.thread) };
}

function textOptions(entities: EntityText['entities'], keyboard: InlineKeyboardMarkup | undefined) {
  return {
    entities,
    // The server would fetch any address that the agent writes.
    link_preview_options: { is_disabled: true },
    ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
  };
}

/** A topic may have been deleted, or topics broken by a roll-out of the server: the person is to see it anyway. */
async function inThread<T>(chat: ChatRef, send: (thread: ThreadOption) => Promise<T>): Promise<T> {
  try {
    return await send(threadOf(chat));
  } catch (error) {
    if (chat.thread === undefined || !isRefusal(error, /thread not found|TOPIC_(?:DELETED|CLOSED)/i))
      throw error;
    return send({});
  }
}

/** What is said matters more than how it looks. */
async function withEntities<T>(
  content: EntityText,
  send: (entities: EntityText['entities']) => Promise<T>,
): Promise<T> {
  try {
    return await send(content.entities);
  } catch (error) {
    if (content.entities.length === 0 || !isRefusal(error, /entit/i)) throw error;
    return send([]);
  }
}

async function unlessRefused(description: RegExp, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!isRefusal(error, description)) throw error;
  }
}

function unreadable(method: string, what: string): TelegramFault {
  return new TelegramFault(method, { kind: 'unreachable' }, `${method}: the answer can't be read (${what})`);
}

/** The name goes into a header unquoted, and the server refuses empty files. */
function toInputFile(file: Attachment): InputFile {
  const name = file.fileName.replaceAll(/[^\p{L}\p{N}._-]/gu, '_').slice(0, 64);
  const content = file.content.length === 0 ? '(empty)\n' : file.content;
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  return new InputFile(bytes, name === '' ? 'file.txt' : name);
}

/** `fetch failed` says nothing; what it was stands behind it. */
function causeOf(error: unknown): unknown {
  return error instanceof TypeError && error.cause !== undefined ? error.cause : error;
}

/** Such a server names a place on its own disk (Bot API, "Using a Local Bot API Server"). */
function localMode(): TelegramFault {
  const description = 'the Bot API server keeps files to itself, as with --local';
  return new TelegramFault(
    'getFile',
    { kind: 'refused', status: 400, description },
    `getFile: ${description}`,
  );
}
