/**
 * How much is read for one call, as counts and never as time: the same text always gets the same answer. Far beyond
 * what a person could judge on a card, and little enough for an answer within milliseconds.
 */
const MOST = {
  commands: 500,
  words: 5000,
  characters: 256 * 1024,
  steps: 30_000,
  names: 20_000,
} as const;
/** How often the parser may look at a character of the text: for most texts, one to four times each. */
const MOST_LOOKS = 320_000;

const COMPLAINT: Readonly<Record<keyof typeof MOST, string>> = {
  commands: `it holds more than ${MOST.commands} commands`,
  words: `it holds more than ${MOST.words} words`,
  characters: `its words become more than ${MOST.characters} characters`,
  steps: 'it is put together of too many parts',
  names: 'its patterns for file names have too many files to look at',
};
const TOO_MANY_LOOKS = 'its brackets and quotes are nested in a way that takes too long to read';

/** Shorter texts can be parsed in a moment, however they are nested. */
const LONGEST_UNWATCHED = 2048;

/** What reading one call has used up. Once anything is used up, nothing more is read, and the call is unknown. */
export class Budget {
  readonly #left: Record<keyof typeof MOST, number> = { ...MOST };
  readonly #looks: Looks = { left: MOST_LOOKS };
  #parsed = 0;
  #complaint: string | undefined;

  /** Why not all of it was read; undefined when all was. */
  get complaint(): string | undefined {
    return this.#complaint ?? (this.#looks.left < 0 ? TOO_MANY_LOOKS : undefined);
  }

  get isSpent(): boolean {
    return this.#complaint !== undefined || this.#looks.left < 0;
  }

  /** False when there is not enough left. */
  spend(what: keyof typeof MOST, count = 1): boolean {
    this.#left[what] -= count;
    if (this.#left[what] >= 0) return true;
    this.#complaint ??= COMPLAINT[what];
    return false;
  }

  /** The text for the parser, which looks at some texts again and again: too often makes it throw. */
  watched(source: string): string {
    this.#parsed += source.length;
    return this.#parsed <= LONGEST_UNWATCHED
      ? source
      : (new WatchedText(source, this.#looks) as unknown as string);
  }
}

type Looks = { left: number };

/** A text that counts how often one of its characters is looked at; all else is as for any string. */
class WatchedText extends String {
  readonly #text: string;
  readonly #looks: Looks;

  constructor(text: string, looks: Looks) {
    super(text);
    this.#text = text;
    this.#looks = looks;
  }

  override charCodeAt(index: number): number {
    this.#looks.left -= 1;
    if (this.#looks.left < 0) throw new RangeError(TOO_MANY_LOOKS);
    return this.#text.charCodeAt(index);
  }
}
