import type { RichText, Span } from '../util/rich-text.ts';
import { clip } from './clip.ts';
import { findCut } from './cut.ts';

/** Entities of one message that Telegram honours; it ignores what is beyond (Bot API, "Limits"). */
const MOST_SPANS = 100;

/**
 * Splits a text into messages of at most `limit` UTF-16 code units and 100 spans each. A style that is cut ends
 * in one part and begins again in the next, a code block with its language.
 *
 * Cuts stand between paragraphs where they can, else between lines, words or characters as people see them
 * (graphemes); only what is longer than a whole part by itself is cut inside, never inside a surrogate pair.
 *
 * What is lost is white space alone: all of it (JavaScript's `\s`) at both ends of the text and around each cut,
 * except the indent of a line of a code block, which the next part begins with. Everything else stands in the
 * parts in its order. No part is empty or blank; a text of nothing but white space has no parts.
 *
 * @throws RangeError when `limit` is not a whole number of at least 2, the length of a surrogate pair.
 */
export function splitRichText(rich: RichText, limit = 4096): RichText[] {
  if (!Number.isInteger(limit) || limit < 2) {
    throw new RangeError(`limit: expected a whole number of at least 2, got ${String(limit)}`);
  }
  const { text } = rich;
  const end = text.trimEnd().length;
  let spans = sorted(rich.spans);
  const parts: RichText[] = [];
  for (let start = 0; start < end;) {
    const visible = nextVisible(text, start);
    const from = beginsWithIndent(text, start, visible, spans, limit) ? lineStart(text, visible) : visible;
    spans = spans.filter((span) => span.offset + span.length > from);
    const furthest = Math.min(end, from + limit, endOfSpans(spans, visible));
    const to = furthest === end ? end : findCut(text, spans, { from, visible, furthest });
    parts.push(clip({ text, spans: spans.slice(0, MOST_SPANS) }, from, to));
    start = to;
  }
  return parts;
}

function sorted(spans: readonly Span[]): readonly Span[] {
  const isSorted = spans.every(
    (span, index) => index === 0 || (spans[index - 1]?.offset ?? 0) <= span.offset,
  );
  return isSorted ? spans : spans.toSorted((a, b) => a.offset - b.offset || b.length - a.length);
}

/** Where the hundred-and-first span would begin, if a part could end there. */
function endOfSpans(spans: readonly Span[], visible: number): number {
  const next = spans[MOST_SPANS];
  return next === undefined || next.offset <= visible ? Number.POSITIVE_INFINITY : next.offset;
}

function nextVisible(text: string, start: number): number {
  const white = /\s*/y;
  white.lastIndex = start;
  return start + (white.exec(text)?.[0].length ?? 0);
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** Whether all of the white space before `visible` in its line is a code block's indent and worth its room. */
function beginsWithIndent(
  text: string,
  start: number,
  visible: number,
  spans: readonly Span[],
  limit: number,
): boolean {
  const line = lineStart(text, visible);
  const indent = visible - line;
  // A cut inside a line leaves white space that is no indent; a long one would push all else out.
  if (line < start || indent === 0 || indent > limit / 2 || indent > limit - 2) return false;
  return spans.some(
    ({ kind, offset, length }) => kind === 'pre' && offset <= line && visible < offset + length,
  );
}
