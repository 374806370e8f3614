/** UTF-16 units, and lines. */
const LONGEST = 240;
const MOST_LINES = 3;
/** What stands in its line before the first word that was looked for. */
const LEAD = 60;

/** How a text begins; or, where none of `words` stands there, what stands around the first of them. */
export function excerpt(text: string, words: readonly string[] = []): string {
  const whole = text.trim().replaceAll(/\n{2,}/g, '\n');
  const start = startOf(whole, words);
  const lines = whole.slice(start).split('\n');
  const shown = lines.slice(0, MOST_LINES).join('\n');
  const clipped = shown.slice(0, LONGEST);
  const isCut = lines.length > MOST_LINES || clipped.length < shown.length;
  // A cut may have gone through a surrogate pair.
  return `${start > 0 ? '… ' : ''}${clipped.toWellFormed()}${isCut ? ' …' : ''}`;
}

function startOf(text: string, words: readonly string[]): number {
  const lower = text.toLowerCase();
  const places = words.map((word) => lower.indexOf(word.toLowerCase())).filter((place) => place >= 0);
  if (places.length === 0) return 0;
  const first = Math.min(...places);
  const head = text
    .split('\n')
    .slice(0, MOST_LINES)
    .join('\n')
    .slice(0, LONGEST - LEAD);
  return first < head.length ? 0 : Math.max(first - LEAD, text.lastIndexOf('\n', first) + 1);
}
