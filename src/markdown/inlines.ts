import type { Token, Tokens } from 'marked';
import { assertNever } from '../util/assert-never.ts';
import { knownTokens } from './capped-lexer.ts';
import { decodeReferences } from './character-references.ts';
import { tappableUrl } from './links.ts';
import type { RichWriter } from './rich-writer.ts';

/** A path or URL that can't be tapped is shown behind its label, cut where it is longer than anybody reads. */
const LONGEST_SHOWN_HREF = 200;

/** Writes what stands inside a paragraph. */
export function writeInlines(writer: RichWriter, tokens: readonly Token[]): void {
  for (const token of knownTokens(tokens)) {
    switch (token.type) {
      case 'strong':
        writer.styled({ kind: 'bold' }, () => writeInlines(writer, token.tokens));
        break;
      case 'em':
        writer.styled({ kind: 'italic' }, () => writeInlines(writer, token.tokens));
        break;
      case 'del':
        writer.styled({ kind: 'strikethrough' }, () => writeInlines(writer, token.tokens));
        break;
      case 'codespan':
        writer.code(token.text);
        break;
      case 'link':
      case 'image':
        writeLink(writer, token);
        break;
      case 'br':
        writer.text('\n');
        break;
      case 'escape':
      case 'html':
        writer.text(token.text);
        break;
      case 'checkbox':
        break;
      case 'text':
        writer.text(decodeReferences(withoutIndents(token.text)));
        break;
      case 'blockquote':
      case 'code':
      case 'def':
      case 'heading':
      case 'hr':
      case 'list':
      case 'list_item':
      case 'paragraph':
      case 'space':
      case 'table':
        // Blocks don't stand inside a paragraph; were one there, its text would not be lost.
        writer.text(token.raw);
        break;
      default:
        assertNever(token, 'token');
    }
  }
}

/** White space around a line break means nothing in a paragraph. */
function withoutIndents(text: string): string {
  if (!text.includes('\n')) return text;
  const lines = text.split('\n');
  const last = lines.length - 1;
  return lines
    .map((line, index) => (index === last ? line : line.trimEnd()))
    .map((line, index) => (index === 0 ? line : line.trimStart()))
    .join('\n');
}

function writeLink(writer: RichWriter, token: Tokens.Link | Tokens.Image): void {
  const isLiteral = token.type === 'link' && token.autolink === true;
  const href = isLiteral ? token.href : decodeReferences(token.href);
  const hasLabel = token.text.trim() !== '';
  const label = (): void => (hasLabel ? writeInlines(writer, token.tokens) : writer.text(href));
  const url = tappableUrl(href);
  if (url !== undefined) {
    writer.styled({ kind: 'link', url }, label);
    return;
  }
  label();
  // Chats find an address by themselves, without its scheme.
  const shown = href.replace(/^mailto:/i, '');
  if (hasLabel && shown !== '' && shown !== token.text && !writer.isIn('link')) {
    writer.text(` (${shown.length > LONGEST_SHOWN_HREF ? `${shown.slice(0, LONGEST_SHOWN_HREF)}…` : shown})`);
  }
}
