import { programName } from '../shell/normal-form.ts';
import type { Word } from '../types.ts';
import { globPiece } from './glob-source.ts';
import { compilePattern } from './pattern.ts';
import type { Pattern } from './pattern.ts';

/** Words as a rule writes them: `git push`, `npm run *`, `cargo build **`. */
export type CommandShape = { readonly source: string; readonly matches: (argv: readonly Word[]) => boolean };

/** `text` undefined: one word, whatever it says. */
type Slot = { readonly isOption: boolean; readonly text: string | Pattern | undefined };

/**
 * Compiles one entry of `commands`. `*` is one word, or any part of one (`test:*`); `**` at the end is any rest.
 *
 * A rule that allows (`isExact`) means these words and no others, of the system's own program. One that asks or
 * denies also means the words with more behind them, with options in between (`git -C x push`), and any program
 * of that name, so that it can't be got round by spelling.
 *
 * A word that is one of a few (a loop's variable) fits where all of them do, in a rule that allows; where one of them
 * does, in the others.
 * @throws Error with one sentence about what is wrong with the shape.
 */
export function compileShape(source: string, isExact: boolean): CommandShape {
  const words = source.trim().split(/\s+/);
  const isOpen = words.at(-1) === '**';
  if (isOpen) words.pop();
  const [program] = words;
  if (program === undefined || program === '') throw new Error('a command such as git push');
  if (words.includes('**')) throw new Error('** only at the end');
  if (program.includes('/')) throw new Error('the name of a program, without its folder');
  if (isExact && program.includes('*')) throw new Error('the name of a program first, in a rule that allows');
  const slots = words.map((word) => slotOf(word));
  const isPrefix = isOpen || !isExact;
  const [first] = slots;
  return {
    source,
    matches: (argv) => {
      // Most rules are about other programs.
      const [program] = argv;
      if (first === undefined || program === undefined) return false;
      if (!fits(first, textsOf(program, 0, isExact), isExact)) return false;
      const words = argv.map((word, index) => textsOf(word, index, isExact));
      return matchFrom(slots, words, { isPrefix, isExact });
    },
  };
}

function slotOf(word: string): Slot {
  const isOption = word.startsWith('-');
  if (word === '*') return { isOption, text: undefined };
  return { isOption, text: word.includes('*') ? compilePattern(`(?s)^${globPiece(word)}$`) : word };
}

/** What a word may say. Undefined for what can't be known, which only `*` stands for. */
type Texts = readonly string[] | undefined;

function textsOf(word: Word, index: number, isExact: boolean): Texts {
  const values = word.kind === 'static' ? [word.value] : word.values;
  if (values === undefined || values.length === 0) return undefined;
  // One that may be several words, or none, is not the one that the rule means.
  if (isExact && word.kind === 'unknown' && word.isOne !== true) return undefined;
  return index === 0 ? values.map((value) => nameOf(value, isExact)) : values;
}

function nameOf(program: string, isExact: boolean): string {
  return isExact ? programName(program) : program.slice(program.lastIndexOf('/') + 1);
}

type Reading = { readonly isPrefix: boolean; readonly isExact: boolean };

/**
 * Follows all ways to lay the slots over the words at once: `reached` holds how many words may be used up. Time
 * grows with slots times words.
 */
function matchFrom(slots: readonly Slot[], words: readonly Texts[], { isPrefix, isExact }: Reading): boolean {
  let reached = new Set([0]);
  for (const [index, slot] of slots.entries()) {
    const starts = !isExact && index > 0 && !slot.isOption ? withoutOptions(reached, words) : reached;
    const next = new Set<number>();
    for (const start of starts)
      if (start < words.length && fits(slot, words[start], isExact)) next.add(start + 1);
    if (next.size === 0) return false;
    reached = next;
  }
  return isPrefix || reached.has(words.length);
}

/** The places behind options, each of which may have taken the word after it as its value. */
function withoutOptions(from: ReadonlySet<number>, words: readonly Texts[]): Set<number> {
  const places = new Set(from);
  // A set hands out what is added while it is walked.
  for (const place of places) {
    if (words[place]?.some((text) => text.startsWith('-')) !== true) continue;
    places.add(place + 1);
    if (place + 1 < words.length) places.add(place + 2);
  }
  return places;
}

function fits({ text }: Slot, texts: Texts, isExact: boolean): boolean {
  if (text === undefined) return true;
  if (texts === undefined) return false;
  const fitsOne = (one: string): boolean => (typeof text === 'string' ? text === one : text.test(one));
  return isExact ? texts.every(fitsOne) : texts.some(fitsOne);
}
