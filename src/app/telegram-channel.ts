import type { LoadedSettings } from '../config/load-settings.ts';
import { createTelegramConnector } from '../connectors/telegram/telegram-connector.ts';
import type { Access } from '../core/access/access.ts';
import { openTo, openToAnyone } from '../core/access/open-to.ts';
import { Pairing, type PairingMessage } from '../core/access/pairing.ts';
import { COMMANDS } from '../core/commands/all.ts';
import type { Channel } from '../core/create-engine.ts';
import { personId, type PersonId } from '../core/ports/chat.ts';
import { PersonError } from '../errors.ts';
import { createOwnerFile } from '../storage/owner-file.ts';
import { assertNever } from '../util/assert-never.ts';
import type { Clock } from '../util/clock.ts';
import type { Log } from '../util/log.ts';
import type { Redactor } from '../util/redact.ts';
import { ownerFile } from './paths.ts';

export interface TelegramChannelOptions {
  readonly token: string;
  readonly loaded: LoadedSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly redactor: Redactor;
  /** Tells the person at the machine, in a line. */
  readonly announce: (line: string) => void;
}

/** The bot, and who may talk to it. */
export async function telegramChannel(options: TelegramChannelOptions): Promise<Channel> {
  const { token, loaded, clock, log, redactor, announce } = options;
  const approvers = approversOf(loaded);
  const { telegramApiRoot, streamingThrottleSeconds } = loaded.settings;
  const connector = createTelegramConnector({
    token,
    apiRoot: telegramApiRoot,
    log,
    clock,
    redact: (text) => redactor.redact(text),
    commands: COMMANDS.map(({ name, summary }) => ({ name, description: summary })),
    editThrottleMs: streamingThrottleSeconds * 1000,
    onPollingFault: (fault) =>
      announce(`Telegram: ${fault.message}.${fault.hint === undefined ? '' : ` ${fault.hint}`}`),
  });
  return {
    connector,
    access: await accessFor(options, connector.botId(), approvers),
    approvers,
  };
}

/** @throws PersonError for an approver who may not talk to the bot: their taps would never arrive. */
export function approversOf({ settings }: LoadedSettings): readonly PersonId[] | undefined {
  const { approverIds, allowedUserIds } = settings;
  if (approverIds.length === 0) return undefined;
  const isList = allowedUserIds !== '*' && allowedUserIds.length > 0;
  const strangers = isList ? approverIds.filter((id) => !allowedUserIds.includes(id)) : [];
  if (strangers.length > 0) {
    throw new PersonError(
      'APPROVER_NOT_ALLOWED',
      `LEASHD_APPROVER_IDS: expected IDs that stand in LEASHD_ALLOWED_USER_IDS too, got ${strangers.join(', ')}`,
      { hint: 'Whoever may approve must be able to talk to the bot: add them there, or take them out here.' },
    );
  }
  return approverIds.map((id) => personId('telegram', id));
}

async function accessFor(
  { loaded, log, announce }: TelegramChannelOptions,
  botId: string,
  approvers: readonly PersonId[] | undefined,
): Promise<Access> {
  const { allowedUserIds, stateDir } = loaded.settings;
  if (allowedUserIds === '*') {
    announce(
      'WARNING: LEASHD_ALLOWED_USER_IDS=* lets anyone who finds the bot drive Claude on this machine.',
    );
    log.info('open_to_anyone');
    return openToAnyone;
  }
  if (allowedUserIds.length > 0) return openTo(allowedUserIds.map((id) => personId('telegram', id)));
  const file = ownerFile(stateDir, botId);
  const owners = createOwnerFile(file);
  const owner = await owners.load();
  if (owner !== undefined && approvers?.includes(owner) === false) {
    throw new PersonError(
      'APPROVER_NOT_OWNER',
      `LEASHD_APPROVER_IDS: expected the owner (${owner}), who alone is served, got ${approvers.join(', ')}`,
      {
        hint: `Take the setting out, or list those who may talk in LEASHD_ALLOWED_USER_IDS; delete ${file} to pair anew.`,
      },
    );
  }
  return Pairing.begin({
    owners,
    log,
    announce: (message) => {
      announce(pairingLine(message));
      const warning = approverLine(message, approvers);
      if (warning !== undefined) announce(warning);
    },
  });
}

/** Cards that nobody can answer are of no use to anyone. */
function approverLine(
  message: PairingMessage,
  approvers: readonly PersonId[] | undefined,
): string | undefined {
  if (approvers === undefined) return undefined;
  const named = approvers.join(', ');
  if (message.kind === 'waiting')
    return `Pair with an account that may approve: LEASHD_APPROVER_IDS names ${named} alone.`;
  return message.kind === 'paired' && !approvers.includes(message.person)
    ? `WARNING: nobody can approve, so all that is asked is denied: LEASHD_APPROVER_IDS names ${named}, not ${message.person}. Take the setting out and start leashd again.`
    : undefined;
}

function pairingLine(message: PairingMessage): string {
  switch (message.kind) {
    case 'waiting':
      return `Pairing: send your bot  /start ${message.code}  in a private chat. Until then it serves nobody.`;
    case 'paired':
      return `Paired with ${message.owner}. Only they are served from now on.`;
    case 'closed':
      return 'Pairing is closed after five wrong codes. Start leashd again for a new one.';
    default:
      return assertNever(message);
  }
}
