import type { MessageEntity } from 'grammy/types';

/** A text as the Bot API has it: entities count UTF-16 units. */
export type Rich = { readonly text: string; readonly entities: readonly MessageEntity[] };

export type Run = { readonly text: string; readonly style: string };

/** The same with another folder in the place of the one that it was made in. */
export function withoutPlace({ text, entities }: Rich, from: string, to: string): Rich {
  const at = text.indexOf(from);
  if (at < 0) return { text, entities };
  const delta = to.length - from.length;
  const moved = entities.map((entity) => {
    const { offset, length } = entity;
    const isAround = offset <= at && offset + length >= at + from.length;
    return {
      ...entity,
      offset: offset > at ? offset + delta : offset,
      length: isAround ? length + delta : length,
    };
  });
  return withoutPlace({ text: text.replace(from, to), entities: moved }, from, to);
}

/** The lines of a text, each parted where its style changes; no line longer than a phone shows. */
export function linesOf(
  { text, entities }: Rich,
  widths: { plain: number; fixed: number },
): readonly Run[][] {
  const styleAt = (index: number): string =>
    entities
      .filter(({ offset, length }) => offset <= index && index < offset + length)
      .map(({ type }) => type)
      .join(' ');
  const lines: Run[][] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const isFixed = /pre/.test(styleAt(start));
    for (const [from, to] of wrapped(line, isFixed ? widths.fixed : widths.plain, isFixed)) {
      const runs: Run[] = [];
      let index = start + from;
      for (const char of line.slice(from, to)) {
        const style = styleAt(index);
        const last = runs.at(-1);
        if (last?.style === style) runs[runs.length - 1] = { text: last.text + char, style };
        else runs.push({ text: char, style });
        index += char.length;
      }
      lines.push(runs.length === 0 ? [{ text: '', style: styleAt(start) }] : runs);
    }
    start += line.length + 1;
  }
  return lines;
}

function wrapped(line: string, width: number, isFixed: boolean): readonly (readonly [number, number])[] {
  const parts: [number, number][] = [];
  let from = 0;
  while (line.length - from > width) {
    const blank = line.lastIndexOf(' ', from + width);
    const to = isFixed || blank <= from ? from + width : blank;
    parts.push([from, to]);
    from = isFixed || blank <= from ? to : to + 1;
  }
  return [...parts, [from, line.length]];
}

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
