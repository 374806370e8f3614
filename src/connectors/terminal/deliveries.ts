import { randomBytes } from 'node:crypto';
import type { ChatRef, Inbound, InboundBody, InboundId, Person } from '../../core/ports/chat.ts';
import type { Receipt, Receive } from '../../core/ports/connector.ts';
import { messageOf } from '../../errors.ts';
import type { Clock } from '../../util/clock.ts';

export interface DeliveriesOptions {
  readonly chat: ChatRef;
  readonly person: Person;
  readonly clock: Clock;
  readonly onReceipt: (inbound: Inbound, receipt: Receipt) => void;
}

/** Hands over what the person did, one after the other, in the order it was done. */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  // Unique for ever: a number alone would repeat in the next process.
  readonly #process = randomBytes(9).toString('base64url');
  #receive: Receive | undefined;
  #count = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  start(receive: Receive): void {
    this.#receive = receive;
  }

  /** Resolves once it was received; never rejects. */
  deliver(body: InboundBody): Promise<void> {
    const { chat, person, clock } = this.#options;
    this.#count += 1;
    const id = `${chat.connector}:${this.#process}:${this.#count}` as InboundId;
    const inbound: Inbound = { id, chat, isPrivate: true, person, receivedAt: clock.now(), ...body };
    this.#last = this.#last.then(() => this.#handOver(inbound));
    return this.#last;
  }

  /** Resolves once all that was delivered so far was received. */
  settled(): Promise<void> {
    return this.#last;
  }

  async #handOver(inbound: Inbound): Promise<void> {
    const { onReceipt } = this.#options;
    try {
      onReceipt(inbound, (await this.#receive?.(inbound)) ?? {});
    } catch (fault) {
      onReceipt(inbound, { notice: `This could not be taken: ${messageOf(fault)}.` });
    }
  }
}
