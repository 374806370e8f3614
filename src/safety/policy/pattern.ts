import { RE2JS, RE2JSException } from 're2js';
import { messageOf } from '../../errors.ts';

/** A user's regular expression: found anywhere in a text, in time that grows only with its length. */
export type Pattern = { readonly source: string; readonly test: (text: string) => boolean };

/**
 * Compiles a pattern as policy files write them: Python's `re` syntax as far as RE2 has it.
 * @throws Error with one sentence about what RE2 can't take.
 */
export function compilePattern(source: string): Pattern {
  try {
    const compiled = RE2JS.compile(fromPython(source));
    return { source, test: (text) => compiled.test(text) };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new Error(explain(source, messageOf(error)), { cause: error });
  }
}

/** Python writes some things otherwise than RE2 does; the meaning is the same. */
function fromPython(source: string): string {
  return source.replaceAll(/\\Z|\\u([0-9A-Fa-f]{4})|\\[\s\S]|\{,(?=\d+\})/g, (found, code?: string) => {
    if (code !== undefined) return String.raw`\x{${code}}`;
    if (found === String.raw`\Z`) return String.raw`\z`;
    return found === '{,' ? '{0,' : found;
  });
}

function explain(source: string, message: string): string {
  const what = message.replace(/^error parsing regexp: /, '').replaceAll(/\s+/g, ' ');
  if (/\(\?<?[=!]/.test(source))
    return 'a pattern without look-ahead or look-behind, which can take for ever';
  if (/\\[1-9]/.test(source)) return 'a pattern without back-references, which can take for ever';
  return `a regular expression that RE2 takes (${what})`;
}
