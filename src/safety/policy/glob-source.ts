const TOKEN = /\/\*\*(?=\/)|\/\*\*$|\*\*|[*?{},]|\[[!^]?[^\][/\\]+\]|\\[\s\S]|[\s\S]/gu;

/**
 * A path glob as the source of a regular expression, to be anchored at both ends. `*` and `?` stay within one name,
 * `/**` is any number of folders (at the end: the folder itself and all below it), `{a,b}` either, `[a-z]` one
 * character. Names that begin with a dot are names like any others.
 * @throws Error with one sentence when a brace is not closed.
 */
export function globSource(glob: string): string {
  let depth = 0;
  const source = glob.replaceAll(TOKEN, (token, offset: number) => {
    if (token === '/**') return offset + token.length === glob.length ? '(?:/.*)?' : '(?:/[^/]+)*';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token === '{') depth += 1;
    if (token === '{') return '(?:';
    if (token === '}' && depth > 0) {
      depth -= 1;
      return ')';
    }
    if (token === ',' && depth > 0) return '|';
    if (token.startsWith('[') && token.length > 1) return token.replace(/^\[!/, '[^');
    return quoted(token.startsWith('\\') && token.length > 1 ? token.slice(1) : token);
  });
  if (depth > 0) throw new Error('a pattern in which each { is closed');
  return source;
}

/** A text in which only `*` is special, as the source of a regular expression: any characters. */
export function globPiece(text: string): string {
  return text
    .split('*')
    .map((part) => quoted(part))
    .join('.*');
}

function quoted(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
