/** Git's own length of a marker; `conflict-marker-size` in .gitattributes can set another (gitattributes(5)). */
const MARKER_SIZE = 7;

/**
 * How many conflicts are marked in a text: begun with `<<<<<<<`, or ended with `>>>>>>>` without a beginning. A line of
 * `=======` alone is no marker: it underlines headings, too.
 */
export function countConflicts(text: string, size = MARKER_SIZE): number {
  const begin = '<'.repeat(size);
  const end = '>'.repeat(size);
  let count = 0;
  let isOpen = false;
  for (const line of text.split(/\r?\n/)) {
    if (isMarker(line, begin)) {
      count += 1;
      isOpen = true;
    } else if (isMarker(line, end)) {
      if (!isOpen) count += 1;
      isOpen = false;
    }
  }
  return count;
}

function isMarker(line: string, marker: string): boolean {
  return line === marker || line.startsWith(`${marker} `);
}
