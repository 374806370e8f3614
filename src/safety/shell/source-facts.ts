const SIMPLE_ARITHMETIC = /\(\([\w\s+\-*/%<>=!?:,$^~&|]*\)\)/g;
const CHANGES = /=|\+\+|--/;

/**
 * What the text as a whole says about its variables. Counted, not parsed: a name that could be set in a second place
 * is one whose value is not known, so a loop or a function can't change it behind the reader's back.
 */
export class SourceFacts {
  readonly #source: string;
  readonly #outer: SourceFacts | undefined;
  readonly #setOnce = new Map<string, boolean>();
  readonly #integers = new Map<string, boolean>();
  #withoutLooks: string | undefined;

  /** `outer`: of the text that runs this one in the same shell. */
  constructor(source: string, outer?: SourceFacts) {
    this.#source = source;
    this.#outer = outer;
  }

  /** Whether the name stands only once without a `$` before it, or in a calculation that leaves it as it is. */
  isSetOnce(name: string): boolean {
    const known = this.#setOnce.get(name);
    if (known !== undefined) return known;
    this.#withoutLooks ??= this.#source.replaceAll(SIMPLE_ARITHMETIC, (part) =>
      CHANGES.test(part) ? part : ' ',
    );
    const isOnce = mentions(this.#withoutLooks, name) === 1;
    const answer = isOnce && (this.#outer?.isSetOnce(name) ?? true);
    this.#setOnce.set(name, answer);
    return answer;
  }

  /** Whether all that is ever put into the name is a plain number, or the result of a calculation. */
  isInteger(name: string): boolean {
    const known = this.#integers.get(name);
    if (known !== undefined) return known;
    const assigned = new RegExp(String.raw`\b${name}=(?:-?\d+|\$ )(?=[\s;)&|]|$)`, 'g');
    const rest = this.#source.replaceAll(SIMPLE_ARITHMETIC, ' ');
    const isSet = this.#source.includes(`${name}=`);
    const isPlain = isSet && mentions(rest.replaceAll(assigned, ' '), name) === 0;
    const answer = isPlain && (this.#outer?.isInteger(name) ?? true);
    this.#integers.set(name, answer);
    return answer;
  }
}

/** How often a name stands there as anything but `$name` and `${name…}`; `${name:=x}` sets it, too. */
function mentions(source: string, name: string): number {
  let count = 0;
  for (const { index } of source.matchAll(new RegExp(String.raw`\b${name}\b`, 'g'))) {
    const isBraced = source[index - 1] === '{' && source[index - 2] === '$';
    const isSetThere = isBraced && /^:?=/.test(source.slice(index + name.length, index + name.length + 2));
    if (isSetThere || !(isBraced || source[index - 1] === '$')) count += 1;
  }
  return count;
}
