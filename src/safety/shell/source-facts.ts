const SIMPLE_ARITHMETIC = /\(\([\w\s+\-*/%<>=!?:,$^~&|]*\)\)/g;
const CHANGES = /=|\+\+|--/;
const NAME = /^[A-Za-z_]\w*$/;
/** A plain number, or the result of a calculation that was taken out. */
const PLAIN_VALUE = /=(?:-?\d+|\$ )(?=[\s;)&|]|$)/y;

/**
 * What the text as a whole says about its variables. Counted, not parsed: a name that could be set in a second place
 * is one whose value is not known, so a loop or a function can't change it behind the reader's back. Each kind of
 * question goes through the text once, however many names are asked for.
 */
export class SourceFacts {
  readonly #source: string;
  readonly #outer: SourceFacts | undefined;
  #mentions: ReadonlyMap<string, number> | undefined;
  #integers: ReadonlySet<string> | undefined;
  readonly #movers = new Map<string, boolean>();

  /** `outer`: of the text that runs this one in the same shell. */
  constructor(source: string, outer?: SourceFacts) {
    this.#source = source;
    this.#outer = outer;
  }

  /** Whether the name stands only once without a `$` before it, or in a calculation that leaves it as it is. */
  isSetOnce(name: string): boolean {
    if (!NAME.test(name)) return false;
    this.#mentions ??= mentionsIn(
      this.#source.replaceAll(SIMPLE_ARITHMETIC, (part) => (CHANGES.test(part) ? part : ' ')),
    );
    return this.#mentions.get(name) === 1 && (this.#outer?.isSetOnce(name) ?? true);
  }

  /** Whether the text may make a variable an array. */
  hasArrays(): boolean {
    const own = /\w\+?=\(|\w\[[^\]]*\]\+?=|\b(?:mapfile|readarray)\b|\s-\w*[aA]/.test(this.#source);
    return own || (this.#outer?.hasArrays() ?? false);
  }

  /** Whether all that is ever put into the name is a plain number, or the result of a calculation. */
  isInteger(name: string): boolean {
    this.#integers ??= integersIn(this.#source);
    return this.#integers.has(name) && (this.#outer?.isInteger(name) ?? true);
  }

  /** Whether a text, this one or one that stands inside of it, could leave the shell in another folder. */
  mayMove(source: string): boolean {
    let mayMove = this.#movers.get(source);
    if (mayMove === undefined) {
      mayMove = /\b(?:cd|pushd|popd)\b/.test(source);
      this.#movers.set(source, mayMove);
    }
    return mayMove;
  }
}

/** How often each name stands there as anything but `$name` and `${name…}`; `${name:=x}` sets it, too. */
function mentionsIn(source: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { 0: name, index } of source.matchAll(/\w+/g)) {
    if (isMention(source, index, name.length)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Names that get a value somewhere, and nowhere one that could be anything but a number. */
function integersIn(source: string): ReadonlySet<string> {
  const set = new Set<string>();
  for (const [, name = ''] of source.matchAll(/(\w+)=/g)) set.add(name);
  const rest = source.replaceAll(SIMPLE_ARITHMETIC, ' ');
  for (const { 0: name, index } of rest.matchAll(/\w+/g)) {
    PLAIN_VALUE.lastIndex = index + name.length;
    if (!PLAIN_VALUE.test(rest) && isMention(rest, index, name.length)) set.delete(name);
  }
  return set;
}

function isMention(source: string, index: number, length: number): boolean {
  const isBraced = source[index - 1] === '{' && source[index - 2] === '$';
  if (isBraced) return /^:?=/.test(source.slice(index + length, index + length + 2));
  return source[index - 1] !== '$';
}
