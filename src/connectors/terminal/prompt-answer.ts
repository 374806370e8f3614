import type { Attachment, PromptView } from '../../core/ports/connector.ts';
import type { Paint } from './paint.ts';

export type PromptReading =
  | { readonly kind: 'choice'; readonly choice: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unclear' };

// What a person says who means yes, one word alone: neither enough to approve nor a reason to reject.
const ASSENT =
  /^(?:y+|ye|yea|yeah|yep|yup|yes|k|ok|okay|okey|sure|go|go ahead|do it|approve|approved|accept|allow|fine|good|right|agreed|lgtm|👍|✅)$/;
const WORDS_FOR_KEYS: Readonly<Record<string, string>> = { yes: 'y', no: 'n' };

/**
 * What a typed line answers. Only exactly a choice's key, id or label picks it, or yes and no where y and n do:
 * `yes, but …` approves nothing. A lone word that looks like assent is unclear there, never a text.
 */
export function readAnswer({ choices, textHint }: PromptView, line: string): PromptReading {
  const text = line.trim();
  if (text === '') return { kind: 'empty' };
  const said = text.toLowerCase();
  const choice =
    choices.find(({ key }) => [said, WORDS_FOR_KEYS[said]].includes(key.toLowerCase())) ??
    choices.find(({ id }) => id === said) ??
    choices.find(({ label }) => label.toLowerCase() === said);
  if (choice) return { kind: 'choice', choice: choice.id };
  const asksYesOrNo = choices.some(({ key }) => ['y', 'yes'].includes(key.toLowerCase()));
  const isAssent = asksYesOrNo && ASSENT.test(said.replace(/[\s.!]+$/, ''));
  return textHint === undefined || isAssent ? { kind: 'unclear' } : { kind: 'text', text };
}

/** The question as it is printed: its body, then its attachment, whole. */
export function cardText({ body, attachment }: PromptView, paint: Paint): string {
  const card = `\n${paint.rich(body)}`;
  return attachment === undefined ? card : `${card}\n${attachmentText(attachment, paint)}`;
}

/** A text whole; of a file's bytes, where it lies: whoever sits at a terminal of this machine can open it. */
export function attachmentText({ fileName, content, path }: Attachment, paint: Paint): string {
  if (path !== undefined) return paint.plain(`📎 ${fileName} is on this machine: ${path}`);
  if (typeof content !== 'string') return paint.plain(`📎 ${fileName} (${content.length} bytes)`);
  const body = paint.plain(content).replace(/\n$/, '');
  return `${paint.dim(`──── ${fileName}`)}\n${body}\n${paint.dim(`──── end of ${fileName}`)}`;
}

/** `[y] Approve  [n] Reject  or reply with a reason to reject`, on lines of their own where it is long. */
export function choicesText({ choices, textHint }: PromptView, paint: Paint, columns: number): string {
  const names = choices.map(({ key, label }) => `${paint.bold(`[${key}]`)} ${paint.plain(label)}`);
  const parts = textHint === undefined ? names : [...names, `or ${paint.plain(textHint)}`];
  const length = choices.reduce((sum, { label }) => sum + label.length + 6, textHint?.length ?? 0);
  return parts.join(length + 8 > columns ? '\n' : '  ');
}

/** `y or n, or type a reason`: what may be typed. */
export function answersText({ choices, textHint }: PromptView): string {
  const keys = choices.map(({ key }) => key);
  const last = keys.pop() ?? '';
  const named = keys.length === 0 ? last : `${keys.join(', ')} or ${last}`;
  return textHint === undefined ? named : `${named}, or ${textHint}`;
}
