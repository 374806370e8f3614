import type { InlineKeyboardButton, InlineKeyboardMarkup } from 'grammy/types';
import type { PromptView } from '../../core/ports/connector.ts';
import { toCallbackData } from './callback-data.ts';

/** Up to three short buttons fit side by side on a phone; more stand in rows of two. */
const MOST_IN_ONE_ROW = 3;
/** A longer label would be cut between others, so it has a row of its own. */
const SHORT_LABEL = 14;

/** @throws LeashdError TELEGRAM_BUTTON_ID when an id does not fit on a button (a bug) */
export function promptKeyboard(prompt: PromptView): InlineKeyboardMarkup {
  const rows: InlineKeyboardButton[][] = [];
  let short: InlineKeyboardButton[] = [];
  const endRun = (): void => {
    rows.push(...inRows(short));
    short = [];
  };
  for (const { id, label } of prompt.choices) {
    const button = { text: label, callback_data: toCallbackData({ prompt: prompt.id, choice: id }) };
    if (label.length <= SHORT_LABEL) short.push(button);
    else {
      endRun();
      rows.push([button]);
    }
  }
  endRun();
  return { inline_keyboard: rows };
}

function inRows(buttons: readonly InlineKeyboardButton[]): InlineKeyboardButton[][] {
  const width = buttons.length <= MOST_IN_ONE_ROW ? MOST_IN_ONE_ROW : 2;
  const rows: InlineKeyboardButton[][] = [];
  for (let start = 0; start < buttons.length; start += width) rows.push(buttons.slice(start, start + width));
  return rows;
}
