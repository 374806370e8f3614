import { plain, type RichText } from '../util/rich-text.ts';
import { writeBlocks } from './blocks.ts';
import { lexMarkdown } from './capped-lexer.ts';
import { RichWriter } from './rich-writer.ts';

/** UTF-16 code units; a longer text is shown as it is. No answer comes near it. */
const LONGEST_SOURCE = 512 * 1024;

/**
 * Markdown (GitHub's flavour) as text with formatting, the way a chat can show it. What a chat has no form for
 * stays readable: headings are bold, tables are aligned in a code block, HTML is shown as it is written, and a
 * link that can't be tapped (a path in the project) follows its label in brackets. Markdown that is not finished
 * yet shows as far as it goes.
 *
 * Must not throw, and takes bounded time for any text. The spans are sorted by where they begin, outer before
 * inner, and nest validly for Telegram; the text is trimmed, except for the indent of a code block it begins with.
 */
export function markdownToRichText(source: string): RichText {
  const text = visibleCharacters(source);
  if (text.length > LONGEST_SOURCE) return plain(text.trim());
  try {
    const writer = new RichWriter();
    writeBlocks(writer, lexMarkdown(text), 2);
    return writer.finish();
  } catch {
    // Marked itself throws only where it is wrong; the answer is worth more than its formatting.
    return plain(text.trim());
  }
}

/** Control characters would do something to a terminal or be refused by a server: they are shown, not sent. */
function visibleCharacters(source: string): string {
  return source
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, pictureOf);
}

/** U+2400 to U+2421 picture the control characters of ASCII; those beyond have none. */
function pictureOf(control: string): string {
  const code = control.charCodeAt(0);
  if (code === 0x7f) return '\u2421';
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\uFFFD';
}
