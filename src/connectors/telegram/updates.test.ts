import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUpdate, updateIdOf } from './updates.ts';

const BOT = { id: '700', username: 'leashd_bot' };
const AT = 1_700_000_000_000;

const ada = { id: 42, is_bot: false, first_name: 'Ada', last_name: 'L' };
const privateChat = { id: 42, type: 'private', first_name: 'Ada' };
const group = { id: -1001, type: 'supergroup', title: 'Team' };

function message(fields: object): object {
  return { update_id: 9, message: { message_id: 5, date: 1, from: ada, chat: privateChat, ...fields } };
}

function command(text: string, fields: object = {}): object {
  const length = /^\S+/.exec(text)?.[0].length ?? 0;
  return message({ text, entities: [{ type: 'bot_command', offset: 0, length }], ...fields });
}

function tap(fields: object): object {
  const shown = { message_id: 5, date: 1, chat: privateChat };
  return {
    update_id: 10,
    callback_query: { id: 'cb1', from: ada, chat_instance: 'x', message: shown, ...fields },
  };
}

function inboundOf(update: unknown): unknown {
  const reading = readUpdate(update, BOT, AT);
  return reading.kind === 'inbound' ? reading.inbound : reading;
}

describe('reading an update', () => {
  it('takes a text with its person, its chat and a global id', () => {
    expect(inboundOf(message({ text: 'hello' }))).toEqual({
      id: 'telegram:700:9',
      chat: { connector: 'telegram', chat: '42' },
      isPrivate: true,
      person: { id: 'telegram:42', name: 'Ada L' },
      receivedAt: AT,
      kind: 'text',
      text: 'hello',
      message: '5',
      replyTo: undefined,
    });
  });

  it('keeps what a text replies to', () => {
    const update = message({ text: 'because', reply_to_message: { message_id: 3, chat: privateChat } });
    expect(inboundOf(update)).toMatchObject({ kind: 'text', replyTo: '3' });
  });

  it('takes the topic as thread, and does not take its first message for a reply', () => {
    const inTopic = { chat: group, message_thread_id: 8, is_topic_message: true };
    const update = message({ ...inTopic, text: 'hi', reply_to_message: { message_id: 8 } });
    expect(inboundOf(update)).toMatchObject({
      chat: { connector: 'telegram', chat: '-1001', thread: '8' },
      isPrivate: false,
      replyTo: undefined,
    });
  });

  it('takes no thread from a chain of replies outside of topics', () => {
    expect(inboundOf(message({ chat: group, message_thread_id: 8, text: 'hi' }))).toMatchObject({
      chat: { connector: 'telegram', chat: '-1001' },
    });
  });

  it.each([
    ['/plan add a test', 'plan', 'add a test'],
    ['/Plan', 'plan', ''],
    ['/plan@leashd_bot  now ', 'plan', 'now'],
    ['/plan@LEASHD_bot now', 'plan', 'now'],
    ['/plan\ntwo\nlines', 'plan', 'two\nlines'],
  ])('reads the command %j', (text, name, args) => {
    expect(inboundOf(command(text))).toMatchObject({ kind: 'command', name, args });
  });

  it('leaves commands for other bots to them', () => {
    expect(readUpdate(command('/plan@other_bot x', { chat: group }), BOT, AT).kind).toBe('ignored');
  });

  it('takes a slash inside a text as text', () => {
    const update = message({
      text: 'see /plan',
      entities: [{ type: 'bot_command', offset: 4, length: 5 }],
    });
    expect(inboundOf(update)).toMatchObject({ kind: 'text', text: 'see /plan' });
  });

  it('reads a tap on a prompt and how to answer it', () => {
    const reading = readUpdate(tap({ data: 'p:AbC_-123:approve' }), BOT, AT);
    expect(reading).toMatchObject({
      kind: 'inbound',
      callback: 'cb1',
      inbound: { kind: 'tap', prompt: 'AbC_-123', choice: 'approve', person: { id: 'telegram:42' } },
    });
  });

  it.each([
    ['of that question', 'p:AbC_-123:reject', true],
    ['of another', 'p:other:approve', false],
  ])('tells whether the message has a button %s', (_name, data, isItsCard) => {
    const keyboard = { reply_markup: { inline_keyboard: [[{ text: 'x', callback_data: data }]] } };
    const message = { message_id: 7, date: 1, chat: { id: 42, type: 'private' }, ...keyboard };
    expect(inboundOf(tap({ data: 'p:AbC_-123:approve', message }))).toMatchObject({ isItsCard });
  });

  it('reads a tap on a message that is too old to be described', () => {
    const old = { message_id: 5, date: 0, chat: privateChat };
    expect(inboundOf(tap({ data: 'p:x:yes', message: old }))).toMatchObject({ kind: 'tap', choice: 'yes' });
  });

  it.each([
    ['data of another make', { data: 'approve' }],
    ['too many parts', { data: 'p:x:yes:no' }],
    ['no data', {}],
    ['no message', { data: 'p:x:yes', message: undefined }],
  ])('calls a tap with %s stale', (_name, fields) => {
    expect(readUpdate(tap(fields), BOT, AT)).toEqual({ kind: 'stale-tap', callback: 'cb1' });
  });

  it.each([
    ['voice', { voice: {} }, 'a voice message'],
    ['photo without a size', { photo: [], caption: 'look' }, 'a photo'],
    ['animation, which is a document too', { animation: {}, document: {} }, 'an animation'],
    ['document', { document: {} }, 'a file'],
    ['venue, which is a location too', { location: {}, venue: {} }, 'a place'],
    ['sticker', { sticker: {} }, 'a sticker'],
  ])('names a %s in words', (_name, fields, what) => {
    expect(inboundOf(message(fields))).toMatchObject({ kind: 'unsupported', what });
  });

  it('names the file of a message: a photo in its largest size, a document as it is called', () => {
    const size = (file_id: string, width: number): object => ({
      file_id,
      width,
      height: width,
      file_size: width,
    });
    const photo = [size('small', 90), size('large', 1280), size('middle', 320)];
    const files = [{ ref: 'large', fileName: 'photo.jpg', mediaType: 'image/jpeg', sizeBytes: 1280 }];
    const album = { media_group_id: '77' };
    expect(inboundOf(message({ photo, caption: 'look', ...album }))).toMatchObject({
      kind: 'text',
      text: 'look',
      files,
      album: '77',
    });
    expect(inboundOf(message({ live_photo: { photo, file_id: 'film' } }))).toMatchObject({ text: '', files });
    const document = { file_id: 'd', file_name: '../a\n\u202e\u2028b.md', mime_type: 'text/markdown' };
    expect(inboundOf(message({ document }))).toMatchObject({
      text: '',
      files: [{ ref: 'd', fileName: '../ab.md', mediaType: 'text/markdown' }],
    });
  });

  it('takes a command from a caption, but not from a forwarded one', () => {
    const fields = {
      document: { file_id: 'd' },
      caption: '/edit fix this',
      caption_entities: [{ type: 'bot_command', offset: 0, length: 5 }],
    };
    const files = [{ ref: 'd', fileName: 'file', mediaType: 'application/octet-stream' }];
    expect(inboundOf(message(fields))).toMatchObject({
      kind: 'command',
      name: 'edit',
      args: 'fix this',
      files,
    });
    expect(inboundOf(message({ ...fields, forward_origin: {} }))).toMatchObject({
      kind: 'text',
      text: '/edit fix this',
      files,
    });
  });

  it('keeps the words with what can’t be taken, and names it', () => {
    const video = { file_id: 'v', mime_type: 'video/quicktime', file_name: 'holiday.mov' };
    expect(inboundOf(message({ video, caption: 'what breaks here?' }))).toMatchObject({
      kind: 'text',
      text: 'what breaks here?',
      files: [{ fileName: 'a video', mediaType: 'video/mp4' }],
    });
  });

  it.each([
    ['edited messages', { update_id: 9, edited_message: { text: 'x' } }],
    ['channel posts', message({ chat: { id: -5, type: 'channel' }, text: 'x' })],
    ['bots', message({ from: { ...ada, is_bot: true }, text: 'x' })],
    ['anonymous admins', message({ sender_chat: group, text: 'x' })],
    ['nobody', message({ from: undefined, text: 'x' })],
    ['service messages', message({ pinned_message: {} })],
    ['taps of bots', tap({ data: 'p:x:yes', from: { ...ada, is_bot: true } })],
    ['nonsense', { update_id: 9, message: 'hello' }],
    ['nothing', undefined],
  ])('ignores %s', (_name, update) => {
    expect(readUpdate(update, BOT, AT).kind).toBe('ignored');
  });

  it('takes invisible and direction-changing characters out of names', () => {
    const from = { ...ada, first_name: 'A\u202Eda\u200B', last_name: undefined };
    expect(inboundOf(message({ from, text: 'x' }))).toMatchObject({ person: { name: 'Ada' } });
    const nameless = { ...ada, first_name: '\u200B', last_name: undefined };
    expect(inboundOf(message({ from: nameless, text: 'x' }))).toMatchObject({ person: { name: '42' } });
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (first, second) => {
        expect(() => {
          readUpdate(first, BOT, AT);
          readUpdate({ update_id: 1, message: first, callback_query: second }, BOT, AT);
          updateIdOf(first);
        }).not.toThrow();
      }),
    );
  });
});
