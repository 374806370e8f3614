/**
 * Characters that take no place, look like nothing, or change the order of others: everything of Unicode's category
 * "other" (controls, formats such as zero-width ones, direction marks and tags, halves of pairs, private and
 * unassigned ones), separators, fillers and variation selectors; but not line breaks and tabs, which are handled
 * apart, nor the selector that turns a sign into its emoji right behind one.
 */
const INVISIBLE = String.raw`(?!\n|\t|\uFE0F)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?<!\p{Extended_Pictographic})\uFE0F`;

/** Blanks that look like the plain one, and signs without a picture: Braille blank, null note head, fillers. */
const ODD_BLANKS = String.raw`(?! )\p{Zs}|[\u2800\u{1D159}\u{16FE4}\uFFFC]`;

/** Marks that have no letter to stand on, or are piled up until they cover the lines around. */
const LOOSE_MARKS = String.raw`(?<![^\s])\p{M}|(?<=\p{M}{4})\p{M}`;

/** What stands in the text itself but looks as if it had been put there by `showInvisible`. */
const LOOKALIKES = String.raw`\\(?=u\{)|\u27E8|\u240D(?=\n)`;

const ESCAPED = new RegExp([INVISIBLE, ODD_BLANKS, LOOSE_MARKS, LOOKALIKES].join('|'), 'gu');

export type ShownAs = {
  /** Indentation of code may be long; anywhere else a long run of blanks hides what comes after it. */
  readonly longestIndent: number;
};

const LONGEST_RUN = 8;
const MOST_EMPTY_LINES = 8;

/**
 * A text as it can be trusted on a screen: what would be invisible stands as `\u{202E}`, a long run of blanks as
 * `⟨40 blanks⟩`, many empty lines as `⟨30 empty lines⟩`. No two texts are shown alike: what looks like one of these
 * marks and is none is escaped, too.
 */
export function showInvisible(
  text: string,
  { longestIndent }: ShownAs = { longestIndent: LONGEST_RUN },
): string {
  const escaped = text.replaceAll(ESCAPED, (character, offset: number) =>
    character === '\r' && text[offset + 1] === '\n' ? '\u240D' : escape(character),
  );
  return shownLines(escaped.split('\n'))
    .join('\n')
    .replaceAll(/(?<=\S)[ \t]{9,}/g, runs)
    .replaceAll(/^[ \t]{9,}/gm, (run) => (run.length > longestIndent ? runs(run) : run));
}

/** The same for a place that has one line. */
export function showInLine(text: string): string {
  return showInvisible(text)
    .replaceAll('\n', String.raw`\u{A}`)
    .replaceAll('\t', String.raw`\u{9}`);
}

const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
const LOOKS_LATIN = String.raw`[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]`;
const MIXED = new RegExp(String.raw`[A-Za-z]${LOOKS_LATIN}|${LOOKS_LATIN}[A-Za-z]|(?! )[\uFF01-\uFF5E]`, 'u');

/** What a person can't see by looking, though every character is shown: one sentence each. */
export function deceptionsIn(text: string): string[] {
  const found: string[] = [];
  if (RIGHT_TO_LEFT.test(text))
    found.push('It has letters that are written from right to left: the order on the screen may be another');
  if (MIXED.test(text)) found.push('It has letters that only look like Latin ones');
  return found;
}

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `\\u{${code.toString(16).toUpperCase()}}`;
}

function shownLines(lines: readonly string[]): readonly string[] {
  const shown: string[] = [];
  for (let index = 0; index < lines.length;) {
    let end = index;
    while (end < lines.length && /^[ \t]*$/.test(lines[end] ?? '')) end += 1;
    const blank = lines.slice(index, end);
    shown.push(...(blank.length > MOST_EMPTY_LINES ? emptyLines(blank) : blank));
    const next = lines[end];
    if (next !== undefined) shown.push(next);
    index = end + 1;
  }
  return shown;
}

/** Lines that are alike are counted together. */
function emptyLines(lines: readonly string[]): string[] {
  const shown: string[] = [];
  for (let index = 0; index < lines.length;) {
    const line = lines[index] ?? '';
    let end = index;
    while (end < lines.length && lines[end] === line) end += 1;
    const count = end - index;
    shown.push(
      line === '' ? `⟨${counted(count, 'empty line')}⟩` : `⟨${counted(count, 'line')} of ${runs(line)}⟩`,
    );
    index = end;
  }
  return shown;
}

function runs(run: string): string {
  return run.replaceAll(
    / +|\t+/g,
    (part) => `⟨${counted(part.length, part.startsWith(' ') ? 'blank' : 'tab')}⟩`,
  );
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
