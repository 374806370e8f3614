import { createInterface, type Interface, type Key } from 'node:readline';
import type { Readable } from 'node:stream';
import { GrowingText } from './growing-text.ts';
import type { Output } from './output.ts';
import { PASTE_MODE_OFF, PASTE_MODE_ON, PasteFilter, type RawInput } from './paste-filter.ts';
import { Pastes } from './pastes.ts';
import { clip } from './printable.ts';
import type { Screen, ScreenListener } from './screen.ts';

// readline's own count of rows between the prompt's first and the cursor: how far up it begins to redraw.
type RedrawnInterface = Interface & { prevRows?: number };

/**
 * A terminal with a person at it. All that changes (the growing line, the status, the sign) is readline's prompt,
 * so readline redraws it together with what is being typed; finished lines are written above it.
 */
export class TtyScreen implements Screen {
  readonly #input: Readable & RawInput;
  readonly #output: Output;
  readonly #dim: (text: string) => string;
  readonly #pastes = new Pastes();
  #keys: PasteFilter | undefined;
  #readline: RedrawnInterface | undefined;
  readonly #growing = new GrowingText();
  #wasCut = false;
  #status: string | undefined;
  #sign = '';
  #isQuestion = false;

  constructor(input: Readable & RawInput, output: Output, dim: (text: string) => string) {
    this.#input = input;
    this.#output = output;
    this.#dim = dim;
  }

  start(listener: ScreenListener): void {
    const keys = this.#input.pipe(new PasteFilter(this.#input));
    const readline = createInterface({ input: keys, output: this.#output.stream, terminal: true });
    this.#keys = keys;
    this.#readline = readline;
    this.#output.write(PASTE_MODE_ON);
    // Before readline's own: the sign alone is to stay above when a line is sent.
    keys.prependListener('keypress', (_: unknown, key: Key | undefined) => this.#beforeKey(readline, key));
    readline.on('line', (line) => {
      // readline has gone to a new row: nothing of the old prompt is left to redraw.
      readline.setPrompt('');
      listener.line(this.#pastes.expand(line));
      this.#redraw();
    });
    // The shell in between may have switched it off.
    readline.on('SIGCONT', () => this.#output.write(PASTE_MODE_ON));
    readline.on('SIGINT', () => listener.interrupt());
    readline.on('close', () => {
      if (this.#readline === undefined) return;
      this.#output.write('\n');
      this.#leave();
      listener.end();
    });
    this.#redraw();
  }

  print(text: string): void {
    const growing = this.#growing.takeLast();
    this.#wasCut ||= growing !== '';
    this.#redraw(growing === '' ? text : `${growing}\n${text}`);
  }

  append(text: string): void {
    if (text === '') return;
    const added = this.#wasCut && text.startsWith('\n') ? text.slice(1) : text;
    this.#wasCut = false;
    const lines = this.#growing.add(added, this.#output.columns);
    this.#redraw(lines.length === 0 ? undefined : lines.join('\n'));
  }

  endLine(): void {
    const growing = this.#growing.takeLast();
    this.#wasCut = false;
    if (growing !== '') this.#redraw(growing);
  }

  setStatus(line: string | undefined): void {
    if (line === this.#status) return;
    this.#status = line;
    this.#redraw();
  }

  setSign(sign: string, isQuestion: boolean): void {
    if (sign === this.#sign && isQuestion === this.#isQuestion) return;
    this.#sign = sign;
    this.#isQuestion = isQuestion;
    this.#redraw();
  }

  takeDraft(): string {
    const draft = this.#readline?.line ?? '';
    if (draft !== '') {
      this.#readline?.write(null, { ctrl: true, name: 'e' });
      this.#readline?.write(null, { ctrl: true, name: 'u' });
    }
    return draft;
  }

  putDraft(draft: string): void {
    this.takeDraft();
    if (draft !== '') this.#readline?.write(draft);
  }

  close(): void {
    const readline = this.#readline;
    if (readline === undefined) return;
    this.#sign = '';
    this.#status = undefined;
    this.takeDraft();
    this.endLine();
    this.#redraw();
    this.#leave();
    readline.close();
  }

  #leave(): void {
    this.#readline = undefined;
    this.#output.write(PASTE_MODE_OFF);
    if (this.#keys) this.#input.unpipe(this.#keys);
    this.#input.pause();
  }

  #beforeKey(readline: Interface, key: Key | undefined): void {
    if (this.#readline === undefined || key === undefined) return;
    if (key.name === 'paste-start') {
      const pasted = this.#pastes.inline(this.#keys?.takePaste() ?? '');
      if (pasted !== '') readline.write(pasted);
      return;
    }
    const isEnd = key.name === 'd' && key.ctrl === true && readline.line === '';
    if (key.name !== 'return' && key.name !== 'enter' && !isEnd) return;
    drawFrom(readline, readline.getCursorPos().rows, this.#sign);
  }

  /** Writes `finished` lines above what changes, and draws that again. */
  #redraw(finished?: string): void {
    const readline = this.#readline;
    if (readline === undefined) {
      if (finished !== undefined) this.#output.write(`${finished}\n`);
      return;
    }
    let { rows } = readline.getCursorPos();
    if (finished !== undefined) {
      this.#output.write(`${rows > 0 ? `\u001b[${rows}A` : ''}\r\u001b[J${finished}\n`);
      rows = 0;
    }
    drawFrom(readline, rows, this.#changing());
  }

  #changing(): string {
    const rows = this.#growing.last === '' ? [] : [this.#growing.last];
    if (this.#status !== undefined && !this.#isQuestion)
      rows.push(this.#dim(clip(this.#status, this.#output.columns)));
    return [...rows, this.#sign].join('\n');
  }
}

/** Draws prompt and line again, over what was drawn with the cursor `rows` rows below its first row. */
function drawFrom(readline: RedrawnInterface, rows: number, prompt: string): void {
  // Set each time: Node.js 24 does not count the rows of text that arrives in one piece.
  readline.prevRows = rows;
  readline.setPrompt(prompt);
  readline.prompt(true);
}
