/**
 * What unbash 6.0.4 is known to read otherwise than bash 5.2 does. Each check answers why a text can't be trusted
 * to mean what the tree says, or undefined. Any hit makes the whole call unknown.
 */

/** In UTF-16 units. */
const LONGEST_SOURCE = 64 * 1024;
/** The parser goes through all of those on a line for each of them. */
const MOST_DOCUMENTS = 1000;

/** Why a text is not even parsed. */
export function refusalOfSource(source: string): string | undefined {
  if (source.length > LONGEST_SOURCE) return 'the command is too long to be read';
  let count = 0;
  for (let at = source.indexOf('<<'); at >= 0; at = source.indexOf('<<', at + 2)) count += 1;
  return count > MOST_DOCUMENTS ? `it has more than ${MOST_DOCUMENTS} here-documents` : undefined;
}

/** Looks at the text as a whole, before it is parsed. */
export function distrustOfSource(source: string): string | undefined {
  if (!source.isWellFormed()) return 'the command has half a character in it';
  if (source.includes('\0')) return 'the command has a NUL character in it';
  if (source.includes('\r')) return 'the command has a carriage return in it';
  if (/(?:^|[^\\])(?:\\\\)*\\$/.test(source)) return 'the command ends in a lone backslash';
  if (/[^\s\\](?:\\\\)*\\\n/.test(source)) return 'a word goes on after a backslash at the end of a line';
  return undefined;
}

/** A word that the parser took for plain text; `text` is its source. */
export function distrustOfPlainWord(text: string): string | undefined {
  if (/^[\w./:=@%+,~-]*$/.test(text)) return undefined;
  // Backslashed characters are plain; `\\.` also leaves out the second of two backslashes.
  const bare = text.replaceAll(/\\[\s\S]/g, '');
  if (/[$`]/.test(bare) && /\$[A-Za-z_0-9{([@*#?!$'"-]|`/.test(bare)) {
    return 'the parser missed an expansion in a word';
  }
  if (/^\(|[<>]\(/.test(bare)) return 'the parser missed a substitution in a word';
  if (/[*?]/.test(bare)) return 'the parser missed a pattern in a word';
  return undefined;
}

/** Braces between which bash may find several words, although the parser saw none: `{a},b}`. */
export function hasOddBraces(texts: readonly string[]): boolean {
  const joined = texts.join('');
  if (!joined.includes('{')) return false;
  const bare = joined.replaceAll(/\\[\s\S]/g, '');
  const between = bare.slice(bare.indexOf('{') + 1, Math.max(0, bare.lastIndexOf('}')));
  return bare.includes('{') && (between.includes(',') || between.includes('..'));
}

/** `$'…'` with escapes that bash decodes in its own way. */
export function distrustOfAnsiC(text: string): string | undefined {
  const escapes = text.slice(2, -1).matchAll(/\\([\s\S])/g);
  for (const [, escaped] of escapes) {
    if (escaped === undefined || !String.raw`ntr\'"`.includes(escaped)) {
      return String.raw`a $'…' word uses an escape beyond \n \t \r \\ \' \"`;
    }
  }
  return undefined;
}

/** The target of `>&` or `<&`: anything but a plain descriptor is a trap, `>&file` without a descriptor is not. */
export function distrustOfDuplication(
  operator: string,
  hasDescriptor: boolean,
  target: string | undefined,
): string | undefined {
  if (operator !== '>&' && operator !== '<&') return undefined;
  if (target !== undefined && /^(?:\d+-?|-)$/.test(target)) return undefined;
  if (operator === '>&' && !hasDescriptor && target !== undefined && /^[A-Za-z_./]/.test(target)) {
    return undefined;
  }
  return 'a redirection leads to a descriptor that is not plain';
}

/** An assignment whose value begins with `(` although the parser saw no array. */
export function distrustOfAssignment(isArray: boolean, valueText: string): string | undefined {
  return !isArray && valueText.startsWith('(')
    ? 'the parser missed the end of an array in an assignment'
    : undefined;
}

/** A word, an assignment or a redirection of a command: where it begins and ends in the text. */
export type Piece = { readonly start: number; readonly end: number; readonly isRedirection: boolean };

/**
 * What stands between the pieces of a command: nothing but blanks. Two words without any between them are one to
 * bash, and whatever else stands there the parser has passed over. `source` is the text that places count in.
 */
export function distrustOfGaps(source: string, pieces: readonly Piece[]): string | undefined {
  const inOrder = pieces.some(({ isRedirection }) => isRedirection)
    ? pieces.toSorted((one, other) => one.start - other.start)
    : pieces;
  for (const [index, piece] of inOrder.entries()) {
    const before = inOrder[index - 1];
    if (before === undefined) continue;
    const gap = source.slice(before.end, piece.start);
    if (gap === ' ') continue;
    if (!/^(?:[ \t]|\\\n)*$/.test(gap)) return 'something between two words could not be read';
    if (gap === '' && !before.isRedirection && !piece.isRedirection) {
      return 'two words stand so close that bash may read them as one';
    }
  }
  return undefined;
}

/** The text of an unquoted here-document, where bash expands what it would in double quotes. */
export function distrustOfDocument(
  text: string,
  parts: readonly { readonly type: string; readonly text: string }[] | undefined,
): string | undefined {
  const literals =
    parts === undefined ? [text] : parts.filter(({ type }) => type === 'Literal').map((part) => part.text);
  const isMissed = literals.some((literal) =>
    /\$[A-Za-z_0-9{([@*#?!$-]|`/.test(literal.replaceAll(/\\[\s\S]/g, '')),
  );
  return isMissed ? 'the parser missed an expansion in a here-document' : undefined;
}

/**
 * What stands before, between and after the statements of a whole text: ends of commands and comments. `places` are
 * those of statements and here-documents, in any order.
 */
export function distrustOfRemains(
  source: string,
  places: readonly (readonly [number, number])[],
): string | undefined {
  let end = 0;
  let remains = '';
  for (const [start, next] of places.toSorted(([one], [other]) => one - other)) {
    if (start > end) remains += `${source.slice(end, start)}\n`;
    end = Math.max(end, next);
  }
  remains += source.slice(end);
  if (remains === '') return undefined;
  const bare = remains.replaceAll(/#[^\n]*/g, '');
  return /^(?:[ \t\n;&]|\\\n)*$/.test(bare) ? undefined : 'something around its commands could not be read';
}
