import type { Writable } from 'node:stream';
import { MachineError } from '../../errors.ts';

/** `columns` is there on a TTY (Node.js, `tty.WriteStream`). */
export type TerminalStream = Writable & { readonly columns?: number };

/** The terminal's writing end, which may go away at any time (`leashd | head`, a closed window). */
export class Output {
  readonly stream: TerminalStream;
  readonly #onGone: () => void;
  #fault: Error | undefined;

  constructor(stream: TerminalStream, onGone: () => void) {
    this.stream = stream;
    this.#onGone = onGone;
    stream.on('error', (fault: Error) => this.#lose(fault));
  }

  get columns(): number {
    const { columns } = this.stream;
    return columns === undefined || columns < 1 ? 80 : columns;
  }

  write(text: string): void {
    if (this.#fault === undefined && !this.stream.writableEnded && !this.stream.destroyed)
      this.stream.write(text);
  }

  /**
   * Resolves once all that was written before has left.
   * @throws MachineError TERMINAL_GONE when it never will.
   */
  async flush(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const fail = (cause?: unknown): void =>
        reject(
          new MachineError('TERMINAL_GONE', 'the terminal is gone; nothing can be shown there', { cause }),
        );
      if (this.#fault !== undefined || this.stream.writableEnded || this.stream.destroyed) fail(this.#fault);
      else this.stream.write('', (fault) => (fault ? fail(fault) : resolve()));
    });
  }

  #lose(fault: Error): void {
    if (this.#fault !== undefined) return;
    this.#fault = fault;
    this.#onGone();
  }
}
