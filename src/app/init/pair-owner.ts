import { createTelegramConnector } from '../../connectors/telegram/telegram-connector.ts';
import { Pairing } from '../../core/access/pairing.ts';
import type { ChatRef, PersonId } from '../../core/ports/chat.ts';
import type { OwnerStore } from '../../core/ports/owner-store.ts';
import type { MachineError } from '../../errors.ts';
import type { Clock } from '../../util/clock.ts';
import { silentLog } from '../../util/log.ts';
import { plain } from '../../util/rich-text.ts';

export type PairingOptions = {
  /** Appears in nothing that comes back. */
  readonly token: string;
  readonly apiRoot: string;
  readonly clock: Clock;
  readonly redact: (text: string) => string;
  /** How long somebody is waited for. */
  readonly withinMs: number;
  /** Telegram can't be reached right now; it goes on trying. */
  readonly onTrouble: (words: string) => void;
};

export type PairingOutcome =
  /** `name` is as they call themselves: no proof of anything. */
  | { readonly kind: 'paired'; readonly person: PersonId; readonly name: string }
  /** Five wrong codes. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'timeout' }
  /** Another program receives this bot's messages. */
  | { readonly kind: 'conflict'; readonly reason: string; readonly hint: string };

/** A bot that listens for one code, and serves nobody. */
export interface OpenPairing {
  readonly code: string;
  /** What opens the chat with the code in it; absent for a bot without a name. */
  readonly link: string | undefined;
  /** Never rejects. */
  readonly outcome: Promise<PairingOutcome>;
  /** Says something to whoever paired; best effort. */
  tell(text: string): Promise<void>;
  /** Harmless when repeated; within five seconds. */
  close(): Promise<void>;
}

const CODE_TAKEN = 'That is the code. Now answer the question on your computer: is this you?';

/**
 * Waits for `/start CODE` with the bot that is being set up. Who paired is remembered by nobody but the caller: what
 * is not finished leaves no owner behind.
 * @throws LeashdError when the bot can't be reached.
 */
export async function openPairing(options: PairingOptions): Promise<OpenPairing> {
  const { token, apiRoot, clock, redact, withinMs, onTrouble } = options;
  const outcome = Promise.withResolvers<PairingOutcome>();
  let code = '';
  let paired: ChatRef | undefined;
  let isPaired = false;
  const pairing = await Pairing.begin({
    owners: forgetful,
    log: silentLog,
    announce: (message) => {
      if (message.kind === 'waiting') code = message.code;
      else if (message.kind === 'closed') outcome.resolve({ kind: 'closed' });
      else {
        isPaired = true;
        outcome.resolve({ kind: 'paired', person: message.person, name: message.owner });
      }
    },
  });
  const connector = createTelegramConnector({
    token,
    apiRoot,
    clock,
    redact,
    log: silentLog,
    commands: [],
    onPollingFault: (fault) => {
      if (fault.code === 'TELEGRAM_POLLER_CONFLICT') outcome.resolve(conflictOf(fault));
      else onTrouble(fault.message);
    },
  });
  const tell = async (chat: ChatRef, text: string): Promise<void> =>
    connector.send(chat, { content: plain(text) }).catch(() => {});
  const timer = clock.after(withinMs, () => outcome.resolve({ kind: 'timeout' }));
  const close = async (): Promise<void> => {
    timer.cancel();
    await connector.stop();
  };
  try {
    await connector.start(async (inbound) => {
      const admission = await pairing.admit(inbound);
      if (admission.kind !== 'answered') return {};
      if (isPaired) paired = inbound.chat;
      // Its own words would promise what is not written yet.
      void tell(inbound.chat, isPaired ? CODE_TAKEN : admission.text);
      return {};
    });
  } catch (fault) {
    await close();
    throw fault;
  }
  const username = connector.botUsername();
  return {
    code,
    link: username === undefined ? undefined : `https://t.me/${username}?start=${code}`,
    outcome: outcome.promise,
    tell: async (text) => (paired === undefined ? undefined : tell(paired, text)),
    close,
  };
}

const forgetful: OwnerStore = { load: async () => undefined, save: async () => {} };

function conflictOf({ message, hint }: MachineError): PairingOutcome {
  return { kind: 'conflict', reason: message, hint: hint ?? '' };
}
