import { REDACTED } from './secret-forms.ts';

/** Takes values out of a text; `isGrowing`: more of it is to come, or it was cut. Must not throw. */
export type Hide = (text: string, isGrowing?: boolean) => string;

/** A shorter value would blank out words; the redactor passes over it, too. */
const SHORTEST = 6;
/** So much of a value at the end of a text is its beginning, and no chance. */
const TELLING = 4;

/**
 * Values that people are not to read in the agent's words, exactly as they stand; unlike a redactor's, nothing else is
 * taken for one by its form.
 */
export class HiddenValues {
  #written: readonly string[] = [];

  /** Under six characters it is ignored. */
  add(value: string): void {
    const written = writings(value).filter(({ length }) => length >= SHORTEST);
    // The longest first, so that a value that begins with another one goes as a whole.
    this.#written = [...new Set([...this.#written, ...written])].toSorted(
      (one, other) => other.length - one.length,
    );
  }

  /** Without the values; of a text that still grows, the beginning of one at its end goes too. */
  hide(text: string, isGrowing = false): string {
    const clean = this.#written.reduce((left, value) => left.replaceAll(value, REDACTED), text);
    return isGrowing ? this.#written.reduce(withoutBeginning, clean) : clean;
  }
}

/** As it stands, inside JSON, and as part of an address. */
function writings(value: string): readonly string[] {
  const plain = value.trim();
  return [plain, JSON.stringify(plain).slice(1, -1), encodeURIComponent(plain.toWellFormed())];
}

function withoutBeginning(text: string, value: string): string {
  const end = text.endsWith('…') ? text.length - 1 : text.length;
  const start = value.slice(0, TELLING);
  for (let at = Math.max(0, end - value.length + 1); (at = text.indexOf(start, at)) >= 0; at += 1) {
    if (at + TELLING > end) break;
    if (value.startsWith(text.slice(at, end))) return `${text.slice(0, at)}${REDACTED}${text.slice(end)}`;
  }
  return text;
}
