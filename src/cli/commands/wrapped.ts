/** Columns that a phone held upright shows. */
const WIDTH = 46;

/** A text in lines of at most 46 columns, parted at blanks; the first indented by `first`, the others by `rest`. */
export function wrapped(text: string, first = 0, rest: number = first): string[] {
  const lines: string[] = [];
  let line = ' '.repeat(first);
  let isEmpty = true;
  for (const word of text.split(' ').flatMap((part) => pieces(part, WIDTH - Math.max(first, rest)))) {
    if (!isEmpty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = ' '.repeat(rest);
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

/** A text without line breaks and other control characters, of at most `most` characters. */
export function oneLine(text: string, most: number): string {
  // A terminal would obey them.
  const plain = text.replaceAll(/\p{Cc}+/gu, ' ');
  return plain.length > most ? `${plain.slice(0, most).toWellFormed()}…` : plain;
}

function pieces(word: string, size: number): string[] {
  return word.length <= size ? [word] : (word.match(new RegExp(`.{1,${size}}`, 'gsu')) ?? []);
}
