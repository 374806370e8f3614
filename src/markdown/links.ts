const SCHEMES = new Set(['http:', 'https:']);

/** The URL as it may be opened with a tap, or undefined: a file's path, a script, a scheme of some program or of Telegram's own. */
export function tappableUrl(href: string): string | undefined {
  const trimmed = href.trim();
  const url = URL.parse(trimmed);
  if (url === null || !SCHEMES.has(url.protocol)) return undefined;
  if (url.host === '') return undefined;
  return /[\s\p{Cc}]/u.test(trimmed) ? url.href : trimmed;
}

const BARE_URL = /^(?:https?:\/\/|www\.)[\p{L}\p{N}][^\s<>"`\u3000-\u303f\uff00-\uff0f]*/iu;

/**
 * The URL that a text begins with, as people write it in a sentence: without the punctuation after it, and
 * without a closing bracket that was opened before it.
 */
export function leadingUrl(text: string): string | undefined {
  const found = BARE_URL.exec(text)?.[0];
  if (found === undefined) return undefined;
  let unclosed = count(found, '(') - count(found, ')');
  let end = found.length;
  for (; end > 0; end -= 1) {
    const last = found[end - 1] ?? '';
    if (last === ')') {
      if (unclosed >= 0) break;
      unclosed += 1;
    } else if (last === '(') {
      unclosed -= 1;
    } else if (!`?!.,:;*_'~[]`.includes(last)) break;
  }
  const url = found.slice(0, end);
  return BARE_URL.test(url) ? url : undefined;
}

function count(text: string, character: string): number {
  let found = 0;
  for (const each of text) if (each === character) found += 1;
  return found;
}
