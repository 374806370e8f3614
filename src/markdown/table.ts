import type { Tokens } from 'marked';
import { displayWidth } from './display-width.ts';
import { writeInlines } from './inlines.ts';
import { RichWriter } from './rich-writer.ts';

type Cell = { readonly text: string; readonly width: number };

// A longer cell sticks out of its column, so that one of them does not fill all the others with spaces.
const WIDEST_COLUMN = 60;
const SEPARATOR = ' │ ';
/** Spaces may make a table that many times longer than its source; beyond, its columns are not aligned. */
const MOST_PADDING = 8;

/** A table as lines of a fixed-width font. */
export function tableText(table: Tokens.Table): string {
  const rows = [table.header, ...table.rows].map((row) => row.map(readCell));
  const widths = table.header.map((_, column) =>
    Math.min(WIDEST_COLUMN, Math.max(3, ...rows.map((row) => row[column]?.width ?? 0))),
  );
  const lineWidth = widths.reduce((sum, width) => sum + width + SEPARATOR.length, 0);
  const isAligned = lineWidth * rows.length <= table.raw.length * MOST_PADDING + 10_000;
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (isAligned ? pad(cell, widths[column] ?? 0, table.align[column]) : cell.text))
      .join(SEPARATOR)
      .trimEnd(),
  );
  const rule = widths.map((width) => '─'.repeat(isAligned ? width : 3)).join('─┼─');
  return [lines[0] ?? '', rule, ...lines.slice(1)].join('\n');
}

function readCell(cell: Tokens.TableCell): Cell {
  const writer = new RichWriter();
  writeInlines(writer, cell.tokens);
  const text = writer.finish().text.replaceAll(/\s+/g, ' ');
  return { text, width: displayWidth(text) };
}

function pad(
  { text, width }: Cell,
  columnWidth: number,
  align: Tokens.TableCell['align'] | undefined,
): string {
  const missing = Math.max(0, columnWidth - width);
  const before = align === 'right' ? missing : align === 'center' ? Math.floor(missing / 2) : 0;
  return ' '.repeat(before) + text + ' '.repeat(missing - before);
}
