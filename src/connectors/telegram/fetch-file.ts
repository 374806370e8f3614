import type { InboundFile } from '../../core/ports/chat.ts';
import { MachineError, PersonError } from '../../errors.ts';
import type { Clock } from '../../util/clock.ts';
import type { Log } from '../../util/log.ts';
import { Backoff } from './backoff.ts';
import type { BotApi } from './bot-api.ts';
import { TooLarge } from './download.ts';
import { TelegramFault, isRefusal } from './faults.ts';
import { waitFor } from './wait.ts';

type FetchFileOptions = {
  readonly api: Pick<BotApi, 'fetchFile'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly file: InboundFile;
  readonly limitBytes: number;
  readonly signal: AbortSignal;
  readonly random?: (() => number) | undefined;
};

const MOST_ATTEMPTS = 6;
/** An attempt that takes longer has met a server that fell silent. */
const ATTEMPT_MS = 80_000;

/** A file that a person sent, fetched again and again while Telegram can't be reached or asks to wait. */
export async function fetchFile(options: FetchFileOptions): Promise<Uint8Array> {
  const { api, clock, log, file, limitBytes, signal, random = Math.random } = options;
  const backoff = new Backoff({ firstMs: 500, mostMs: 10_000, random });
  for (let attempt = 1; ; attempt += 1) {
    const late = new AbortController();
    const timer = clock.after(ATTEMPT_MS, () => late.abort());
    try {
      return await api.fetchFile(file.ref, limitBytes, AbortSignal.any([signal, late.signal]));
    } catch (error) {
      const isFinal = !(error instanceof TelegramFault) || error.reason.kind === 'refused';
      if (isFinal || attempt === MOST_ATTEMPTS || signal.aborted) throw inWords(error);
      const { reason } = error;
      log.debug('telegram_file_retried', { attempt, reason: error.message });
      await waitFor(clock, reason.kind === 'flood' ? reason.retryAfterMs : backoff.next(), signal);
    } finally {
      timer.cancel();
    }
  }
}

/** Why it can't be had, as a clause. */
function inWords(error: unknown): unknown {
  if (error instanceof TooLarge || isRefusal(error, /file is too big/i)) {
    return new PersonError('FILE_TOO_LARGE', 'it is larger than what Telegram hands to a bot (20 MB)', {
      cause: error,
    });
  }
  if (!(error instanceof TelegramFault)) return error;
  const { reason } = error;
  const isGone = reason.kind === 'refused' || reason.kind === 'server';
  const words = isGone
    ? `Telegram does not hand it out (${error.message}); send it again`
    : `Telegram could not be reached for it (${error.message}); send it again`;
  return new MachineError('FILE_NOT_FETCHED', words, { cause: error });
}
