import { BotApi } from './bot-api.ts';
import { TelegramFault } from './faults.ts';
import { withoutFullStop } from '../../util/without-full-stop.ts';

export type IdentifyOptions = {
  /** Appears in no answer. */
  readonly token: string;
  readonly apiRoot: string;
  /** Takes secrets out of a text that came from outside. */
  readonly redact: (text: string) => string;
  readonly signal: AbortSignal;
};

export type BotIdentification =
  | { readonly kind: 'known'; readonly id: string; readonly username: string | undefined }
  /** Telegram does not know this token. */
  | { readonly kind: 'refused' }
  /** Nobody can tell now; `reason` is a sentence without its full stop. */
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Asks Telegram once whose token this is (Bot API, "getMe"). Must not reject. */
export async function identifyBot(options: IdentifyOptions): Promise<BotIdentification> {
  const { token, apiRoot, redact, signal } = options;
  const hide = (text: string): string => redact(text).replaceAll(token, '[bot token]');
  try {
    return { kind: 'known', ...(await new BotApi({ token, apiRoot, hide }).identity(signal)) };
  } catch (fault) {
    if (!(fault instanceof TelegramFault)) return { kind: 'unreachable', reason: 'the answer can’t be read' };
    const { reason } = fault;
    // A malformed token is "not found", as it is a part of the address.
    if (reason.kind === 'refused' && [401, 404].includes(reason.status)) return { kind: 'refused' };
    return { kind: 'unreachable', reason: withoutFullStop(fault.message) };
  }
}
