import { displayWidth } from '../src/markdown/display-width.ts';
import { escaped } from './picture-text.ts';

const CELL = 8.4;
const LINE = 20;
const COLUMNS = 80;
const WIDE = /\p{Emoji_Presentation}/u;

const STYLE = `
  text { font: 14px ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #24292f; white-space: pre }
  .page { fill: #f6f8fa; stroke: #d0d7de } .added { fill: #116329 } .dim { fill: #6e7781 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .page { fill: #161b22; stroke: #30363d } .added { fill: #7ee787 } .dim { fill: #8b949e }
  }`;

/** Lines as a terminal of 80 columns shows them. */
export function drawTerminal(lines: readonly string[]): string {
  const [width, height] = [COLUMNS * CELL + 32, lines.length * LINE + 28];
  const rows = lines.map((line, index) => row(line, 30 + index * LINE));
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const page = `<rect class="page" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`;
  const parts = [page, ...rows.filter((text) => text !== '')];
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">\n<style>${STYLE}\n</style>\n${parts.join('\n')}\n</svg>\n`;
}

function row(line: string, y: number): string {
  const style = /^\+(?!\+\+)/.test(line) ? 'added' : /^(?:⋯|@@|\+\+\+|---)/.test(line) ? 'dim' : '';
  return cells(line)
    .map(({ text, column, width }) => {
      const place = `x="${round(16 + column * CELL)}" y="${y}" textLength="${round(width * CELL)}"`;
      const how = 'lengthAdjust="spacingAndGlyphs" xml:space="preserve"';
      return `<text class="${style}" ${place} ${how}>${escaped(text)}</text>`;
    })
    .join('');
}

type Cells = { readonly text: string; readonly column: number; readonly width: number };

/** Parted at wide characters, so that every column stands where it belongs, whatever the font makes of them. */
function cells(line: string): readonly Cells[] {
  const parts: Cells[] = [];
  let column = 0;
  for (const [text] of line.matchAll(/\p{Emoji_Presentation}|(?:(?!\p{Emoji_Presentation})[^])+/gu)) {
    const isWide = WIDE.test(text);
    const width = isWide ? 2 : displayWidth(text);
    const indent = isWide ? 0 : text.length - text.trimStart().length;
    const word = text.trim();
    const inked = isWide ? 2 : displayWidth(word);
    if (word !== '') parts.push({ text: word, column: column + indent, width: inked });
    column += width;
  }
  return parts;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
