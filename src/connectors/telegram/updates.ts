import { z } from 'zod';
import { personId, type ChatRef, type Inbound, type InboundId, type Person } from '../../core/ports/chat.ts';
import { fromCallbackData } from './callback-data.ts';
import { fileOf } from './message-files.ts';
import { nameOfKind } from './message-kinds.ts';

export const CONNECTOR_NAME = 'telegram';

/** The kinds of updates asked for; without `callback_query` named, taps may never arrive. */
export const ALLOWED_UPDATES = ['message', 'callback_query'] as const;

export type BotIdentity = { readonly id: string; readonly username: string | undefined };

/** What an update means. `callback` is the id under which a tap must be answered within seconds. */
type UpdateReading =
  | { readonly kind: 'inbound'; readonly inbound: Inbound; readonly callback?: string | undefined }
  | { readonly kind: 'stale-tap'; readonly callback: string }
  | { readonly kind: 'ignored'; readonly why: string };

const userSchema = z.object({
  id: z.number().int(),
  is_bot: z.boolean(),
  first_name: z.string(),
  last_name: z.string().optional(),
  username: z.string().optional(),
});

const chatSchema = z.object({ id: z.number().int(), type: z.string() });

const entitiesSchema = z.array(z.object({ type: z.string(), offset: z.number(), length: z.number() }));

const messageSchema = z.looseObject({
  message_id: z.number().int(),
  from: userSchema.optional(),
  sender_chat: z.unknown().optional(),
  chat: chatSchema,
  message_thread_id: z.number().int().optional(),
  is_topic_message: z.boolean().optional(),
  reply_to_message: z.object({ message_id: z.number().int() }).optional(),
  text: z.string().optional(),
  entities: entitiesSchema.optional(),
  caption: z.string().optional(),
  caption_entities: entitiesSchema.optional(),
  media_group_id: z.string().optional(),
});

const keyboardSchema = z.object({
  inline_keyboard: z.array(z.array(z.object({ callback_data: z.string().optional() }))),
});

const tapSchema = z.object({
  id: z.string(),
  from: userSchema,
  message: messageSchema
    .pick({ message_id: true, chat: true, message_thread_id: true, is_topic_message: true })
    .extend({ reply_markup: keyboardSchema.optional() })
    .optional(),
  data: z.string().optional(),
});

const updateSchema = z.object({
  update_id: z.number().int(),
  message: messageSchema.optional(),
  callback_query: tapSchema.optional(),
});

type Message = z.infer<typeof messageSchema>;
type Tap = z.infer<typeof tapSchema>;
type User = z.infer<typeof userSchema>;

/** The update's number, by which it is confirmed; undefined when it has none. */
export function updateIdOf(update: unknown): number | undefined {
  return z.object({ update_id: z.number().int() }).safeParse(update).data?.update_id;
}

/**
 * Translates what Telegram sent (Bot API, "Update"). Pure; never throws.
 * @param receivedAt milliseconds since 1970-01-01 UTC
 */
export function readUpdate(update: unknown, bot: BotIdentity, receivedAt: number): UpdateReading {
  const parsed = updateSchema.safeParse(update);
  if (!parsed.success) return ignored(`not an update as the Bot API describes it: ${parsed.error.message}`);
  const id = `${CONNECTOR_NAME}:${bot.id}:${parsed.data.update_id}` as InboundId;
  const { message, callback_query: tap } = parsed.data;
  if (message !== undefined) return readMessage(message, bot, id, receivedAt);
  if (tap !== undefined) return readTap(tap, id, receivedAt);
  return ignored('neither a message nor a tap');
}

