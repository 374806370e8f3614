/** One word of a line, and whether it began with a quote: then it is no flag, whatever it says. */
export type TypedWord = { readonly text: string; readonly isQuoted: boolean };

const DOUBLE = '"“”„‟«»';
const SINGLE = "'‘’‚‛‹›";
/** What phones make of one or two hyphens. */
const DASHES = /^[‐‑‒–—―−-]+/;

/**
 * A line as words. Quotes of all kinds hold words together where they begin a word (or stand behind its `=`) and are
 * closed at a word's end; any other is a letter, as in "the user's cart". No backslashes: nobody types them on a phone.
 */
export function wordsOf(line: string): readonly TypedWord[] {
  const words: TypedWord[] = [];
  let at = 0;
  while (at < line.length) {
    if (/\s/.test(line.charAt(at))) {
      at += 1;
      continue;
    }
    const [word, end] = nextWord(line, at);
    words.push(word);
    at = end;
  }
  return words;
}

function nextWord(line: string, start: number): readonly [TypedWord, number] {
  const quoted = quotedFrom(line, start);
  if (quoted !== undefined) return [{ text: quoted.text, isQuoted: true }, quoted.end];
  let at = start;
  let text = '';
  while (at < line.length && !/\s/.test(line.charAt(at))) {
    text += line.charAt(at);
    at += 1;
    const value = text.endsWith('=') ? quotedFrom(line, at) : undefined;
    if (value !== undefined) return [{ text: text + value.text, isQuoted: false }, value.end];
  }
  return [{ text, isQuoted: false }, at];
}

function quotedFrom(line: string, at: number): { readonly text: string; readonly end: number } | undefined {
  const open = line.charAt(at);
  const family = [DOUBLE, SINGLE].find((quotes) => open !== '' && quotes.includes(open));
  if (family === undefined) return undefined;
  for (let end = at + 1; end < line.length; end += 1) {
    if (!family.includes(line.charAt(end))) continue;
    if (end + 1 === line.length || /\s/.test(line.charAt(end + 1)))
      return { text: line.slice(at + 1, end), end: end + 1 };
  }
  return undefined;
}

/** `—no-e2e` and `–u` as they were meant: two hyphens before a name, one before a letter. The rest stays as it is. */
export function withHyphens(word: string): string {
  const dashes = DASHES.exec(word)?.[0] ?? '';
  const name = word.slice(dashes.length);
  if (dashes === '' || dashes === '-' || dashes === '--' || !/^\p{L}/u.test(name)) return word;
  const bare = name.split('=')[0] ?? '';
  return `${bare.length === 1 ? '-' : '--'}${name}`;
}
