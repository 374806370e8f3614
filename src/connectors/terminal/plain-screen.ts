import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Output } from './output.ts';
import type { Screen, ScreenListener } from './screen.ts';

/** Lines in, lines out: for pipes, where nothing can be taken back once it is written. */
export class PlainScreen implements Screen {
  readonly #input: Readable;
  readonly #output: Output;
  #lines: Interface | undefined;
  #isMidLine = false;
  #wasCut = false;
  #isClosed = false;

  constructor(input: Readable, output: Output) {
    this.#input = input;
    this.#output = output;
  }

  start(listener: ScreenListener): void {
    this.#lines = createInterface({ input: this.#input, terminal: false, crlfDelay: Infinity });
    this.#lines.on('line', (line) => {
      if (!this.#isClosed) listener.line(line);
    });
    this.#lines.on('close', () => {
      if (!this.#isClosed) listener.end();
    });
  }

  print(text: string): void {
    const wasCut = this.#wasCut || this.#isMidLine;
    this.endLine();
    this.#wasCut = wasCut;
    this.#output.write(`${text}\n`);
  }

  append(text: string): void {
    if (text === '') return;
    const added = this.#wasCut && text.startsWith('\n') ? text.slice(1) : text;
    this.#wasCut = false;
    this.#output.write(added);
    this.#isMidLine = added !== '' && !added.endsWith('\n');
  }

  endLine(): void {
    if (this.#isMidLine) this.#output.write('\n');
    this.#isMidLine = false;
    this.#wasCut = false;
  }

  setStatus(): void {}

  setSign(): void {}

  takeDraft(): string {
    return '';
  }

  putDraft(): void {}

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.endLine();
    this.#lines?.close();
  }
}
