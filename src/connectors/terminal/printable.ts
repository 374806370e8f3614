// Control characters, format characters (bidirectional overrides, zero-width, tags), line separators, half pairs.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

// The joiners are parts of ordinary words and emoji.
const HARMLESS = new Set(['\n', '\t', '\u200c', '\u200d']);

/**
 * Makes text of any origin safe to print: a terminal would obey an escape sequence, and hide or reorder what
 * format characters tell it to. They are shown instead (`␛`, `<U+202E>`); only newline and tab stay.
 */
export function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(UNSEEN, (char) => (HARMLESS.has(char) ? char : shown(char)));
}

function shown(char: string): string {
  const point = char.codePointAt(0) ?? 0;
  if (point < 0x20) return String.fromCodePoint(0x2400 + point);
  if (point === 0x7f) return '\u2421';
  if (point >= 0xd800 && point <= 0xdfff) return '\ufffd';
  return `<U+${point.toString(16).toUpperCase().padStart(4, '0')}>`;
}

const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u;

/** One line of at most `cells` terminal cells, with `…` where it was cut. */
export function clip(text: string, cells: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  let used = 0;
  let kept = '';
  for (const char of line) {
    used += WIDE.test(char) ? 2 : 1;
    if (used >= cells && kept.length + char.length < line.length) return `${kept}…`;
    kept += char;
  }
  return kept;
}
