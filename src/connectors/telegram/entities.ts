import type { MessageEntity } from 'grammy/types';
import { assertNever } from '../../util/assert-never.ts';
import type { RichText, Span } from '../../util/rich-text.ts';

/** A message's text and formatting as the Bot API takes them; offsets count UTF-16 code units on both sides. */
export type EntityText = { readonly text: string; readonly entities: MessageEntity[] };

/** More than a hundred entities are ignored by the server anyway. */
const MOST_ENTITIES = 100;

/**
 * Makes formatting that the server can't refuse: each entity lies inside the text, holds something visible and
 * cuts no surrogate pair; a link that does not lead to the web stays as its text. Lone surrogates, which JSON
 * can't carry to the server, become U+FFFD.
 */
export function toEntityText(rich: RichText): EntityText {
  const text = rich.text.toWellFormed();
  const entities: MessageEntity[] = [];
  for (const span of rich.spans) {
    const range = fit(text, span);
    const entity = range === undefined ? undefined : toEntity(span, range);
    if (entity !== undefined && entities.length < MOST_ENTITIES) entities.push(entity);
  }
  return { text, entities };
}

type Range = { readonly offset: number; readonly length: number };

function fit(text: string, span: Span): Range | undefined {
  let start = Math.max(0, Math.trunc(span.offset));
  let end = Math.min(text.length, Math.trunc(span.offset + span.length));
  if (cutsPair(text, start)) start -= 1;
  if (cutsPair(text, end)) end += 1;
  if (!(start < end) || text.slice(start, end).trim() === '') return undefined;
  return { offset: start, length: end - start };
}

function cutsPair(text: string, index: number): boolean {
  return (
    index > 0 && index < text.length && isHigh(text.charCodeAt(index - 1)) && isLow(text.charCodeAt(index))
  );
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

function toEntity(span: Span, range: Range): MessageEntity | undefined {
  switch (span.kind) {
    case 'bold':
    case 'italic':
    case 'underline':
    case 'strikethrough':
    case 'code':
      return { type: span.kind, ...range };
    case 'quote':
      return { type: 'blockquote', ...range };
    case 'pre':
      return span.language === undefined || span.language === ''
        ? { type: 'pre', ...range }
        : { type: 'pre', language: span.language, ...range };
    case 'link':
      return isWebLink(span.url) ? { type: 'text_link', url: span.url, ...range } : undefined;
    default:
      return assertNever(span, 'span');
  }
}

function isWebLink(url: string): boolean {
  return /^https?:\/\/[^\s]+$/i.test(url) && URL.canParse(url);
}
