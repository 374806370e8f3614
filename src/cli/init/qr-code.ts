import { encode } from 'uqr';

/** What the terminal can show. */
export type ScreenSize = { readonly columns: number; readonly rows: number };

/** White around the code, in modules: less than the standard's four, which every phone forgives. */
const BORDER = 2;
/** Lines below the code that must stay in sight: the link, and the question under it. */
const LINES_BELOW = 5;
const GAP = 2;
/** Narrower than this, words beside the code would be a column of syllables. */
const LEAST_BESIDE = 28;

// Black on white whatever the terminal's own colours are: the two corners of the 256-colour cube.
const BLACK_ON_WHITE = '\u001b[38;5;16;48;5;231m';
const RESET = '\u001b[0m';

/**
 * The lines of a QR code, two modules a character, with `beside` to its right where there is room.
 * Undefined where it does not fit together with what stands below it.
 */
export function qrLines(
  link: string,
  { columns, rows }: ScreenSize,
  beside: readonly string[],
): readonly string[] | undefined {
  const { data, size } = encode(link, { ecc: 'L', boostEcc: false, border: BORDER });
  const height = Math.ceil(size / 2);
  if (columns < size || rows < height + LINES_BELOW) return undefined;
  const room = columns - size - GAP;
  const words = room < LEAST_BESIDE ? [] : beside.flatMap((line) => wrap(line, room));
  return Array.from({ length: height }, (_, row) => {
    const upper = data[2 * row] ?? [];
    // Below the last row of an odd number there is white.
    const lower = data[2 * row + 1] ?? [];
    const cells = upper.map((isDark, column) => cell(isDark, lower[column] ?? false)).join('');
    const word = words[row - 1];
    return `${BLACK_ON_WHITE}${cells}${RESET}${word === undefined || word === '' ? '' : ' '.repeat(GAP) + word}`;
  });
}

/** Ink is dark, paper is white. */
function cell(isUpperDark: boolean, isLowerDark: boolean): string {
  if (isUpperDark) return isLowerDark ? '█' : '▀';
  return isLowerDark ? '▄' : ' ';
}

function wrap(line: string, room: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > room) {
      lines.push(current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current];
}

/** Whether the terminal takes characters beyond ASCII (POSIX, "Locale": the first of these that is set counts). */
export function isUtf8(environment: Readonly<Record<string, string | undefined>>): boolean {
  const locale = [environment['LC_ALL'], environment['LC_CTYPE'], environment['LANG']].find(
    (value) => value !== undefined && value !== '',
  );
  return locale !== undefined && /utf-?8/i.test(locale);
}
