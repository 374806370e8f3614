/**
 * Text with formatting beside it, so that no character ever needs escaping: what a connector shows.
 * Offsets and lengths count UTF-16 code units, as JavaScript strings and Telegram's entities do.
 */
export type RichText = { readonly text: string; readonly spans: readonly Span[] };

export type Span = { readonly offset: number; readonly length: number } & SpanStyle;

export type SpanStyle =
  | { readonly kind: 'bold' | 'italic' | 'underline' | 'strikethrough' | 'code' | 'quote' }
  | { readonly kind: 'pre'; readonly language?: string | undefined }
  | { readonly kind: 'link'; readonly url: string };

export const emptyText: RichText = { text: '', spans: [] };

export function plain(text: string): RichText {
  return { text, spans: [] };
}

export function styled(text: string, style: SpanStyle): RichText {
  return { text, spans: text.length === 0 ? [] : [{ offset: 0, length: text.length, ...style }] };
}

export const bold = (text: string): RichText => styled(text, { kind: 'bold' });
export const italic = (text: string): RichText => styled(text, { kind: 'italic' });
export const code = (text: string): RichText => styled(text, { kind: 'code' });
export const pre = (text: string, language?: string): RichText => styled(text, { kind: 'pre', language });
export const link = (text: string, url: string): RichText => styled(text, { kind: 'link', url });

/** Puts a style over all of `inner`, beside the styles it has. */
export function wrap(inner: RichText, style: SpanStyle): RichText {
  if (inner.text.length === 0) return inner;
  return { text: inner.text, spans: [{ offset: 0, length: inner.text.length, ...style }, ...inner.spans] };
}

/** Joins parts in order; a bare string is plain text. */
export function concat(...parts: readonly (RichText | string)[]): RichText {
  let text = '';
  const spans: Span[] = [];
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    for (const span of part.spans) spans.push({ ...span, offset: span.offset + text.length });
    text += part.text;
  }
  return { text, spans };
}

export function join(parts: readonly (RichText | string)[], separator: string): RichText {
  return concat(...parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part])));
}
