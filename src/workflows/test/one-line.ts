// Control characters, line ends of every kind, and what turns the order of letters round or hides.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu;

/** Text of the project as it may stand in a sentence: on one line, without what can't be seen, at most so many UTF-16 units. */
export function oneLine(text: string, longest = 200): string {
  // What is cut off anyway need not be looked at.
  const line = text
    .slice(0, longest * 4)
    .replaceAll(UNSEEN, ' ')
    .trim();
  return line.length <= longest ? line.toWellFormed() : `${line.slice(0, longest - 1)}…`.toWellFormed();
}
