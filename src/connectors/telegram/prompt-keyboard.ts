import type { InlineKeyboardMarkup } from 'grammy/types';
import type { PromptView } from '../../core/ports/connector.ts';
import { toCallbackData } from './callback-data.ts';

/** Up to three buttons fit side by side on a phone; more stand in rows of two. */
const MOST_IN_ONE_ROW = 3;

/** @throws LeashdError TELEGRAM_BUTTON_ID when an id does not fit on a button (a bug) */
export function promptKeyboard(prompt: PromptView): InlineKeyboardMarkup {
  const buttons = prompt.choices.map((choice) => ({
    text: choice.label,
    callback_data: toCallbackData({ prompt: prompt.id, choice: choice.id }),
  }));
  const width = buttons.length <= MOST_IN_ONE_ROW ? MOST_IN_ONE_ROW : 2;
  const rows: (typeof buttons)[] = [];
  for (let start = 0; start < buttons.length; start += width) rows.push(buttons.slice(start, start + width));
  return { inline_keyboard: rows };
}
