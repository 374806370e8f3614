import { basename } from 'node:path';
import { assertNever } from '../../util/assert-never.ts';
import { newId } from '../../util/ids.ts';
import { code, concat, plain, type RichText } from '../../util/rich-text.ts';
import { sizeInWords } from '../turns/attachments.ts';
import type { PersonFileRead } from '../ports/files.ts';
import type { Command, Invocation } from './command.ts';

/** Telegram takes files of 50 MB from a bot, with all that belongs to the request. */
const LARGEST_BYTES = 45 * 1024 * 1024;
const USAGE = 'path';

export const fileCommand: Command = {
  name: 'file',
  summary: 'Send you a file of the project',
  usage: USAGE,
  isAllowedDuringTurn: true,
  run: async (invocation) => {
    const { args, say } = invocation;
    const given = args.replace(/^(["'`])(.+)\1$/, '$2');
    if (given === '') {
      await say(
        plain(
          `Which one? /file ${USAGE}: from the directory that Claude works in, as in /file docs/notes.md`,
        ),
      );
    } else if (/\p{Cc}/u.test(given)) {
      await say(plain('A path has no line breaks or other control characters in it.'));
    } else await sendFile(given, invocation);
  },
};

/** Sends it where the gate lets the person have it, and says why where not. `given`: as the person or a list names it. */
export async function sendFile(given: string, { inbound, services, say }: Invocation): Promise<void> {
  const { files, sessions, conversations } = services;
  if (!files) {
    await say(plain('Files can’t be sent from here.'));
    return;
  }
  const session = await sessions.open(inbound.chat);
  // What the gate decides on is what is read: the place itself, not the way there.
  const path = await files.resolve(session.directory, given);
  const { directory } = session;
  const call = { id: newId(), tool: 'Read', input: { file_path: path }, directory, isPersons: true };
  const verdict = await conversations.decideForPerson(session, call, 'file', new AbortController().signal);
  if (verdict.kind === 'deny') {
    await say(concat('⛔ ', code(given), ` is not sent: ${verdict.reason ?? verdict.message}`));
    return;
  }
  const read = await files.read(path, LARGEST_BYTES);
  if (read.kind === 'file' && read.bytes.length > 0) {
    const shown = concat('📎 ', code(given), ` · ${sizeInWords(read.bytes.length)}`);
    await say(shown, { fileName: basename(path), content: read.bytes, path });
  } else await say(concat(code(given), refusal(read)));
}

function refusal(read: PersonFileRead): RichText | string {
  switch (read.kind) {
    case 'file':
      return ' is empty.';
    case 'missing':
      return ' is not there. A path begins in the directory that Claude works in; /status names it.';
    case 'folder':
      return ' is a folder. Name a file in it.';
    case 'special':
      return ' is no file, but a pipe, a socket or a device.';
    case 'moved':
      return ' has become something else while it was decided on, and is not sent.';
    case 'too-large':
      return ` has ${sizeInWords(read.sizeBytes)}, more than the ${sizeInWords(LARGEST_BYTES)} that can be sent.`;
    case 'unreadable':
      return ` can’t be read: ${read.reason}`;
    default:
      return assertNever(read);
  }
}
