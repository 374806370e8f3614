const MOST_WORDS = 200;

/** Text in which nothing but braces and globs means anything to bash. */
const PLAIN = /^[\w./,{}@:%+=*?-]*$/;

/**
 * The words that bash makes of an unquoted word with braces in it, or undefined when that is not certain here: only
 * plain characters, lists (`{a,b}`) and ascending or descending numbers (`{1..9}`) are.
 */
export function expandBraces(text: string): readonly string[] | undefined {
  if (!PLAIN.test(text) || text.length > 1000) return undefined;
  const words = expand(text);
  return words === undefined || words.length > MOST_WORDS ? undefined : words;
}

function expand(text: string): string[] | undefined {
  const open = text.indexOf('{');
  if (open < 0) return text.includes('}') ? undefined : [text];
  const body = bodyAt(text, open);
  if (body === undefined) return undefined;
  const choices = choicesOf(body);
  const tails = expand(text.slice(open + body.length + 2));
  if (choices === undefined || tails === undefined) return undefined;
  if (choices.length * tails.length > MOST_WORDS) return undefined;
  const head = text.slice(0, open);
  return choices.flatMap((choice) => tails.map((tail) => `${head}${choice}${tail}`));
}

/** What stands between the brace at `open` and the one that closes it. */
function bodyAt(text: string, open: number): string | undefined {
  let depth = 0;
  for (let index = open; index < text.length; index += 1) {
    if (text[index] === '{') depth += 1;
    if (text[index] === '}') depth -= 1;
    if (depth === 0) return text.slice(open + 1, index);
  }
  return undefined;
}

function choicesOf(body: string): string[] | undefined {
  const range = /^(\d{1,4})\.\.(\d{1,4})$/.exec(body);
  if (range !== null) return numbers(range[1] ?? '', range[2] ?? '');
  const parts = splitAtCommas(body);
  if (parts.length < 2) return undefined;
  const choices: string[] = [];
  for (const part of parts) {
    const inner = expand(part);
    if (inner === undefined) return undefined;
    choices.push(...inner);
  }
  return choices;
}

function numbers(from: string, to: string): string[] | undefined {
  // bash pads the numbers when one of them begins with 0.
  if (/^0\d/.test(from) || /^0\d/.test(to)) return undefined;
  const [start, end] = [Number(from), Number(to)];
  const length = Math.abs(end - start) + 1;
  if (length > MOST_WORDS) return undefined;
  return Array.from({ length }, (_, index) => String(start <= end ? start + index : start - index));
}

function splitAtCommas(body: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const character of body) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}
