import type { Word } from '../types.ts';

/** A command line taken apart, for programs whose words need more than a table: SQL, URLs. */
export type ParsedOptions = {
  readonly operands: readonly string[];
  /** Values by the option's name; a flag has the empty text. In the order in which they stood. */
  readonly options: readonly { readonly name: string; readonly value: string }[];
  /** Options that are not listed, and values that are missing. */
  readonly unlisted: readonly string[];
};

export type OptionNames = {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
  /** `-p` or `-psecret`: never the next word. */
  readonly attached?: ReadonlySet<string>;
};

/** Options may stand anywhere; `--` ends them. A word that can't be known is the empty text. */
export function parseOptions(words: readonly Word[], names: OptionNames): ParsedOptions {
  const operands: string[] = [];
  const options: { name: string; value: string }[] = [];
  const unlisted: string[] = [];
  const texts = words.map((word) => (word.kind === 'static' ? word.value : ''));
  for (let index = 0; index < texts.length; index += 1) {
    const text = texts[index] ?? '';
    if (text === '--') {
      operands.push(...texts.slice(index + 1));
      break;
    }
    if (!text.startsWith('-') || text === '-') {
      operands.push(text);
      continue;
    }
    const found = splitOption(text, names);
    for (const name of found.flags) options.push({ name, value: '' });
    if (found.unlisted !== undefined) unlisted.push(found.unlisted);
    if (found.option === undefined) continue;
    const value = found.value ?? texts[(index += 1)];
    if (value === undefined) unlisted.push(text);
    else options.push({ name: found.option, value });
  }
  return { operands, options, unlisted };
}

type SplitOption = {
  readonly flags: readonly string[];
  readonly option?: string;
  readonly value?: string;
  readonly unlisted?: string;
};

/** `--name=value`, `-name`, and `-tAc value` in one word. */
function splitOption(text: string, { flags, values, attached }: OptionNames): SplitOption {
  if (flags.has(text)) return { flags: [text] };
  if (values.has(text)) return { flags: [], option: text };
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  if (equals >= 0 && values.has(name)) return { flags: [], option: name, value: text.slice(equals + 1) };
  if (text.startsWith('--')) return { flags: [], unlisted: text };
  const before: string[] = [];
  for (let index = 1; index < text.length; index += 1) {
    const letter = `-${text[index]}`;
    const rest = text.slice(index + 1);
    if (attached?.has(letter) === true) return { flags: before, option: letter, value: rest };
    if (values.has(letter)) {
      return rest === '' ? { flags: before, option: letter } : { flags: before, option: letter, value: rest };
    }
    if (!flags.has(letter)) return { flags: before, unlisted: text };
    before.push(letter);
  }
  return { flags: before };
}
