import type { ChatHandle } from '../fixtures/bot-api/chat-handle.ts';
import type { SeenMessage } from '../fixtures/bot-api/messages.ts';
import type { Person } from '../fixtures/bot-api/person.ts';
import { labels } from '../e2e/talk.ts';
import type { Errand, TapStyle } from './plan-types.ts';
import { errandName } from './soak-model.ts';

/** A message of the person's, as it stands in the books. */
export type Sent = {
  /** Occurs in all that is said about it; of a command, in its answer alone. */
  readonly name: string;
  readonly kind: 'errand' | 'file' | 'unknown' | 'stop' | 'clear' | 'other';
  readonly errand?: Errand;
  readonly at: number;
};

const WAIT = '⏳ Wait';
/** What stands on cards that somebody has to answer, or that close by themselves. */
const ASKING = ['✅ Approve', '▶️ Resume', 'Red', WAIT];
const LATE_MS = 3_000;
/** What was tapped and still stands there is tapped again: perhaps the tap could not be taken. */
const AGAIN_MS = 5_000;

/** A person with a phone, who does by themselves what the cards in their chat ask for. */
export class ChatPerson {
  readonly chat: ChatHandle;
  readonly number: number;
  /** The id of the person, as leashd writes it down. */
  readonly owner: string;
  readonly sent: Sent[] = [];
  taps = 0;
  readonly #person: Person;
  readonly #stranger: Person;
  readonly #firstSeen = new Map<number, number>();
  readonly #tappedAt = new Map<number, number>();
  readonly #now: () => number;

  constructor(options: {
    readonly number: number;
    readonly person: Person;
    readonly stranger: Person;
    readonly chat: ChatHandle;
    readonly now: () => number;
  }) {
    this.number = options.number;
    this.chat = options.chat;
    this.#person = options.person;
    this.owner = `telegram:${options.person.id}`;
    this.#stranger = options.stranger;
    this.#now = options.now;
  }

  say(errand: Errand): void {
    const name = errandName(this.number, errand.number, errand.kind);
    this.sent.push({ name, kind: 'errand', errand, at: this.#now() });
    const words = `${name}: do it`;
    const place = { chat: this.chat };
    if (errand.kind === 'attached') {
      this.#person.document({ ...place, name: `${name}.txt`, content: `notes on ${name}`, caption: words });
    } else this.#person.send(words, place);
  }

  command(words: string, name: string, kind: Sent['kind']): void {
    this.sent.push({ name, kind, at: this.#now() });
    this.#person.send(words, { chat: this.chat });
  }

  /** Taps what is to be tapped by now. */
  act(): void {
    const now = this.#now();
    for (const message of this.chat.messages()) {
      if (message.keyboard.length === 0 || !message.from.isBot) continue;
      if (!this.#firstSeen.has(message.id)) this.#firstSeen.set(message.id, now);
      const firstSeen = this.#firstSeen.get(message.id) ?? now;
      const tappedAt = this.#tappedAt.get(message.id);
      const errand = this.#errandIn(message);
      const dueAt = tappedAt === undefined ? firstSeen + waitFor(errand?.taps) : tappedAt + AGAIN_MS;
      if (now < dueAt) continue;
      if (this.#answer(message, errand)) this.#tappedAt.set(message.id, now);
    }
  }

  /** Cards that wait for this person. */
  open(): readonly SeenMessage[] {
    return this.chat
      .messages()
      .filter((message) => message.from.isBot && labels(message).some((label) => ASKING.includes(label)));
  }

  #answer(message: SeenMessage, errand: Errand | undefined): boolean {
    const choice = choiceIn(message, errand);
    if (choice === undefined) return false;
    const place = { chat: this.chat, message: message.id };
    const [label, isInWords] = [choice.label, choice.isInWords];
    if (errand?.taps === 'stranger-first' && !this.#tappedAt.has(message.id)) {
      this.#stranger.tap(label, place);
    }
    this.taps += 1;
    if (isInWords) this.#person.reply(message.id, 'None of these.', { chat: this.chat });
    else this.#person.tap(label, place);
    if (errand?.taps === 'double') this.#person.tap(label, place);
    return true;
  }

  #errandIn(message: SeenMessage): Errand | undefined {
    const { text } = message;
    if (labels(message).includes(WAIT)) return this.sent.findLast(({ errand }) => errand)?.errand;
    return this.sent.findLast(({ name, kind }) => kind === 'errand' && isNamed(name, text))?.errand;
  }
}

/** Undefined: nothing is to be tapped there. */
function choiceIn(
  message: SeenMessage,
  errand?: Errand,
): { readonly label: string; readonly isInWords: boolean } | undefined {
  const shown = labels(message);
  const tap = (label: string): { label: string; isInWords: boolean } => ({ label, isInWords: false });
  const words = (label: string): { label: string; isInWords: boolean } => ({ label, isInWords: true });
  if (shown.includes('✅ Approve')) {
    if (errand?.taps === 'reject') return tap('❌ Reject');
    return errand?.taps === 'in-words' ? words('✅ Approve') : tap('✅ Approve');
  }
  if (shown.includes('▶️ Resume')) return tap(errand?.whenCutOff === 'drop' ? '🗑 Drop' : '▶️ Resume');
  if (shown.includes(WAIT)) {
    if (errand?.whenQueued === 'ignore') return undefined;
    return tap(errand?.whenQueued === 'now' ? '⚡ Send now' : WAIT);
  }
  if (shown.includes('Red')) return errand?.taps === 'in-words' ? words('Red') : tap('Red');
  return undefined;
}

function waitFor(taps: TapStyle | undefined): number {
  return taps === 'late' ? LATE_MS : 0;
}

/** `errand-1-1-ask` is not in `errand-1-11-ask`; a call's name has it in front. */
export function isNamed(name: string, text: string): boolean {
  return new RegExp(`${name}(?![a-z])`).test(text);
}
