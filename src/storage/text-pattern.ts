/** How a word is looked for in a text. */
export type TextPattern = {
  /** For SQLite's LIKE with ESCAPE '\'. */
  readonly like: string;
  /** LIKE knows upper and lower case only in ASCII: what it finds has to be looked at again. */
  readonly isLoose: boolean;
};

/** Finds `word` anywhere in a text, in upper or lower case. */
export function textPattern(word: string): TextPattern {
  let like = '';
  let isLoose = false;
  for (const character of word) {
    const isCased = character.toLowerCase() !== character.toUpperCase();
    if (isCased && !/^[a-z]$/i.test(character)) {
      like += '_';
      isLoose = true;
    } else like += /^[%_\\]$/.test(character) ? `\\${character}` : character;
  }
  return { like: `%${like}%`, isLoose };
}

/** What LIKE can't tell: whether all words are in the text, in upper or lower case of whatever script. */
export function hasWords(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word.toLowerCase()));
}
