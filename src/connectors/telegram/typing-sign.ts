import type { ChatRef } from '../../core/ports/chat.ts';
import type { Clock } from '../../util/clock.ts';
import type { BotApi } from './bot-api.ts';
import { waitFor } from './wait.ts';

/** The server shows the sign for five seconds (Telegram Bot API, "sendChatAction"). */
const REPEAT_MS = 4_500;
const MOST_REPEATS = 60;

/** Shows that something is being written, until `signal` aborts or nearly five minutes have passed. Never rejects. */
export async function showTypingSign(options: {
  readonly api: BotApi;
  readonly chat: ChatRef;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether the chat is to be left alone just now. */
  readonly isHeld: () => boolean;
}): Promise<void> {
  const { api, chat, clock, signal, isHeld } = options;
  for (let shown = 0; shown < MOST_REPEATS && !signal.aborted; shown += 1) {
    // A sign that fails to show is not worth a word.
    if (!isHeld()) await api.showTyping(chat, signal).catch(() => {});
    await waitFor(clock, REPEAT_MS, signal);
  }
}
