import type { RichText, Span } from '../../src/util/rich-text.ts';
import { spanFaults } from './rich-text-validity.ts';

/**
 * What is wrong with the parts of a text, one sentence a fault: a part that a chat would not show as it is, text that
 * was lost or made up at a cut, and text that is styled otherwise than in the whole, a code block's language included.
 */
export function splitFaults(rich: RichText, parts: readonly RichText[], limit: number): string[] {
  const faults = parts.flatMap((part, index) => [
    ...spanFaults(part).map((fault) => `part ${index}: ${fault}`),
    ...(part.text.trim() === '' ? [`part ${index} is blank`] : []),
    ...(part.text.length > limit ? [`part ${index} is too long`] : []),
    ...(part.spans.length > 100 ? [`part ${index} has too many spans`] : []),
    ...(part.text.isWellFormed() ? [] : [`part ${index} has half a surrogate pair`]),
  ]);
  return [...faults, ...lossFaults(rich, parts)];
}

/** Each part must stand in the text, with nothing but white space between it and the one before, styled alike. */
function lossFaults(rich: RichText, parts: readonly RichText[]): string[] {
  const expected = stylesOf(rich);
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const styles = stylesOf(part);
    const visible = at + (/^\s*/.exec(rich.text.slice(at))?.[0].length ?? 0);
    const indent = /^\s*/.exec(part.text)?.[0].length ?? 0;
    const from = visible - indent;
    if (from < at || !rich.text.startsWith(part.text, from)) return [`part ${index} is not what comes next`];
    const isLine = from === 0 || rich.text[from - 1] === '\n';
    if (indent > 0 && !(isLine && /\bpre:/.test(styles[0] ?? ''))) {
      return [`part ${index} begins with white space that is no indent of code`];
    }
    for (let offset = 0; offset < part.text.length; offset += 1) {
      if (/\s/.test(part.text.charAt(offset))) continue;
      if (styles[offset] !== expected[from + offset]) return [`part ${index} is styled otherwise`];
    }
    at = from + part.text.length;
  }
  return rich.text.slice(at).trim() === '' ? [] : ['the end is missing'];
}

/** The styles of each code unit. */
function stylesOf({ text, spans }: RichText): readonly string[] {
  const styles = Array.from({ length: text.length }, () => '');
  for (const span of spans) {
    const name = `${span.kind}:${detailOf(span)} `;
    for (let at = span.offset; at < span.offset + span.length; at += 1) styles[at] += name;
  }
  return styles;
}

function detailOf(span: Span): string {
  if (span.kind === 'pre') return span.language ?? '';
  return span.kind === 'link' ? span.url : '';
}
