import type { LeashdError } from '../../errors.ts';
import type { Clock } from '../../util/clock.ts';

export type ConnectionFault = {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  readonly message: string;
  readonly hint?: string | undefined;
};

/** How the chat's server is reached at this moment, for those who ask at the machine. */
export class Connection {
  readonly #clock: Clock;
  readonly #onFailed: (() => void) | undefined;
  #isReceiving = false;
  #lastFault: ConnectionFault | undefined;
  /** The bot's name without the @, once it is known. */
  botName: () => string | undefined = () => undefined;
  /** How to pair, while nobody has. */
  pairing: string | undefined;

  constructor(options: {
    readonly clock: Clock;
    /** Told at each fault. */
    readonly onFailed?: (() => void) | undefined;
  }) {
    this.#clock = options.clock;
    this.#onFailed = options.onFailed;
  }

  get isReceiving(): boolean {
    return this.#isReceiving;
  }

  /** The last one, over or not. */
  get lastFault(): ConnectionFault | undefined {
    return this.#lastFault;
  }

  failed({ message, hint }: LeashdError): void {
    this.#isReceiving = false;
    this.#lastFault = { at: this.#clock.now(), message, hint };
    this.#onFailed?.();
  }

  receives(): void {
    this.#isReceiving = true;
  }
}
