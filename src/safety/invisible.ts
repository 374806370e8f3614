/**
 * Characters that take no place, or change the order of others: controls, formats (zero-width ones, direction marks,
 * soft hyphens, tags), separators, fillers, variation selectors, halves of pairs. Line breaks and tabs are handled
 * apart; the selector that turns a sign into its emoji may stand behind one.
 */
const INVISIBLE =
  /(?!\n|\t|\uFE0F)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?<!\p{Extended_Pictographic})\uFE0F/gu;

/** Blanks that look like the plain one, or like nothing. */
const ODD_BLANKS = /(?! )\p{Zs}|\u2800/gu;

export type ShownAs = {
  /** Indentation of code may be long; anywhere else a long run of blanks hides what comes after it. */
  readonly longestIndent: number;
};

const LONGEST_RUN = 8;
const MOST_EMPTY_LINES = 8;

/**
 * A text as it can be trusted on a screen: what would be invisible stands as `\u{202E}`, a long run of blanks as
 * `⟨40 blanks⟩`, many empty lines as `⟨30 empty lines⟩`.
 */
export function showInvisible(
  text: string,
  { longestIndent }: ShownAs = { longestIndent: LONGEST_RUN },
): string {
  const escaped = text
    .replaceAll('\r\n', '\u240D\n')
    .replaceAll(INVISIBLE, escape)
    .replaceAll(ODD_BLANKS, escape);
  return escaped
    .replaceAll(/(?:\n[ \t]*){10,}(?=\n|$)/g, (lines) => `\n${emptyLines(lines.split('\n').length - 1)}`)
    .replaceAll(/(?<=\S)[ \t]{9,}/g, blanks)
    .replaceAll(/^[ \t]{9,}/gm, (run) => (run.length > longestIndent ? blanks(run) : run));
}

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `\\u{${code.toString(16).toUpperCase()}}`;
}

function blanks(run: string): string {
  return `⟨${run.length} ${run.includes('\t') ? 'blanks and tabs' : 'blanks'}⟩`;
}

function emptyLines(count: number): string {
  return count > MOST_EMPTY_LINES ? `⟨${count} empty lines⟩` : '\n'.repeat(count - 1);
}
