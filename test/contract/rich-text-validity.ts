import type { RichText, Span } from '../../src/util/rich-text.ts';

/**
 * What is wrong with the spans of a rich text, one sentence a fault; none when a chat can show it as it is.
 * The rules are Telegram's (Bot API, "MessageEntity" and "Formatting options"): in range, no half of a surrogate
 * pair, one inside another or apart, code and code blocks with nothing inside and in nothing but quotes, links
 * not in links, quotes not in quotes; and ours: none is blank, no kind is inside itself.
 */
export function spanFaults({ text, spans }: RichText): string[] {
  const faults = spans.flatMap((span) => faultsOf(text, span));
  const open: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.offset - b.offset || b.length - a.length)) {
    while (open.length > 0 && endOf(open.at(-1)) <= span.offset) open.pop();
    for (const outer of open) faults.push(...pairFaults(outer, span));
    open.push(span);
  }
  return faults;
}

function faultsOf(text: string, span: Span): string[] {
  const { offset, length } = span;
  if (!Number.isInteger(offset) || !Number.isInteger(length)) return [`${name(span)}: offsets are not whole`];
  if (length <= 0) return [`${name(span)} is empty`];
  if (offset < 0 || offset + length > text.length) {
    return [`${name(span)} reaches out of the text of ${text.length}`];
  }
  const faults: string[] = [];
  if (splitsPair(text, offset)) faults.push(`${name(span)} begins inside of a surrogate pair`);
  if (splitsPair(text, offset + length)) faults.push(`${name(span)} ends inside of a surrogate pair`);
  if (text.slice(offset, offset + length).trim() === '') faults.push(`${name(span)} is blank`);
  return faults;
}

/** `inner` begins at or behind `outer`, and before its end. */
function pairFaults(outer: Span, inner: Span): string[] {
  if (endOf(inner) > endOf(outer)) return [`${name(inner)} crosses the end of ${name(outer)}`];
  if (inner.kind === outer.kind) return [`${name(inner)} is inside ${name(outer)}`];
  const isSameRange = inner.offset === outer.offset && inner.length === outer.length;
  if (isCode(outer) && !(isSameRange && inner.kind === 'quote')) {
    return [`${name(inner)} is inside ${name(outer)}, which holds nothing`];
  }
  if (isCode(inner) && outer.kind !== 'quote') return [`${name(inner)} is inside ${name(outer)}`];
  return [];
}

const isCode = ({ kind }: Span): boolean => kind === 'code' || kind === 'pre';
const endOf = (span: Span | undefined): number => (span === undefined ? 0 : span.offset + span.length);
const name = ({ kind, offset, length }: Span): string => `${kind} ${offset}+${length}`;

function splitsPair(text: string, at: number): boolean {
  const [before, after] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
