import type { RichText, Span } from '../util/rich-text.ts';

/**
 * What stands between two offsets, without white space at its end. Spans that reach beyond are cut there; those
 * of which nothing to see is left are gone, and the others neither begin nor end with white space (only code
 * blocks and quotes may begin with an indent).
 */
export function clip({ text, spans }: RichText, from: number, to: number): RichText {
  const inside = text.slice(from, to).trimEnd();
  return { text: inside, spans: spans.flatMap((span) => clipSpan(span, inside, from)) };
}

function clipSpan(span: Span, inside: string, from: number): Span[] {
  const start = Math.max(0, span.offset - from);
  const covered = inside.slice(start, Math.max(start, span.offset + span.length - from));
  const keepsIndent = span.kind === 'pre' || span.kind === 'quote';
  const lead = keepsIndent ? 0 : covered.length - covered.trimStart().length;
  const length = covered.trimEnd().length - lead;
  return length > 0 ? [{ ...span, offset: start + lead, length }] : [];
}
