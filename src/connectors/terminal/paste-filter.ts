import { StringDecoder } from 'node:string_decoder';
import { Transform, type TransformCallback } from 'node:stream';

// xterm's bracketed paste mode (ctlseqs, "Bracketed Paste Mode"): what is pasted arrives between these two.
const PASTE_START = '\u001b[200~';
const PASTE_END = '\u001b[201~';
export const PASTE_MODE_ON = '\u001b[?2004h';
export const PASTE_MODE_OFF = '\u001b[?2004l';

/** What a TTY's reading end can (Node.js, `tty.ReadStream`). */
export type RawInput = { readonly setRawMode?: (isRaw: boolean) => unknown };

/**
 * Stands between the terminal and readline and takes pasted text out of the keys, because readline would send
 * each pasted line as a message of its own. In its place a bare PASTE_START goes on, which readline reports as
 * the key `paste-start` and otherwise ignores; `takePaste` then gives the text that belongs there.
 */
export class PasteFilter extends Transform {
  readonly #source: RawInput;
  readonly #decoder = new StringDecoder('utf8');
  readonly #pastes: string[] = [];
  #pasted: string | undefined;
  #held = '';

  constructor(source: RawInput) {
    super();
    this.#source = source;
  }

  /** readline looks for this on its input. */
  setRawMode(isRaw: boolean): this {
    this.#source.setRawMode?.(isRaw);
    return this;
  }

  takePaste(): string | undefined {
    return this.#pastes.shift();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const keys = this.#keysIn(this.#held + this.#decoder.write(chunk));
    if (keys !== '') this.push(keys);
    done();
  }

  override _flush(done: TransformCallback): void {
    this.push(this.#held);
    done();
  }

  #keysIn(text: string): string {
    this.#held = '';
    let keys = '';
    let rest = text;
    while (rest !== '') {
      const isPasting = this.#pasted !== undefined;
      const marker = isPasting ? PASTE_END : PASTE_START;
      const at = rest.indexOf(marker);
      const until = at < 0 ? rest.length - partialMarker(rest, marker, isPasting ? 1 : 2) : at;
      if (isPasting) this.#pasted += rest.slice(0, until);
      else keys += rest.slice(0, until);
      if (at < 0) {
        this.#held = rest.slice(until);
        break;
      }
      keys += this.#turn();
      rest = rest.slice(at + marker.length);
    }
    return keys;
  }

  /** A marker was met: a paste begins or is complete. */
  #turn(): string {
    if (this.#pasted === undefined) {
      this.#pasted = '';
      return '';
    }
    this.#pastes.push(this.#pasted);
    this.#pasted = undefined;
    return PASTE_START;
  }
}

/** How many characters at the end may be the first of a marker; a lone Escape key (below `least`) is not held. */
function partialMarker(text: string, marker: string, least: number): number {
  for (let length = marker.length - 1; length >= least; length -= 1) {
    if (text.endsWith(marker.slice(0, length))) return length;
  }
  return 0;
}
