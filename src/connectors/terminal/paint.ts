import { assertNever } from '../../util/assert-never.ts';
import type { RichText, Span } from '../../util/rich-text.ts';
import { printable } from './printable.ts';

/** Turns leashd's texts into what a terminal shows. All that comes in is made printable first. */
export interface Paint {
  plain(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
  rich(text: RichText): string;
}

/** `hasColors` false: no escape sequence at all, the words and marks alone. */
export function createPaint(hasColors: boolean): Paint {
  const style = (codes: readonly number[], text: string): string =>
    hasColors && codes.length > 0 && text !== '' ? `\u001b[${codes.join(';')}m${text}\u001b[0m` : text;
  return {
    plain: printable,
    dim: (text) => style([SGR.dim], printable(text)),
    bold: (text) => style([SGR.bold], printable(text)),
    rich: (rich) => renderRich(rich, style),
  };
}

// Select Graphic Rendition, ECMA-48 8.3.117.
const SGR = { bold: 1, dim: 2, italic: 3, underline: 4, strike: 9, red: 31, green: 32, cyan: 36 } as const;

/** A stretch of the text with one look. */
type Range = { readonly start: number; readonly end: number; readonly sgr: number };

function renderRich(rich: RichText, style: (codes: readonly number[], text: string) => string): string {
  const ranges = rich.spans.flatMap((span) => rangesOf(rich.text, span));
  const marks = marksOf(rich);
  const edges = new Set([
    0,
    rich.text.length,
    ...marks.keys(),
    ...ranges.flatMap(({ start, end }) => [start, end]),
  ]);
  const cuts = [...edges].filter((at) => at >= 0 && at <= rich.text.length).sort((a, b) => a - b);
  let shown = '';
  for (const [index, from] of cuts.entries()) {
    shown += marks.get(from) ?? '';
    const codes = ranges.filter(({ start, end }) => start <= from && from < end).map(({ sgr }) => sgr);
    shown += style([...new Set(codes)], printable(rich.text.slice(from, cuts[index + 1] ?? from)));
  }
  return shown;
}

function rangesOf(text: string, span: Span): readonly Range[] {
  const range = { start: span.offset, end: span.offset + span.length };
  switch (span.kind) {
    case 'bold':
      return [{ ...range, sgr: SGR.bold }];
    case 'italic':
      return [{ ...range, sgr: SGR.italic }];
    case 'underline':
    case 'link':
      return [{ ...range, sgr: SGR.underline }];
    case 'strikethrough':
      return [{ ...range, sgr: SGR.strike }];
    case 'code':
      return [{ ...range, sgr: SGR.cyan }];
    case 'pre':
      return span.language === 'diff' ? diffRanges(text, range.start, range.end) : [];
    case 'quote':
      return [];
    default:
      return assertNever(span, 'span');
  }
}

function diffRanges(text: string, start: number, end: number): readonly Range[] {
  return linesOf(text, start, end).flatMap((line) => {
    const sgr = DIFF_COLORS.find(([prefix]) => text.startsWith(prefix, line.start))?.[1];
    return sgr === undefined ? [] : [{ ...line, sgr }];
  });
}

const DIFF_COLORS: readonly (readonly [string, number])[] = [
  ['+++', SGR.bold],
  ['---', SGR.bold],
  ['+', SGR.green],
  ['-', SGR.red],
  ['@@', SGR.cyan],
];

/** What stands beside the text where a style can't say it: a bar before quoted lines, a link's address after it. */
function marksOf({ text, spans }: RichText): ReadonlyMap<number, string> {
  const marks = new Map<number, string>();
  const add = (at: number, mark: string): void => void marks.set(at, (marks.get(at) ?? '') + mark);
  for (const span of spans) {
    const end = span.offset + span.length;
    if (span.kind === 'quote') for (const line of linesOf(text, span.offset, end)) add(line.start, '│ ');
    if (span.kind === 'link' && span.url !== text.slice(span.offset, end))
      add(end, ` (${printable(span.url)})`);
  }
  return marks;
}

function linesOf(text: string, start: number, end: number): readonly { start: number; end: number }[] {
  const lines = [];
  for (let from = start; from < end;) {
    const newline = text.indexOf('\n', from);
    const to = newline < 0 || newline >= end ? end : newline + 1;
    lines.push({ start: from, end: to });
    from = to;
  }
  return lines;
}
