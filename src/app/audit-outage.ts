import { messageOf } from '../errors.ts';
import type { Clock, Timer } from '../util/clock.ts';

export interface AuditOutageOptions {
  readonly clock: Clock;
  /** Says something in a chat, by its key; must not throw. */
  readonly tell: (chat: string, markdown: string) => void;
  /** Tries whether the log can be written again; rejects when it can't. */
  readonly probe: () => Promise<void>;
}

/** How often it is tried while nobody wants anything written. */
const PROBE_MS = 30_000;

/** Tells each chat once that nothing runs as the audit log can't be written, and once that it can again. */
export class AuditOutage {
  readonly #options: AuditOutageOptions;
  readonly #told = new Set<string>();
  #timer: Timer | undefined;
  #isOver = false;

  constructor(options: AuditOutageOptions) {
    this.#options = options;
  }

  failed(error: unknown, chat: string): void {
    if (this.#isOver || this.#told.has(chat)) return;
    this.#told.add(chat);
    this.#options.tell(
      chat,
      `⛔ Nothing runs until this is mended: ${messageOf(error)}. What is not written down does not happen.`,
    );
    this.#probeLater();
  }

  /** Something could be written. */
  worked(): void {
    if (this.#told.size === 0) return;
    const chats = [...this.#told];
    this.#told.clear();
    this.#timer?.cancel();
    for (const chat of chats)
      this.#options.tell(chat, '✅ The audit log can be written again: Claude’s tools run as before.');
  }

  /** leashd stops. */
  end(): void {
    this.#isOver = true;
    this.#timer?.cancel();
  }

  #probeLater(): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(PROBE_MS, () => {
      this.#options.probe().catch(() => {
        if (!this.#isOver && this.#told.size > 0) this.#probeLater();
      });
    });
  }
}
