import { z } from 'zod';

/** What a leashd in the background says to the one that starts it, which has the person. */
export const fromBackground = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('line'), text: z.string() }),
  z.object({ kind: z.literal('ask'), id: z.number(), question: z.string() }),
  z.object({ kind: z.literal('not-ready'), reason: z.string(), hint: z.string() }),
  /** As it is to be printed, and the exit status. */
  z.object({ kind: z.literal('failed'), text: z.string(), status: z.number() }),
  /** `isWaiting`: for Telegram, which can't be reached. */
  z.object({
    kind: z.literal('up'),
    pid: z.number(),
    bot: z.string().optional(),
    isWaiting: z.boolean(),
  }),
]);
export type FromBackground = z.infer<typeof fromBackground>;

const toBackground = z.object({ kind: z.literal('answer'), id: z.number(), isYes: z.boolean() });
export type ToBackground = z.infer<typeof toBackground>;

/** The background's end: everything is harmless once nobody listens any more. */
export class Relay {
  readonly #questions = new Map<number, (isYes: boolean) => void>();
  #count = 0;

  constructor() {
    process.on('message', this.#take);
    process.once('disconnect', () => {
      for (const answer of this.#questions.values()) answer(false);
      this.#questions.clear();
    });
  }

  get isHeard(): boolean {
    return process.connected;
  }

  tell(message: FromBackground): void {
    // Between the look and the word, the other one may have gone.
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  }

  /** No, once nobody is there to be asked. */
  ask(question: string): Promise<boolean> {
    if (!process.connected) return Promise.resolve(false);
    this.#count += 1;
    const id = this.#count;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#questions.set(id, resolve);
    this.tell({ kind: 'ask', id, question });
    return promise;
  }

  /** Resolves once what was told has gone out. */
  async told(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (!process.connected) resolve();
      else process.send?.({ kind: 'line', text: '' }, undefined, undefined, () => resolve());
    });
  }

  #take = (value: unknown): void => {
    const message = toBackground.safeParse(value);
    if (!message.success) return;
    const { id, isYes } = message.data;
    this.#questions.get(id)?.(isYes);
    this.#questions.delete(id);
  };
}
