// What is redrawn must fit the window, so even a line of code is broken once it has more rows than this.
const MOST_ROWS = 5;
const FENCE = /^\s*(?:```|~~~)/;

/** Markdown that arrives in pieces, as the lines of a terminal: prose is broken between words, code blocks are not. */
export class GrowingText {
  #isCode = false;
  #last = '';

  /** The line that is not finished yet. */
  get last(): string {
    return this.#last;
  }

  /** Adds text; gives the lines that are finished by it. */
  add(text: string, columns: number): readonly string[] {
    const lines = (this.#last + text).split('\n');
    const last = lines.pop() ?? '';
    const finished = lines.flatMap((line) => {
      const rows = this.#rows(line, columns);
      if (FENCE.test(line)) this.#isCode = !this.#isCode;
      return rows;
    });
    const rows = this.#rows(last, columns);
    this.#last = rows.pop() ?? '';
    return [...finished, ...rows];
  }

  /** Finishes the last line and gives it. */
  takeLast(): string {
    const last = this.#last;
    this.#last = '';
    return last;
  }

  #rows(line: string, columns: number): string[] {
    const limit = this.#isCode ? columns * MOST_ROWS : columns;
    const rows: string[] = [];
    let rest = line;
    while (rest.length > limit) {
      const blank = rest.lastIndexOf(' ', limit);
      const isWord = rest.slice(0, blank).trim() !== '';
      // A word wider than the window is left to the terminal, but not without end.
      if (!isWord && rest.length <= columns * MOST_ROWS) break;
      const at = isWord ? blank : limit - (/[\uD800-\uDBFF]/.test(rest.charAt(limit - 1)) ? 1 : 0);
      rows.push(rest.slice(0, at));
      rest = rest.slice(isWord ? at + 1 : at);
    }
    return [...rows, rest];
  }
}