function readMessage(message: Message, bot: BotIdentity, id: InboundId, receivedAt: number): UpdateReading {
  const { from, chat } = message;
  if (chat.type === 'channel') return ignored('a channel post');
  if (from === undefined || message.sender_chat !== undefined) return ignored('not sent by a person');
  if (from.is_bot) return ignored('sent by a bot');
  const common = { id, chat: chatRefOf(message), isPrivate: chat.type === 'private', receivedAt } as const;
  const person = personOf(from);
  const file = message.text === undefined ? fileOf(message) : undefined;
  if (message.text === undefined && file === undefined) {
    const what = nameOfKind(message);
    if (what === undefined) return ignored('a service message');
    return { kind: 'inbound', inbound: { ...common, person, kind: 'unsupported', what } };
  }
  const { text = message.caption ?? '', entities = message.caption_entities ?? [] } = message;
  const attached = file === undefined ? {} : { files: [file], album: message.media_group_id };
  // What somebody else wrote commands nothing, whoever passes it on.
  const isForwarded = message.forward_origin !== undefined;
  const command = isForwarded ? undefined : readCommand(text, entities);
  if (command === undefined) {
    const ids = { message: String(message.message_id), replyTo: replyTargetOf(message) };
    return { kind: 'inbound', inbound: { ...common, person, kind: 'text', text, ...ids, ...attached } };
  }
  if (command.addressee !== undefined && command.addressee.toLowerCase() !== bot.username?.toLowerCase()) {
    return ignored('a command for another bot');
  }
  const { name, args } = command;
  return { kind: 'inbound', inbound: { ...common, person, kind: 'command', name, args, ...attached } };
}

function readTap(tap: Tap, id: InboundId, receivedAt: number): UpdateReading {
  if (tap.from.is_bot) return ignored('tapped by a bot');
  const target = tap.data === undefined ? undefined : fromCallbackData(tap.data);
  if (target === undefined || tap.message === undefined) return { kind: 'stale-tap', callback: tap.id };
  const buttons = tap.message.reply_markup?.inline_keyboard.flat() ?? [];
  const inbound: Inbound = {
    id,
    chat: chatRefOf(tap.message),
    isPrivate: tap.message.chat.type === 'private',
    person: personOf(tap.from),
    receivedAt,
    kind: 'tap',
    ...target,
    message: String(tap.message.message_id),
    // The person's program names message and data; what stands under the message, the server says.
    isItsCard: buttons.some(
      ({ callback_data: data = '' }) => fromCallbackData(data)?.prompt === target.prompt,
    ),
  };
  return { kind: 'inbound', inbound, callback: tap.id };
}

type Command = { readonly name: string; readonly addressee: string | undefined; readonly args: string };

function readCommand(
  text: string,
  entities: readonly { type: string; offset: number; length: number }[],
): Command | undefined {
  const entity = entities.find(({ type, offset }) => type === 'bot_command' && offset === 0);
  if (entity === undefined) return undefined;
  const [, name, addressee] = /^\/([^@\s]+)(?:@(\S+))?$/.exec(text.slice(0, entity.length)) ?? [];
  if (name === undefined) return undefined;
  return { name: name.toLowerCase(), addressee, args: text.slice(entity.length).trim() };
}

function chatRefOf(message: Pick<Message, 'chat' | 'message_thread_id' | 'is_topic_message'>): ChatRef {
  const chat = { connector: CONNECTOR_NAME, chat: String(message.chat.id) };
  if (message.is_topic_message !== true || message.message_thread_id === undefined) return chat;
  return { ...chat, thread: String(message.message_thread_id) };
}

/** A message in a topic that replies to nothing names the topic's first message. */
function replyTargetOf(message: Message): string | undefined {
  const target = message.reply_to_message?.message_id;
  return target === undefined || target === message.message_thread_id ? undefined : String(target);
}

const LONGEST_NAME = 64;

/** People choose their own names: invisible and direction-changing characters are taken out. */
function personOf(user: User): Person {
  const full = [user.first_name, user.last_name].filter((part) => part !== undefined).join(' ');
  const name = Array.from(full.replaceAll(/\p{C}/gu, '').trim()).slice(0, LONGEST_NAME).join('');
  return { id: personId(CONNECTOR_NAME, user.id), name: name || user.username || String(user.id) };
}

function ignored(why: string): UpdateReading {
  return { kind: 'ignored', why };
}
