import type { Token, Tokens } from 'marked';
import { knownTokens } from './capped-lexer.ts';
import { writeInlines } from './inlines.ts';
import type { RichWriter } from './rich-writer.ts';
import { tableText } from './table.ts';

/** Writes blocks below each other, `gap` newlines apart. */
export function writeBlocks(writer: RichWriter, tokens: readonly Token[], gap: number): void {
  for (const token of knownTokens(tokens)) {
    switch (token.type) {
      case 'space':
      case 'def':
      case 'checkbox':
        break;
      case 'list':
        writeList(writer, token, gap);
        break;
      default:
        writer.gap(gap);
        writeBlock(writer, token);
        writer.gap(gap);
    }
  }
}

type BlockToken = Exclude<ReturnType<typeof knownTokens>[number], Tokens.List>;

function writeBlock(writer: RichWriter, token: BlockToken): void {
  switch (token.type) {
    case 'heading':
      writeHeading(writer, token);
      break;
    case 'paragraph':
      writeInlines(writer, token.tokens);
      break;
    case 'text':
      writeInlines(writer, token.tokens ?? [{ type: 'text', raw: token.raw, text: token.text }]);
      break;
    case 'code':
      writer.pre(token.text, languageOf(token.lang));
      break;
    case 'table':
      writer.pre(tableText(token));
      break;
    case 'blockquote':
      writeQuote(writer, token);
      break;
    case 'hr':
      writer.text('———');
      break;
    case 'html':
      writer.text(token.text.trim());
      break;
    default:
      writeInlines(writer, [token]);
  }
}

function writeHeading(writer: RichWriter, { depth, tokens }: Tokens.Heading): void {
  writer.styled({ kind: 'bold' }, () => {
    if (depth > 1) writeInlines(writer, tokens);
    else writer.styled({ kind: 'underline' }, () => writeInlines(writer, tokens));
  });
}

/** Telegram has no quote inside a quote: the inner one keeps its Markdown sign. */
function writeQuote(writer: RichWriter, { tokens }: Tokens.Blockquote): void {
  if (writer.isIn('quote')) writer.margin('> ', '> ', () => writeBlocks(writer, tokens, 2));
  else writer.styled({ kind: 'quote' }, () => writeBlocks(writer, tokens, 2));
}

function writeList(writer: RichWriter, list: Tokens.List, gap: number): void {
  const itemGap = list.loose ? 2 : 1;
  writer.gap(Math.min(gap, 2));
  for (const [index, item] of list.items.entries()) {
    writer.gap(itemGap);
    const marker = markerOf(list, item, index);
    writer.margin(marker, ' '.repeat(marker.length), () => writeBlocks(writer, item.tokens, itemGap));
  }
  writer.gap(gap);
}

function markerOf(list: Tokens.List, item: Tokens.ListItem, index: number): string {
  const box = item.task ? (item.checked === true ? '☑ ' : '☐ ') : '';
  if (!list.ordered) return box === '' ? '• ' : box;
  const sign = /^\s*\d+\)/.test(list.raw) ? ')' : '.';
  return `${Number(list.start) + index}${sign} ${box}`;
}

/** The first word behind the fence, where it is a language's name. */
function languageOf(info: string | undefined): string | undefined {
  const name = info?.trim().split(/[\s,{:]/, 1)[0] ?? '';
  return /^[\w+#.-]{1,32}$/.test(name) ? name : undefined;
}
