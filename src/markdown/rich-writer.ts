import type { RichText, Span, SpanStyle } from '../util/rich-text.ts';
import { clip } from './clip.ts';

type StyleFrame = {
  readonly kind: 'style';
  readonly style: SpanStyle;
  readonly order: number;
  /** Where its span begins; undefined until something is written in it. */
  start: number | undefined;
};

/** What stands before a line: `first` before the next one, `rest` before those after it. */
type MarginFrame = { readonly kind: 'margin'; first: string | undefined; readonly rest: string };

type OrderedSpan = { readonly span: Span; readonly order: number };

/**
 * Writes rich text from left to right. Its spans always nest as Telegram wants it: code and code blocks hold
 * nothing and are in nothing but quotes, no kind is inside itself, and none is empty or blank
 * (Bot API, "Formatting options").
 */
export class RichWriter {
  readonly #chunks: string[] = [];
  #length = 0;
  #isLineStart = true;
  #endingNewlines = 0;
  #missingNewlines = 0;
  #spanCount = 0;
  readonly #spans: OrderedSpan[] = [];
  readonly #frames: (StyleFrame | MarginFrame)[] = [];

  /** The next thing is written after at least that many newlines, unless it is the first one. */
  gap(newlines: number): void {
    this.#missingNewlines = Math.max(this.#missingNewlines, newlines);
  }

  text(text: string): void {
    for (const [index, line] of text.split('\n').entries()) {
      if (index > 0 && this.#missingNewlines === 0) this.#newline();
      if (line !== '') this.#append(line, 'text');
    }
  }

  /** Everything that `body` writes is styled; a style inside itself counts once. */
  styled(style: SpanStyle, body: () => void): void {
    if (this.isIn(style.kind)) {
      body();
      return;
    }
    const frame: StyleFrame = { kind: 'style', style, order: this.#nextOrder(), start: undefined };
    this.#frames.push(frame);
    body();
    this.#frames.pop();
    this.#endSpan(frame);
  }

  /** Inline code; in a link the link wins and it is plain. */
  code(text: string): void {
    if (this.isIn('link') || text.trim() === '') {
      this.text(text);
      return;
    }
    this.#suspendStyles();
    this.#append(text, 'code');
    this.#pushSpan({ kind: 'code' }, this.#length - text.length, this.#length, this.#nextOrder());
  }

  /** A code block, on lines of its own and without a margin. */
  pre(text: string, language?: string): void {
    const block = text.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
    if (block === '') return;
    this.#suspendStyles();
    if (this.#frames.some((frame) => frame.kind === 'margin' && frame.first !== undefined)) {
      this.#append('', 'code');
      this.#newline();
    } else {
      this.#flushGap();
    }
    this.#startSpans('code');
    this.#write(block);
    this.#isLineStart = false;
    this.#pushSpan({ kind: 'pre', language }, this.#length - block.length, this.#length, this.#nextOrder());
  }

  /** Puts `first` before the next line and `rest` before each later line that `body` writes. */
  margin(first: string, rest: string, body: () => void): void {
    const frame: MarginFrame = { kind: 'margin', first, rest };
    this.#frames.push(frame);
    body();
    if (frame.first !== undefined && first.trim() !== '') this.#append('', 'text');
    this.#frames.pop();
  }

  isIn(kind: SpanStyle['kind']): boolean {
    return this.#frames.some((frame) => frame.kind === 'style' && frame.style.kind === kind);
  }

  /** What was written, without white space at its ends: only the first line of a code block keeps its indent. */
  finish(): RichText {
    const text = this.#chunks.join('');
    const spans = this.#spans.toSorted(outerFirst).map(({ span }) => span);
    const beginsWithCode = spans.some(({ kind, offset }) => kind === 'pre' && offset === 0);
    const lead = beginsWithCode ? 0 : text.length - text.trimStart().length;
    return clip({ text, spans }, lead, text.length);
  }

  #append(text: string, as: 'text' | 'code'): void {
    this.#flushGap();
    if (this.#isLineStart) {
      for (const frame of this.#frames) {
        if (frame.kind === 'margin') this.#write(takeMargin(frame));
        else this.#startSpan(frame, as);
      }
      this.#isLineStart = false;
    } else {
      this.#startSpans(as);
    }
    this.#write(text);
  }

  #startSpans(as: 'text' | 'code'): void {
    for (const frame of this.#frames) if (frame.kind === 'style') this.#startSpan(frame, as);
  }

  #startSpan(frame: StyleFrame, as: 'text' | 'code'): void {
    if (as === 'text' || frame.style.kind === 'quote') frame.start ??= this.#length;
  }

  /** Ends the spans that code must not be in; they begin again with the next text. */
  #suspendStyles(): void {
    for (const frame of this.#frames) {
      if (frame.kind === 'margin' || frame.style.kind === 'quote') continue;
      this.#endSpan(frame);
      frame.start = undefined;
    }
  }

  #endSpan({ style, start, order }: StyleFrame): void {
    if (start !== undefined) this.#pushSpan(style, start, this.#length, order);
  }

  #pushSpan(style: SpanStyle, from: number, to: number, order: number): void {
    if (from < to) this.#spans.push({ span: { ...style, offset: from, length: to - from }, order });
  }

  #flushGap(): void {
    if (this.#missingNewlines === 0) return;
    if (this.#length > 0) this.#write('\n'.repeat(Math.max(0, this.#missingNewlines - this.#endingNewlines)));
    this.#missingNewlines = 0;
    this.#isLineStart = true;
  }

  #newline(): void {
    this.#write('\n');
    this.#isLineStart = true;
  }

  #write(text: string): void {
    if (text === '') return;
    this.#chunks.push(text);
    this.#length += text.length;
    const ending = /\n*$/.exec(text.slice(-2))?.[0].length ?? 0;
    this.#endingNewlines = ending === text.length ? this.#endingNewlines + ending : ending;
  }

  #nextOrder(): number {
    return this.#spanCount++;
  }
}

function takeMargin(frame: MarginFrame): string {
  const margin = frame.first ?? frame.rest;
  frame.first = undefined;
  return margin;
}

function outerFirst(a: OrderedSpan, b: OrderedSpan): number {
  return a.span.offset - b.span.offset || b.span.length - a.span.length || a.order - b.order;
}
