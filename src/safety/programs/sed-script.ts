/** What a sed script does beside editing the lines that pass: files it names, or why that can't be told. */
export type SedScript = {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly doubt?: string | undefined;
};

/**
 * Where the seds part ways: whether a label ends at `;`, and what hides a delimiter inside `[ ]`: nothing, the
 * brackets, or brackets in which a backslash counts.
 */
type Dialect = { readonly labelsEndAtSemicolon: boolean; readonly brackets: 'nothing' | 'plain' | 'escaped' };

const DIALECTS: readonly Dialect[] = [true, false].flatMap((labelsEndAtSemicolon) =>
  (['plain', 'nothing', 'escaped'] as const).map((brackets) => ({ labelsEndAtSemicolon, brackets })),
);

/** Reads a script in each dialect; what it would do in any of them counts. */
export function readSedScript(source: string): SedScript {
  if (source.length > LONGEST_SCRIPT) return { reads: [], writes: [], doubt: 'the sed script is too long' };
  const readings = DIALECTS.map((dialect) => ({ dialect, ...new ScriptReader(source, dialect).read() }));
  // Today's seds let brackets hide a delimiter; what is no script to the older ones does nothing there.
  const broken = readings.find(
    (reading) => reading.dialect.brackets === 'plain' && reading.broken !== undefined,
  );
  return {
    reads: [...new Set(readings.flatMap(({ reads }) => reads))],
    writes: [...new Set(readings.flatMap(({ writes }) => writes))],
    doubt: readings.find(({ doubt }) => doubt !== undefined)?.doubt ?? broken?.broken,
  };
}

const LONGEST_SCRIPT = 20_000;

const PLAIN_BRACKET = /\^?\]?(?:\[:\w{1,20}:\]|[^\]])*/y;
const ESCAPED_BRACKET = /\^?\]?(?:\[:\w{1,20}:\]|\\[\s\S]|[^\\\]])*/y;

class Broken extends Error {}

class ScriptReader {
  readonly #source: string;
  readonly #dialect: Dialect;
  readonly #reads: string[] = [];
  readonly #writes: string[] = [];
  #doubt: string | undefined;
  #at = 0;
  readonly #lastBracket: number;

  constructor(source: string, dialect: Dialect) {
    this.#source = source;
    this.#dialect = dialect;
    this.#lastBracket = source.lastIndexOf(']');
  }

  read(): SedScript & { readonly broken?: string } {
    const found = { reads: this.#reads, writes: this.#writes };
    try {
      while (this.#skip(/[\s;]*/y) !== undefined && this.#at < this.#source.length) this.#readCommand();
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      return { ...found, doubt: this.#doubt, broken: error.message };
    }
    return { ...found, doubt: this.#doubt };
  }

  #readCommand(): void {
    if (this.#peek() === '#') {
      this.#restOfLine();
      return;
    }
    this.#readAddress();
    this.#skip(/\s*/y);
    if (this.#peek() === ',') {
      this.#at += 1;
      this.#skip(/\s*/y);
      this.#skip(/[+~]/y);
      this.#readAddress();
    }
    this.#skip(/[\s!]*/y);
    const command = this.#peek();
    this.#at += 1;
    this.#readNamed(command);
  }

  #readAddress(): void {
    this.#skip(/\d+(?:~\d+)?|\$/y);
    const opening = this.#peek();
    if (opening === '/') this.#at += 1;
    else if (opening === '\\') this.#at += 2;
    else return;
    this.#upTo(opening === '/' ? '/' : (this.#source[this.#at - 1] ?? ''), true);
    this.#skip(/[IM]*/y);
  }

  #readNamed(command: string): void {
    if (command === '}' || '=dDgGhHnNpPxzF'.includes(command)) return this.#end();
    if ('lqQL'.includes(command)) {
      this.#skip(/[ \t]*\d*/y);
      return this.#end();
    }
    switch (command) {
      case '{':
        return undefined;
      case 's':
        return this.#readSubstitution();
      case 'y':
        return this.#readTransliteration();
      case 'a':
      case 'i':
      case 'c':
        return this.#readText();
      case ':':
      case 'b':
      case 't':
      case 'T':
        this.#skip(this.#dialect.labelsEndAtSemicolon ? /[ \t]*[^\s;}]*/y : /[^\n]*/y);
        return undefined;
      case 'r':
      case 'R':
        this.#reads.push(this.#fileName());
        return undefined;
      case 'w':
      case 'W':
        this.#write();
        return undefined;
      case 'v':
        this.#restOfLine();
        return undefined;
      default:
        // A sed that knows it may take the rest of the line for its own.
        this.#doubt = `what the sed command ${JSON.stringify(command)} does is not known`;
        this.#restOfLine();
        return undefined;
    }
  }

  #readSubstitution(): void {
    const delimiter = this.#delimiter();
    this.#upTo(delimiter, true);
    this.#upTo(delimiter, false);
    const flags = this.#skip(/[gpiImMe\d]*/y);
    if (flags?.includes('e') === true) this.#doubt = 'the e of a sed substitution runs what it made';
    if (this.#peek() !== 'w') return this.#end();
    this.#at += 1;
    return this.#write();
  }

  #readTransliteration(): void {
    const delimiter = this.#delimiter();
    this.#upTo(delimiter, false);
    this.#upTo(delimiter, false);
    this.#end();
  }

  /** To the end of the line, and over each line end behind a backslash. */
  #readText(): void {
    this.#skip(/(?:[^\\\n]|\\[\s\S])*\\?/y);
  }

  #delimiter(): string {
    const delimiter = this.#peek();
    this.#at += 1;
    if (delimiter === '' || delimiter === '\n' || delimiter === '\\')
      throw new Broken('a sed command has no delimiter');
    return delimiter;
  }

  #upTo(delimiter: string, isPattern: boolean): void {
    while (this.#at < this.#source.length) {
      const character = this.#peek();
      this.#at += 1;
      if (character === delimiter) return;
      if (character === '\\') this.#at += 1;
      else if (character === '[' && isPattern) this.#readBracket();
      else if (character === '\n' && isPattern) break;
    }
    throw new Broken('a sed command has no end');
  }

  #readBracket(): void {
    const { brackets } = this.#dialect;
    if (brackets === 'nothing' || this.#at > this.#lastBracket) return;
    const start = this.#at;
    this.#skip(brackets === 'plain' ? PLAIN_BRACKET : ESCAPED_BRACKET);
    if (this.#peek() === ']') this.#at += 1;
    else this.#at = start;
  }

  #write(): void {
    const name = this.#fileName();
    if (name !== '/dev/stdout' && name !== '/dev/stderr') this.#writes.push(name);
  }

  #fileName(): string {
    const name = this.#restOfLine().trim();
    if (name === '') throw new Broken('a sed command lacks its file');
    return name;
  }

  #restOfLine(): string {
    return this.#skip(/[^\n]*/y) ?? '';
  }

  /** Nothing but the end of the command may follow. */
  #end(): void {
    this.#skip(/[ \t]*/y);
    if (!/^[\n;}#]?$/.test(this.#peek())) throw new Broken('a sed command goes on where it should end');
  }

  #peek(): string {
    return this.#source[this.#at] ?? '';
  }

  #skip(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [text] = pattern.exec(this.#source) ?? [];
    this.#at += text?.length ?? 0;
    return text;
  }
}
