/** No known word is longer; what is, is not compared, so that a huge name costs nothing. */
const LONGEST_WORD = 64;

/**
 * The known word that was most likely meant, or undefined when none is close. Upper and lower case count the
 * same. Of equally close words the first one wins; a known word that contains the whole of `word` comes last.
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  if (wanted.length === 0 || wanted.length > LONGEST_WORD) return undefined;
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    const farthest = Math.floor(Math.max(wanted.length, candidate.length) * 0.4);
    if (distance <= farthest && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  if (best !== undefined || wanted.length < 3) return best;
  return known.find((candidate) => candidate.toLowerCase().includes(wanted));
}

/**
 * How many characters must be inserted, deleted, replaced or swapped with their neighbour to get from `from`
 * to `to` (optimal string alignment). Time and space grow with the product of the lengths.
 */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      let cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (isSame ? 0 : 1),
      );
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (row > 1 && column > 1 && isSwapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
