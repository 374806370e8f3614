import type { ChatHandle } from '../fixtures/bot-api/chat-handle.ts';
import type { SeenMessage } from '../fixtures/bot-api/messages.ts';
import type { Person } from '../fixtures/bot-api/person.ts';
import { text, type Reply } from '../fixtures/messages-api/reply.ts';
import type { Rig } from './rig.ts';

/** A chat with a script of its own for the model, so that several chats can go on at once. */
export class Talk {
  readonly chat: ChatHandle;
  readonly #rig: Rig;
  readonly #word: string;
  readonly #replies: Reply[] = [];
  /** As it stands in a request. */
  #begun = '';

  /** `word`: what each message in it begins with, and no other chat's. */
  constructor(rig: Rig, chat: ChatHandle, word: string) {
    this.#rig = rig;
    this.chat = chat;
    this.#word = word;
    rig.model.on(
      ({ kind, body }) => kind === 'main' && JSON.stringify(body.messages).includes(`${word}: `),
      // An agent that outlives its killed leashd for a moment must not take what is for the next one.
      ({ body }) =>
        (JSON.stringify(body.messages).includes(this.#begun) ? this.#replies.shift() : undefined) ??
        text('The script has no reply left.'),
    );
  }

  /** What the model was still to say is forgotten. */
  begin(who: Person, words: string, ...replies: readonly Reply[]): void {
    this.#replies.splice(0, Infinity, ...replies);
    this.#begun = JSON.stringify(words).slice(1, -1);
    who.send(`${this.#word}: ${words}`, { chat: this.chat });
  }

  /** The open card on that command. */
  card(command: string): Promise<SeenMessage> {
    const isIt = ({ text: words, keyboard }: SeenMessage): boolean =>
      keyboard.length > 0 && words.includes(command);
    return this.#rig.sees(isIt, this);
  }

  says(words: string): Promise<SeenMessage> {
    return this.#rig.sees(({ text: said }) => said.includes(words), this);
  }

  /** The card, once it fits. */
  turns(card: SeenMessage, isIt: (card: SeenMessage) => boolean): Promise<SeenMessage> {
    return this.#rig.sees((message) => message.id === card.id && isIt(message), this);
  }

  /** The card, once it says that and nothing can be tapped any more. */
  closes(card: SeenMessage, words: RegExp): Promise<SeenMessage> {
    return this.turns(card, ({ text: said, keyboard }) => words.test(said) && keyboard.length === 0);
  }
}

export function labels({ keyboard }: SeenMessage): readonly string[] {
  return keyboard.flat().map(({ label }) => label);
}
