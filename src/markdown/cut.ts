import type { Span } from '../util/rich-text.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A better kind of boundary is taken only when it leaves the part at least this full. */
const LEAST_FILLED = 0.5;
/** Graphemes are looked for from here on back; hardly one is longer. */
const LONGEST_GRAPHEME = 64;

/** A part begins at `from` with white space up to `visible`, and must end at `furthest` or before. */
export type Room = { readonly from: number; readonly visible: number; readonly furthest: number };

/**
 * Where to end a part: behind a paragraph, a line, a word, a grapheme, in this order. Always beyond the first
 * visible character, and never inside a surrogate pair. `spans` are sorted.
 */
export function findCut(text: string, spans: readonly Span[], { from, visible, furthest }: Room): number {
  const first = visible + 1;
  const least = Math.max(first, from + Math.ceil((furthest - from) * LEAST_FILLED));
  const at =
    lastParagraph(text, spans, least, furthest) ??
    lastMatch(text, '\n', least, furthest) ??
    lastWord(text, least, furthest) ??
    lastMatch(text, '\n', first, furthest) ??
    lastWord(text, first, furthest) ??
    lastGrapheme(text, visible, furthest);
  // Ahead of all the white space there, so that the next part sees whether it is a line's indent.
  return first + text.slice(first, at).trimEnd().length;
}

/** An empty line that is not inside of a code block. */
function lastParagraph(
  text: string,
  spans: readonly Span[],
  least: number,
  furthest: number,
): number | undefined {
  for (let at = lastMatch(text, '\n\n', least, furthest); at !== undefined;) {
    const block = spans.find((span) => span.kind === 'pre' && isInside(at, span));
    if (block === undefined) return at;
    at = lastMatch(text, '\n\n', least, block.offset);
  }
  return undefined;
}

function isInside(at: number | undefined, span: Span): boolean {
  return at !== undefined && span.offset < at && at < span.offset + span.length;
}

/** The last offset in [least, furthest] at which `sign` stands. */
function lastMatch(text: string, sign: string, least: number, furthest: number): number | undefined {
  const at = text.lastIndexOf(sign, furthest);
  return at >= least ? at : undefined;
}

function lastWord(text: string, least: number, furthest: number): number | undefined {
  for (let at = furthest; at >= least; at -= 1) if (/\s/.test(text.charAt(at))) return at;
  return undefined;
}

function lastGrapheme(text: string, visible: number, furthest: number): number {
  // What begins inside of a grapheme would count wrong: begin well before, where one surely begins.
  const around = Math.max(visible, startOfRun(text, furthest - LONGEST_GRAPHEME));
  const found = graphemes
    .segment(text.slice(around, furthest + LONGEST_GRAPHEME))
    .containing(furthest - around);
  const at = around + (found?.index ?? furthest - around);
  if (at > visible) return at;
  if (!isLow(text, furthest)) return furthest;
  return furthest - 1 > visible ? furthest - 1 : furthest + 1;
}

function startOfRun(text: string, from: number): number {
  const least = Math.max(0, from - LONGEST_GRAPHEME);
  for (let at = from; at > least; at -= 1) if (text.charCodeAt(at) < 0x80) return at;
  return isLow(text, from) ? from - 1 : Math.max(0, from);
}

function isLow(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  const before = text.charCodeAt(at - 1);
  return unit >= 0xdc00 && unit <= 0xdfff && before >= 0xd800 && before <= 0xdbff;
}
