import { normalForm } from '../shell/normal-form.ts';
import type { SimpleCommand, Word } from '../types.ts';

// A loop has 200 values at most.
const MOST_FORMS = 256;
/** Of all forms together: each is held against every pattern. */
const MOST_WORDS = 50_000;

/**
 * What patterns are held against: the command's normal form, and that of each command it becomes where words are one
 * of a few, a loop's variable; undefined when these are too many.
 */
export function formsOf({ argv, normalForm: own }: SimpleCommand): readonly string[] | undefined {
  if (!argv.some((word) => valuesOf(word) !== undefined)) return [own];
  let forms: (readonly Word[])[] = [argv];
  for (const [index, word] of argv.entries()) {
    const values = valuesOf(word);
    if (values === undefined) continue;
    const count = forms.length * values.length;
    if (count > MOST_FORMS || count * argv.length > MOST_WORDS) return undefined;
    const words = values.map((value): Word => ({ kind: 'static', value, text: word.text }));
    forms = forms.flatMap((form) => words.map((next) => form.with(index, next)));
  }
  return forms.map((form) => normalForm(form));
}

function valuesOf(word: Word): readonly string[] | undefined {
  return word.kind === 'unknown' ? word.values : undefined;
}
