/** On one line, at most `most` UTF-16 units, never half a character; with an ellipsis where something was left out. */
export function clip(text: string, most = 120): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= most) return line;
  // A cut pair leaves a lone half, which toWellFormed turns into U+FFFD.
  const cut = line
    .slice(0, most - 1)
    .toWellFormed()
    .replace(/\uFFFD$/u, '');
  return `${cut}…`;
}
