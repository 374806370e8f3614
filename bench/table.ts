import type { BenchResult, Figure, Target } from './bench.ts';

export const BEGIN =
  '<!-- figures: written by `npm run bench`; what stands between these two lines is not kept -->';
export const END = '<!-- end of the figures -->';

const HEAD = ['bench', 'figure', 'median', 'spread', 'target', ''];

/** The rows of the table, each as its cells. */
export function rowsOf(name: string, { figures }: BenchResult): readonly (readonly string[])[] {
  return figures.map((figure) => [
    name,
    figure.what.replaceAll('|', '\\|'),
    withUnit(figure.value, figure),
    spreadOf(figure),
    figure.target === undefined ? '' : targetOf(figure.target, figure),
    figure.target === undefined ? '' : meets(figure.value, figure.target) ? '✓' : '✗',
  ]);
}

/** A number that is not one meets nothing. */
export function meets(value: number, target: Target): boolean {
  return 'most' in target ? value <= target.most : value >= target.least;
}

export function tableOf(rows: readonly (readonly string[])[]): string {
  const all = [HEAD, ...rows];
  const widths = HEAD.map((_, column) => Math.max(3, ...all.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(HEAD), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/**
 * The page with these rows in place of those it had of the same benches; rows of other benches and the text around
 * stay. `machine`: lines above the table.
 * @throws Error when the page lacks the two lines between which the table belongs.
 */
export function withTable(
  page: string,
  {
    machine,
    rows,
    order,
  }: {
    readonly machine: string;
    readonly rows: readonly (readonly string[])[];
    /** The benches that there are, as they are to stand; rows of any other go. */
    readonly order: readonly string[];
  },
): string {
  const [before, rest] = partsOf(page, BEGIN);
  const [old, after] = partsOf(rest, END);
  const fresh = new Set(rows.map(([name]) => name));
  const kept = readRows(old).filter(([name]) => !fresh.has(name));
  const all = order.flatMap((bench) => [...rows, ...kept].filter(([name]) => name === bench));
  return `${before}${BEGIN}\n\n${machine}\n\n${tableOf(all)}\n\n${END}${after}`;
}

function readRows(text: string): readonly (readonly string[])[] {
  const lines = text.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(2).map((line) =>
    line
      .slice(1, line.lastIndexOf('|'))
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
}

function partsOf(text: string, line: string): readonly [string, string] {
  const at = text.indexOf(line);
  if (at < 0) throw new Error(`the page lacks the line ${line}`);
  return [text.slice(0, at), text.slice(at + line.length)];
}

function spreadOf({ spread, unit }: Figure): string {
  if (spread === undefined) return '';
  return `${rounded(spread.from)} to ${withUnit(spread.to, { unit })}, ${spread.of}`;
}

function targetOf(target: Target, figure: Pick<Figure, 'unit'>): string {
  return 'most' in target ? `≤ ${withUnit(target.most, figure)}` : `≥ ${withUnit(target.least, figure)}`;
}

function withUnit(value: number, { unit }: Pick<Figure, 'unit'>): string {
  if (unit === '/s') return `${rounded(value)}/s`;
  return unit === '' ? rounded(value) : `${rounded(value)} ${unit}`;
}

/** Three figures that count, and thousands parted. */
export function rounded(value: number): string {
  if (!Number.isFinite(value)) return '?';
  const most = Math.abs(value);
  if (most >= 1000) return Math.round(value).toLocaleString('en-US');
  const digits = most >= 100 || value === 0 ? 0 : most >= 10 ? 1 : most >= 1 ? 2 : 3;
  return String(Number(value.toFixed(digits)));
}
