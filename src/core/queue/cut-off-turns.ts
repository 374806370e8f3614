import { assertNever } from '../../util/assert-never.ts';
import { formatClock } from '../../util/figures.ts';
import { plain } from '../../util/rich-text.ts';
import type { TextInbound } from './chat-queue.ts';
import { wordsOf } from '../turns/incoming-files.ts';
import type { OwnedWork } from '../owned-work.ts';
import { chatKey, type ChatKey, type ChatRef, type Inbound } from '../ports/chat.ts';
import type { Inbox } from '../ports/store.ts';
import type { PromptAnswer, PromptOption } from '../prompts/prompt-request.ts';
import type { Prompts } from '../prompts/prompts.ts';

export interface CutOffTurnsOptions {
  readonly prompts: Prompts;
  readonly inbox: Inbox;
  readonly work: OwnedWork;
  /** Hands them to the agent as one turn, which finishes them. */
  readonly resume: (chat: ChatRef, texts: readonly TextInbound[]) => void;
  /** Says it where nobody can be asked. */
  readonly say: (chat: ChatRef, markdown: string) => void;
}

type CutOff = {
  readonly chat: ChatRef;
  readonly texts: readonly TextInbound[];
  readonly abort: AbortController;
  ending: string | undefined;
  /** They stay in the inbox as they are, to be offered again by the next process. */
  isKept: boolean;
  /** The question never came through, so nobody will answer it. */
  isUnasked: boolean;
};

const RESUME: PromptOption = { id: 'resume', label: '▶️ Resume', key: 'r' };
const DROP: PromptOption = { id: 'drop', label: '🗑 Drop', key: 'd' };
const TIMEOUT_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Turns that the last process did not finish. Nothing of them runs by itself: the person has the choice, until they
 * send something else. Until then their messages stay in the inbox, so that one more crash loses none of it.
 */
export class CutOffTurns {
  readonly #options: CutOffTurnsOptions;
  readonly #cutOff = new Map<ChatKey, CutOff>();

  constructor(options: CutOffTurnsOptions) {
    this.#options = options;
  }

  /** Of one chat, in the order they came. */
  async offer(chat: ChatRef, texts: readonly TextInbound[]): Promise<void> {
    const { prompts, inbox, say, work } = this.#options;
    if (!prompts.canAskAside(chat)) {
      say(chat, `${stoppedAt(texts)}. Send “go on” to take it up.`);
      await inbox.finish(texts.map(({ id }) => id));
      return;
    }
    const abort = new AbortController();
    const cutOff: CutOff = { chat, texts, abort, ending: undefined, isKept: false, isUnasked: false };
    this.#cutOff.set(chatKey(chat), cutOff);
    work.own('offer to resume', this.#ask(cutOff));
  }

  /** The conversation goes on without them; `ending` says why. */
  close(chat: ChatRef, ending: string): void {
    const cutOff = this.#cutOff.get(chatKey(chat));
    if (!cutOff) return;
    this.#cutOff.delete(chatKey(chat));
    cutOff.ending = ending;
    cutOff.abort.abort();
    if (cutOff.isUnasked) this.#options.work.own('pass over a cut-off turn', this.#finish(cutOff));
  }

  /** leashd stops: they are offered again at its next start. */
  keepAll(): void {
    for (const cutOff of this.#cutOff.values()) {
      cutOff.ending = '⏹ leashd was stopped; it asks again when it is back';
      cutOff.isKept = true;
      cutOff.abort.abort();
    }
    this.#cutOff.clear();
  }

  async #ask(cutOff: CutOff): Promise<void> {
    const { prompts, resume } = this.#options;
    const { chat, texts, abort } = cutOff;
    const answer = await prompts.ask(
      {
        chat,
        body: plain(
          `${stoppedAt(texts)}.\nResume: Claude goes on where it was cut off, and first looks how its last step ended. Nothing runs until you choose.`,
        ),
        choices: [RESUME, DROP],
        isAside: true,
        isListed: true,
        timeoutMs: TIMEOUT_MS,
        outcome: (given, at) => outcomeLine(given, at, cutOff.ending),
      },
      abort.signal,
    );
    if (answer.kind === 'cancelled' && cutOff.ending === undefined) {
      cutOff.isUnasked = true;
      return;
    }
    if (this.#cutOff.get(chatKey(chat)) === cutOff) this.#cutOff.delete(chatKey(chat));
    if (answer.kind === 'choice' && answer.choice === RESUME.id) resume(chat, resuming(texts));
    else if (!cutOff.isKept || answer.kind !== 'cancelled') await this.#finish(cutOff);
  }

  async #finish({ texts }: CutOff): Promise<void> {
    await this.#options.inbox.finish(texts.map(({ id }) => id));
  }
}

/**
 * What the agent is told, under the ids of what was cut off: whatever becomes of this turn, becomes of them. They are
 * quoted, because the agent may have been cut off before it knew of them.
 */
function resuming(texts: readonly TextInbound[]): readonly TextInbound[] {
  return texts.map((inbound, index) => {
    const quoted = wordsOf(inbound).replaceAll(/^/gm, '> ');
    return { ...inbound, replyTo: undefined, text: index === 0 ? `${GO_ON}\n\n${quoted}` : quoted };
  });
}

const GO_ON =
  'Go on where you were cut off. leashd was stopped in the middle of the turn that answers the message below, and ' +
  'has been started again. The outcome of your last tool call is unknown: look what was done already before you do ' +
  'anything a second time.';

function stoppedAt(texts: readonly TextInbound[]): string {
  const [first] = texts;
  const others = texts.length > 1 ? ` and ${texts.length - 1} more` : '';
  return `⚠️ leashd was stopped while it worked on ${first ? quote(first) : 'your last message'}${others}`;
}

/** What it was, in a few words. */
export function quote(inbound: Inbound): string {
  if (inbound.kind === 'command') return `/${inbound.name}`;
  if (inbound.kind !== 'text') return 'your last message';
  const line = wordsOf(inbound).replaceAll(/\s+/g, ' ').trim();
  return line.length > 60 ? `“${line.slice(0, 60).toWellFormed().trimEnd()}…”` : `“${line}”`;
}

function outcomeLine(answer: PromptAnswer, at: number, ending: string | undefined): string {
  switch (answer.kind) {
    case 'choice': {
      const what = answer.choice === RESUME.id ? '▶️ Resumed' : '🗑 Dropped';
      return `${what} by ${answer.by.name}, ${formatClock(at)}`;
    }
    case 'cancelled':
      return ending ?? `⏹ ${answer.reason}`;
    case 'text':
    case 'timed-out':
      return '⌛ Nobody answered. Send “go on” to take it up';
    default:
      return assertNever(answer);
  }
}
