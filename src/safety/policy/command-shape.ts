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
  return {
    source,
    matches: (argv) => {
      const texts = argv.map((word, index) => textOf(word, index, isExact));
      return matchFrom(slots, texts, { isPrefix, skipsOptions: !isExact });
    },
  };
}

function slotOf(word: string): Slot {
  const isOption = word.startsWith('-');
  if (word === '*') return { isOption, text: undefined };
  return { isOption, text: word.includes('*') ? compilePattern(`(?s)^${globPiece(word)}$`) : word };
}

/** Undefined for what can't be known, which only `*` stands for. */
function textOf(word: Word, index: number, isExact: boolean): string | undefined {
  if (word.kind === 'unknown') return undefined;
  if (index > 0) return word.value;
  return isExact ? programName(word.value) : word.value.slice(word.value.lastIndexOf('/') + 1);
}

type Reading = { readonly isPrefix: boolean; readonly skipsOptions: boolean };

/**
 * Follows all ways to lay the slots over the words at once: `reached` holds how many words may be used up. Time
 * grows with slots times words.
 */
function matchFrom(
  slots: readonly Slot[],
  words: readonly (string | undefined)[],
  { isPrefix, skipsOptions }: Reading,
): boolean {
  let reached = new Set([0]);
  for (const [index, slot] of slots.entries()) {
    const starts = skipsOptions && index > 0 && !slot.isOption ? withoutOptions(reached, words) : reached;
    const next = new Set<number>();
    for (const start of starts) if (fits(slot, words, start)) next.add(start + 1);
    if (next.size === 0) return false;
    reached = next;
  }
  return isPrefix || reached.has(words.length);
}

/** The places behind options, each of which may have taken the word after it as its value. */
function withoutOptions(from: ReadonlySet<number>, words: readonly (string | undefined)[]): Set<number> {
  const places = new Set(from);
  // A set hands out what is added while it is walked.
  for (const place of places) {
    if (words[place]?.startsWith('-') !== true) continue;
    places.add(place + 1);
    if (place + 1 < words.length) places.add(place + 2);
  }
  return places;
}

function fits({ text }: Slot, words: readonly (string | undefined)[], place: number): boolean {
  if (place >= words.length) return false;
  if (text === undefined) return true;
  const word = words[place];
  if (word === undefined) return false;
  return typeof text === 'string' ? text === word : text.test(word);
}
