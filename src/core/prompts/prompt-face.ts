import { concat, join } from '../../util/rich-text.ts';
import type { RichText } from '../../util/rich-text.ts';
import type { Person, PersonId } from '../ports/chat.ts';
import type { PromptChoice } from '../ports/connector.ts';
import type { PromptOption, PromptRequest } from './prompt-request.ts';

/** Which of a question's buttons are to be seen now. */
export type PromptFace = {
  readonly menu?: string | undefined;
  /** Tapped once, and to be tapped again by the same person. */
  readonly confirming?: { readonly choice: string; readonly by: PersonId } | undefined;
  /** The button that answers several questions. */
  readonly together?: { readonly id: string; readonly count: number } | undefined;
  /** The choices that are ticked, in their order. */
  readonly picked?: readonly string[] | undefined;
};

export type TapReading =
  | {
      readonly kind: 'answer';
      readonly choice: PromptChoice;
      readonly picked?: readonly string[] | undefined;
    }
  | { readonly kind: 'together' }
  | { readonly kind: 'turned'; readonly face: PromptFace; readonly notice?: string | undefined }
  /** That button is not there, or not any more. */
  | { readonly kind: 'outdated' };

/** About as many characters as fit on a button that takes a phone's whole width. */
const LONGEST_ON_A_BUTTON = 32;
const BACK: PromptChoice = { id: 'back', label: '← Back', key: 'b' };
const DONE: PromptChoice = { id: 'done', label: '✅ Done', key: 'd' };
const NONE: PromptChoice = { ...DONE, label: '✖️ None of them' };
// Another id than the first tap's, so that a finger that hits twice confirms nothing.
const sure = (id: string): string => `sure-${id}`;

/** The buttons as they are shown now. */
export function choicesNow(request: PromptRequest, face: PromptFace): readonly PromptChoice[] {
  if (request.isMultiple === true) return ticksNow(request, face);
  const shown = optionsOf(request, face).map(({ id, label, key, confirm }) =>
    confirm !== undefined && face.confirming?.choice === id
      ? { id: sure(id), label: confirm, key: 'yes' }
      : { id, label, key },
  );
  if (face.menu !== undefined) return [...shown, BACK];
  const { together } = request;
  if (!together || !face.together) return shown;
  return [...shown, { id: face.together.id, label: together.label(face.together.count), key: 'a' }];
}

/** The question as it is shown now: an open menu stands in it in full, since a phone cuts what is long on a button. */
export function bodyNow(request: PromptRequest, face: PromptFace): RichText {
  if (face.menu === undefined) return request.body;
  const lines = optionsOf(request, face).map(({ label }) => label);
  return lines.some((label) => label.length > LONGEST_ON_A_BUTTON)
    ? concat(request.body, '\n\n', join(lines, '\n'))
    : request.body;
}

/** What a tap on one of the buttons means; only what is to be seen now can be tapped. */
export function readTap(
  request: PromptRequest,
  face: PromptFace,
  { choice: id, person }: { readonly choice: string; readonly person: Person },
): TapReading {
  const { together } = face;
  if (!choicesNow(request, face).some((choice) => choice.id === id)) return { kind: 'outdated' };
  if (request.isMultiple === true) return readTick(request, face, id);
  if (face.menu === undefined && together?.id === id) return { kind: 'together' };
  if (face.menu !== undefined && id === BACK.id) return { kind: 'turned', face: { together } };
  for (const option of optionsOf(request, face)) {
    if (option.id === id) return readFirst(option, face, person);
    if (sure(option.id) !== id) continue;
    if (face.confirming?.by === person.id) return { kind: 'answer', choice: option };
    return askAgain(option, face, person);
  }
  return { kind: 'outdated' };
}

function ticksNow(
  { choices, textHint }: PromptRequest,
  { picked = [] }: PromptFace,
): readonly PromptChoice[] {
  const ticks = choices.map(({ id, label, key }) => ({
    id,
    label: `${picked.includes(id) ? '☑' : '☐'} ${label}`,
    key,
  }));
  // Without a way to answer in words, it can still be left.
  if (picked.length === 0 && textHint === undefined) return [...ticks, NONE];
  const count = picked.length === 0 ? '' : ` (${picked.length})`;
  return [...ticks, { ...DONE, label: `${DONE.label}${count}` }];
}

function readTick({ choices, textHint }: PromptRequest, face: PromptFace, id: string): TapReading {
  const { picked = [] } = face;
  if (id !== DONE.id) {
    const isPicked = (each: string): boolean => picked.includes(each) !== (each === id);
    const ids = choices.map((choice) => choice.id);
    return { kind: 'turned', face: { ...face, picked: ids.filter(isPicked) } };
  }
  if (picked.length > 0) return { kind: 'answer', choice: DONE, picked };
  if (textHint === undefined) return { kind: 'answer', choice: NONE, picked };
  return {
    kind: 'turned',
    face,
    notice: 'Nothing is ticked yet: tick something, or write your own answer.',
  };
}

function readFirst(option: PromptOption, face: PromptFace, person: Person): TapReading {
  if (option.opens !== undefined)
    return { kind: 'turned', face: { menu: option.opens, together: face.together } };
  return option.confirm === undefined ? { kind: 'answer', choice: option } : askAgain(option, face, person);
}

function askAgain(option: PromptOption, face: PromptFace, person: Person): TapReading {
  const confirming = { choice: option.id, by: person.id };
  return {
    kind: 'turned',
    face: { ...face, confirming },
    notice: `Sure? “${option.confirm ?? option.label}” confirms it.`,
  };
}

function optionsOf(request: PromptRequest, { menu }: PromptFace): readonly PromptOption[] {
  return menu === undefined ? request.choices : (request.menus?.[menu] ?? []);
}
