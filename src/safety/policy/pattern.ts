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
    const starts = startsOf(source);
    if (starts === undefined) return { source, test: (text) => compiled.test(text) };
    return {
      source,
      test: (text) => starts.some((start) => text.startsWith(start)) && compiled.test(text),
    };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new Error(explain(source, messageOf(error)), { cause: error });
  }
}

/**
 * The texts with one of which everything begins that a pattern fits: `rm` for `^rm( .*)?`, `a` and `b` for
 * `^(a|b) x`; undefined where that can't be seen at a glance. Most commands are ruled out by that alone.
 */
function startsOf(source: string): readonly string[] | undefined {
  const [whole, list, literal] = /^\^(?:\(([\w-]+(?:\|[\w-]+)*)\)|([\w-]+(?: [\w-]+)*))/.exec(source) ?? [];
  if (whole === undefined || source.includes('\\Q') || hasChoices(source)) return undefined;
  const isRepeated = /[?*+{]/.test(source[whole.length] ?? '');
  if (list !== undefined) return isRepeated ? undefined : list.split('|');
  const start = isRepeated ? literal?.slice(0, -1) : literal;
  return start === undefined || start === '' ? undefined : [start];
}

/** Whether a `|` stands outside of all brackets, so that the pattern is several. */
function hasChoices(source: string): boolean {
  const bare = source.replaceAll(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]/g, '');
  let depth = 0;
  for (const character of bare) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === '|' && depth === 0) return true;
  }
  return false;
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
