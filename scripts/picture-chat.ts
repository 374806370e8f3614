import { escaped, linesOf, type Rich, type Run } from './picture-text.ts';

export type Bubble = Rich & {
  readonly from: 'person' | 'bot';
  readonly buttons: readonly (readonly string[])[];
};

const WIDTH = 400;
const BUBBLE = 360;
const LINE = 19;
const BUTTON = 34;
const WIDTHS = { plain: 46, fixed: 45 };

// An image sees the reader's colour scheme, not the page's: it brings its own background for both.
const STYLE = `
  text { font: 14px -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; fill: #111; white-space: pre }
  .pre, .code { font: 12.5px ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace }
  .bold { font-weight: 600 } .italic { font-style: italic }
  .added { fill: #116329 } .removed { fill: #a40e26 }
  .page { fill: #dfe6ec } .bot { fill: #fff } .person { fill: #d9f4c7 }
  .button { fill: #c3d0da } .label { text-anchor: middle; font-weight: 500 }
  @media (prefers-color-scheme: dark) {
    text { fill: #eee } .added { fill: #7ee787 } .removed { fill: #ff9492 }
    .page { fill: #0e1621 } .bot { fill: #182533 } .person { fill: #2b5278 } .button { fill: #2a3b4c }
  }`;

/** A chat as a phone shows it. */
export function drawChat(bubbles: readonly Bubble[]): string {
  let y = 14;
  const drawn: string[] = [];
  for (const bubble of bubbles) {
    const lines = linesOf(bubble, WIDTHS);
    const isPerson = bubble.from === 'person';
    const longest = Math.max(...lines.map((runs) => runs.reduce((sum, { text }) => sum + text.length, 0)));
    const width = longest > 40 || bubble.buttons.length > 0 ? BUBBLE : longest * 7.4 + 24;
    const x = isPerson ? WIDTH - width - 14 : 14;
    const height = lines.length * LINE + 16;
    drawn.push(box(bubble.from, { x, y, width, height }));
    lines.forEach((runs, index) => drawn.push(row(runs, x + 12, y + 22 + index * LINE)));
    y += height + 6;
    for (const buttons of bubble.buttons) {
      const each = (BUBBLE - 6 * (buttons.length - 1)) / buttons.length;
      buttons.forEach((label, index) => {
        const left = 14 + index * (each + 6);
        drawn.push(box('button', { x: left, y, width: each, height: BUTTON }));
        drawn.push(`<text class="label" x="${left + each / 2}" y="${y + 22}">${escaped(label)}</text>`);
      });
      y += BUTTON + 6;
    }
    y += 6;
  }
  const size = `width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}"`;
  const page = `<rect class="page" width="${WIDTH}" height="${y}" rx="12"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">\n<style>${STYLE}\n</style>\n${[page, ...drawn].join('\n')}\n</svg>\n`;
}

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

function box(style: string, { x, y, width, height }: Box): string {
  return `<rect class="${style}" x="${x}" y="${y}" width="${width}" height="${height}" rx="9"/>`;
}

function row(runs: readonly Run[], x: number, y: number): string {
  const first = runs[0];
  const isDiff = first !== undefined && /pre/.test(first.style) && !/^(?:\+\+\+|---)/.test(first.text);
  const tint = !isDiff ? '' : ({ '+': ' added', '-': ' removed' }[first.text.charAt(0)] ?? '');
  const spans = runs.map(({ text, style }) => `<tspan class="${style}${tint}">${escaped(text)}</tspan>`);
  return `<text x="${x}" y="${y}" xml:space="preserve">${spans.join('')}</text>`;
}
