import type { Inbound } from '../ports/chat.ts';

export type TextInbound = Inbound & { readonly kind: 'text' };

/** Runs one turn; must not reject. */
export type RunTurn = (texts: readonly TextInbound[]) => Promise<void>;

/**
 * The texts of one chat, one turn after the other. What arrives while a turn runs waits, in order, and is then
 * taken into one turn.
 */
export class ChatQueue {
  readonly #runTurn: RunTurn;
  readonly #onDropped: () => void;
  #waiting: TextInbound[] = [];
  #running: Promise<void> | undefined;
  /** Came while it was held. */
  #behind: TextInbound[] = [];
  #holds = 0;
  #ordered: Promise<void> = Promise.resolve();

  /** `onDropped`: what waited is taken out, and goes to no turn. */
  constructor(options: { readonly runTurn: RunTurn; readonly onDropped?: () => void }) {
    this.#runTurn = options.runTurn;
    this.#onDropped = options.onDropped ?? ((): void => {});
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  get isHeld(): boolean {
    return this.#holds > 0;
  }

  get waiting(): number {
    return this.#waiting.length + this.#behind.length;
  }

  /** Returns whether they have to wait for a running turn; they go to the same one. */
  add(...texts: readonly TextInbound[]): 'started' | 'waits' {
    (this.isHeld ? this.#behind : this.#waiting).push(...texts);
    if (this.#running || this.isHeld) return 'waits';
    this.#running = this.#drain();
    return 'started';
  }

  /**
   * Starts no further turn until it was released as often; the running one goes on. What comes meanwhile was sent
   * behind whatever holds it, and is not dropped by that.
   */
  hold(): void {
    this.#holds += 1;
  }

  /** Holds it for what drops all that waits by now. */
  holdToDrop(): void {
    this.hold();
    this.#takeUpBehind();
  }

  release(): void {
    this.#holds -= 1;
    if (this.isHeld) return;
    this.#takeUpBehind();
    if (!this.#running && this.#waiting.length > 0) this.#running = this.#drain();
  }

  /** Resolves when the running turn has ended, and before the next one goes on. */
  async afterTurn(): Promise<void> {
    this.hold();
    await this.idle();
    this.release();
  }

  /** Runs `work` when all that came here before it is done. Rejects as it does. */
  inOrder(work: () => Promise<void>): Promise<void> {
    const done = this.#ordered.then(work);
    this.#ordered = done.catch(() => {});
    return done;
  }

  /**
   * Runs `work` between two turns, in order: none begins until it is done. False, without it, when a turn runs. Rejects
   * as it does.
   */
  async whileIdle(work: () => Promise<void>): Promise<boolean> {
    this.hold();
    try {
      if (this.isRunning) return false;
      await this.inOrder(work);
      return true;
    } finally {
      this.release();
    }
  }

  /** Takes out what waits; while it is held, what waited before. */
  dropWaiting(): readonly TextInbound[] {
    this.#onDropped();
    return this.#takeWaiting();
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    await this.#running;
  }

  #takeUpBehind(): void {
    this.#waiting.push(...this.#behind.splice(0));
  }

  #takeWaiting(): readonly TextInbound[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }

  /** What goes into one turn: all that waits, but for what brings rules of its own, which hold for its words alone. */
  #takeNext(): readonly TextInbound[] {
    const alone = this.#waiting.findIndex(({ modeWork }) => modeWork !== undefined);
    if (alone < 0) return this.#takeWaiting();
    return this.#waiting.splice(0, Math.max(1, alone));
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0 && !this.isHeld) await this.#runTurn(this.#takeNext());
    this.#running = undefined;
  }
}
