import { messageOf } from '../../errors.ts';
import { plain } from '../../util/rich-text.ts';
import {
  ATTACHMENT_LIMITS,
  WHAT_CAN_BE_SENT,
  readAttachment,
  refusedUnseen,
  sizeInWords,
  type ReadFile,
} from './attachments.ts';
import type { TextInbound } from '../queue/chat-queue.ts';
import type { CoreContext } from '../context.ts';
import type { TurnFile, TurnInput } from '../ports/agent.ts';
import { chatKey, type Attached, type ChatKey, type ChatRef, type InboundFile } from '../ports/chat.ts';

/** How long one file is fetched for: 20 MB over a slow line. */
const PATIENCE_MS = 180_000;

type Refusal = { readonly fileName: string; readonly reason: string };
type Fetching = { readonly chat: ChatRef; readonly signal: AbortSignal };

/** What the agent gets for what a person sent: the texts, and the files with them, fetched when they are wanted. */
export class IncomingFiles {
  readonly #context: CoreContext;
  readonly #fetching = new Map<ChatKey, AbortController>();
  #isLeaving = false;

  constructor(context: CoreContext) {
    this.#context = context;
  }

  /** True once leashd stops: what was not begun by then is the next process's. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /**
   * Says in the chat which files can't be taken, and why; so does the text that the agent gets. Undefined when nothing
   * is left to answer.
   */
  async inputOf(texts: readonly TextInbound[]): Promise<TurnInput | undefined> {
    const [first] = texts;
    const said = joined(texts.map(({ text }) => text));
    if (!first || !texts.some(hasFiles)) return { text: said };
    const { chat } = first;
    const abort = new AbortController();
    this.#fetching.set(chatKey(chat), abort);
    const taken: TurnFile[] = [];
    const refusals: Refusal[] = [];
    try {
      for (const file of texts.flatMap(({ files = [] }) => files)) {
        if (abort.signal.aborted) break;
        const read = await this.#take(file, taken, { chat, signal: abort.signal });
        if (read.kind === 'taken') taken.push(read.file);
        else refusals.push({ fileName: file.fileName, reason: read.reason });
      }
    } finally {
      this.#fetching.delete(chatKey(chat));
    }
    if (abort.signal.aborted) return { text: said, files: taken };
    if (refusals.length > 0) await this.#tell(chat, refusals);
    if (said === '' && taken.length === 0) return undefined;
    return { text: joined([said, ...refusals.map(noteFor)]), files: taken };
  }

  /** Fetches no more for the chat, or for any: leashd stops. */
  stop(chat?: ChatRef): void {
    if (chat === undefined) this.#isLeaving = true;
    const one = chat && this.#fetching.get(chatKey(chat));
    for (const abort of chat ? [one] : this.#fetching.values()) abort?.abort();
  }

  async #take(file: InboundFile, taken: readonly TurnFile[], fetching: Fetching): Promise<ReadFile> {
    const { filesPerTurn, totalBytes } = ATTACHMENT_LIMITS;
    if (taken.length >= filesPerTurn) return refused(`no more than ${filesPerTurn} files go in one message`);
    const unseen = refusedUnseen(file);
    if (unseen !== undefined) return refused(unseen);
    const leftBytes = totalBytes - taken.reduce((sum, one) => sum + bytesOf(one), 0);
    if ((file.sizeBytes ?? 0) > leftBytes) return refused(TOO_MUCH);
    const bytes = await this.#fetch(file, fetching);
    if (typeof bytes === 'string') return refused(bytes);
    if (bytes.length > leftBytes) return refused(TOO_MUCH);
    return readAttachment(file.fileName, bytes);
  }

  /** Its bytes, or why they can't be had. */
  async #fetch(file: InboundFile, { chat, signal }: Fetching): Promise<Uint8Array | string> {
    const { connectorOf, clock, log } = this.#context;
    const connector = connectorOf(chat);
    if (!connector.fetchFile) return 'files can’t be fetched from here';
    const late = new AbortController();
    const timer = clock.after(PATIENCE_MS, () => late.abort());
    try {
      const until = AbortSignal.any([signal, late.signal]);
      return await connector.fetchFile(chat, file, ATTACHMENT_LIMITS.totalBytes, until);
    } catch (fault) {
      log.warn('file_not_fetched', { chat: chatKey(chat), reason: messageOf(fault) });
      return late.signal.aborted ? 'it did not come in time; send it again' : messageOf(fault);
    } finally {
      timer.cancel();
    }
  }

  /** The refusal counts whether or not it can be shown: the agent is told as well. */
  async #tell(chat: ChatRef, refusals: readonly Refusal[]): Promise<void> {
    const lines = refusals.map(({ fileName, reason }) => `📎 ${fileName} did not go to Claude: ${reason}.`);
    const content = plain(`${lines.join('\n')}\nI take ${WHAT_CAN_BE_SENT}.`);
    try {
      await this.#context.connectorOf(chat).send(chat, { content });
    } catch (fault) {
      this.#context.log.warn('refusal_not_shown', { chat: chatKey(chat), reason: messageOf(fault) });
    }
  }
}

const TOO_MUCH = `the files of one message have more than ${sizeInWords(ATTACHMENT_LIMITS.totalBytes)} together`;

/** What was sent, as it is kept and quoted: the text, and the files by their names. */
export function wordsOf({ text, files = [] }: { readonly text: string } & Attached): string {
  return joined([text, ...files.map(({ fileName }) => `📎 ${fileName}`)], '\n');
}

export function hasFiles({ files = [] }: Attached): boolean {
  return files.length > 0;
}

/** A name is somebody else's words: it must not end what leashd says here. */
function noteFor({ fileName, reason }: Refusal): string {
  const name = fileName.replaceAll(/["“”„[\]]/gu, '_');
  return `[leashd: the person also sent “${name}”, which did not come through: ${reason}]`;
}

function joined(parts: readonly string[], gap = '\n\n'): string {
  return parts.filter((part) => part !== '').join(gap);
}

function refused(reason: string): ReadFile {
  return { kind: 'refused', reason };
}

function bytesOf(file: TurnFile): number {
  return file.kind === 'text' ? Buffer.byteLength(file.text) : file.data.length;
}
