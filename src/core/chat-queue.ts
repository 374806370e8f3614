import type { Inbound } from './ports/chat.ts';

export type TextInbound = Inbound & { readonly kind: 'text' };

/** Runs one turn; must not reject. */
export type RunTurn = (texts: readonly TextInbound[]) => Promise<void>;

/**
 * The texts of one chat, one turn after the other. What arrives while a turn runs waits, in order, and is then
 * taken into one turn.
 */
export class ChatQueue {
  readonly #runTurn: RunTurn;
  #waiting: TextInbound[] = [];
  #running: Promise<void> | undefined;
  #isHeld = false;

  constructor(options: { readonly runTurn: RunTurn }) {
    this.#runTurn = options.runTurn;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Returns whether it has to wait for a running turn. */
  add(text: TextInbound): 'started' | 'waits' {
    this.#waiting.push(text);
    if (this.#running || this.#isHeld) return 'waits';
    this.#running = this.#drain();
    return 'started';
  }

  /** Starts no further turn until `release`; the running one goes on. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    if (!this.#running && this.#waiting.length > 0) this.#running = this.#drain();
  }

  /** Takes out what waits. */
  dropWaiting(): readonly TextInbound[] {
    const dropped = this.#waiting;
    this.#waiting = [];
    return dropped;
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#isHeld) await this.#runTurn(this.dropWaiting());
    this.#running = undefined;
  }
}
