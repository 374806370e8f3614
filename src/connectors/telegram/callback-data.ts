import { LeashdError } from '../../errors.ts';
import type { PromptId } from '../../core/ports/chat.ts';

/** Telegram Bot API, "InlineKeyboardButton": callback_data is 1 to 64 bytes. */
const MOST_BYTES = 64;
const SHAPE = /^p:([A-Za-z0-9_-]{1,44}):([a-z0-9-]{1,16})$/;

type TapTarget = { readonly prompt: PromptId; readonly choice: string };

/**
 * What a button carries: ids, never data.
 * @throws LeashdError TELEGRAM_BUTTON_ID when they don't fit on a button (a bug).
 */
export function toCallbackData(target: TapTarget): string {
  const data = `p:${target.prompt}:${target.choice}`;
  if (!SHAPE.test(data) || Buffer.byteLength(data) > MOST_BYTES) {
    throw new LeashdError(
      'bug',
      'TELEGRAM_BUTTON_ID',
      `a button's ids must be at most 44 and 16 characters of [A-Za-z0-9_-] and [a-z0-9-], got ${JSON.stringify(data)}`,
    );
  }
  return data;
}

/** The inverse; undefined for buttons that no prompt of ours made. */
export function fromCallbackData(data: string): TapTarget | undefined {
  const [, prompt, choice] = SHAPE.exec(data) ?? [];
  return prompt === undefined || choice === undefined ? undefined : { prompt: prompt as PromptId, choice };
}
