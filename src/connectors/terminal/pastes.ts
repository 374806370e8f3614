// Stands for a newline in the line being typed, where a real one would send it.
const NEWLINE_SIGN = '\u240a';
const LONGEST_INLINE = 200;

/** Pasted text as it stands in the line being typed: as it is while short, as a token when it would fill the screen. */
export class Pastes {
  readonly #texts = new Map<string, string>();

  /** What to put into the line. Control characters are left out: pasted keys must not act. */
  inline(pasted: string): string {
    const text = pasted
      .replaceAll(/\r\n?|\p{Zl}|\p{Zp}/gu, '\n')
      .replace(/\p{Cc}/gu, (char) => (isText(char) ? char : ''));
    if (text.length <= LONGEST_INLINE) return text.replaceAll('\n', NEWLINE_SIGN);
    const size = text.includes('\n') ? `${text.split('\n').length} lines` : `${text.length} characters`;
    const token = `[paste ${this.#texts.size + 1}: ${size}]`;
    this.#texts.set(token, text);
    return token;
  }

  /** The line as it was meant. */
  expand(line: string): string {
    let text = line.replaceAll(NEWLINE_SIGN, '\n');
    for (const [token, pasted] of this.#texts) text = text.replaceAll(token, () => pasted);
    return text;
  }
}

function isText(char: string): boolean {
  return char === '\n' || char === '\t';
}
