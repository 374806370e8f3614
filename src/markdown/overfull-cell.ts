/**
 * The last cell of a table's row that has more cells than the table has columns, with all that is too much in it;
 * undefined for any other row. GitHub drops what is too much (GFM specification, "Tables"), but mostly it is the
 * rest of a command with a pipe that was not escaped.
 */
export function overfullCell(row: string, columns: number): string | undefined {
  const cells = splitCells(row);
  return cells.length > columns ? cells.slice(columns - 1).join(' | ') : undefined;
}

function splitCells(row: string): readonly string[] {
  const cells = [''];
  for (const piece of row.trim().match(/\\.?|\||[^\\|]+/gs) ?? []) {
    if (piece === '|') cells.push('');
    else cells[cells.length - 1] += piece === '\\|' ? '|' : piece;
  }
  if (cells[0]?.trim() === '') cells.shift();
  if (cells.at(-1)?.trim() === '') cells.pop();
  return cells.map((cell) => cell.trim());
}
