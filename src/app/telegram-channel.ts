import type { LoadedSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/settings.ts';
import { createTelegramConnector } from '../connectors/telegram/telegram-connector.ts';
import type { Access } from '../core/access/access.ts';
import { openTo, openToAnyone } from '../core/access/open-to.ts';
import { Pairing, type PairingMessage } from '../core/access/pairing.ts';
import { COMMANDS } from '../core/commands/all.ts';
import { personId, type ChatRef, type PersonId } from '../core/ports/chat.ts';
import { PersonError } from '../errors.ts';
import { createOwnerFile } from '../storage/owner-file.ts';
import { assertNever } from '../util/assert-never.ts';
import type { Clock } from '../util/clock.ts';
import type { Log } from '../util/log.ts';
import type { Redactor } from '../util/redact.ts';
import type { Connection } from './control/connection.ts';
import type { AppChannel } from './app-channel.ts';
import { ownerFile } from './paths.ts';

export interface TelegramChannelOptions {
  readonly token: string;
  readonly loaded: LoadedSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly redactor: Redactor;
  /** Tells the person at the machine, in a line. */
  readonly announce: (line: string) => void;
  /** The same for what is to be heard before leashd is up; left out: `announce`. */
  readonly announceAtOnce?: ((line: string) => void) | undefined;
  /** Told how Telegram is reached. */
  readonly connection?: Connection | undefined;
}

/** The bot, and who may talk to it. */
export async function telegramChannel(options: TelegramChannelOptions): Promise<AppChannel> {
  const { token, loaded, clock, log, redactor, announce, connection } = options;
  const approvers = approversOf(loaded);
  const { telegramApiRoot, streamingThrottleSeconds } = loaded.settings;
  const { announceAtOnce = announce } = options;
  let isFailing = false;
  const connector = createTelegramConnector({
    token,
    apiRoot: telegramApiRoot,
    log,
    clock,
    redact: (text) => redactor.redact(text),
    commands: COMMANDS.map(({ name, summary }) => ({ name, description: summary })),
    editThrottleMs: streamingThrottleSeconds * 1000,
    onPollingFault: (fault) => {
      isFailing = true;
      const where = fault.message.startsWith('Telegram') ? '' : 'Telegram: ';
      announceAtOnce(`${where}${fault.message}.${fault.hint === undefined ? '' : ` ${fault.hint}`}`);
      connection?.failed(fault);
    },
    onReceiving: () => {
      connection?.receives();
      if (isFailing) announceAtOnce('Telegram answers again.');
      isFailing = false;
    },
  });
  if (connection) connection.botName = () => connector.botUsername();
  const botId = connector.botId();
  const { allowedUserIds } = loaded.settings;
  let door: Door = { approvers, allowedUserIds, ...(await accessFor(options, botId, approvers)) };
  return {
    connector,
    access: { admit: (inbound) => door.access.admit(inbound) },
    get approvers() {
      return door.approvers;
    },
    homes: () => door.owners().map((person) => privateChat(person)),
    prepareReload: async (next) => {
      const lines = new LinesToCome(announce);
      const coming = await doorAfter(door, { ...options, loaded: next, announce: lines.add }, botId);
      return () => {
        door = coming;
        if (connection && !(door.access instanceof Pairing)) connection.pairing = undefined;
        lines.release();
      };
    },
  };
}

/** Who may talk, who may approve, and who is told of what happens to leashd itself. */
type Door = Entry & {
  readonly approvers: readonly PersonId[] | undefined;
  readonly allowedUserIds: Settings['allowedUserIds'];
};
type Entry = { readonly access: Access; readonly owners: () => readonly PersonId[] };

/** The same people come in the same way: whoever has paired stays paired, and a code that was shown stays good. */
async function doorAfter(door: Door, options: TelegramChannelOptions, botId: string): Promise<Door> {
  const { allowedUserIds } = options.loaded.settings;
  const approvers = approversOf(options.loaded);
  if (JSON.stringify(allowedUserIds) !== JSON.stringify(door.allowedUserIds))
    return { approvers, allowedUserIds, ...(await accessFor(options, botId, approvers)) };
  const { stateDir } = options.loaded.settings;
  if (door.access instanceof Pairing) checkOwner(door.access.owner, approvers, ownerFile(stateDir, botId));
  return { ...door, approvers };
}

/** Lines that are told only once what they are about holds. */
class LinesToCome {
  readonly #announce: (line: string) => void;
  #held: string[] | undefined = [];

  constructor(announce: (line: string) => void) {
    this.#announce = announce;
  }

  readonly add = (line: string): void => {
    if (this.#held) this.#held.push(line);
    else this.#announce(line);
  };

  release(): void {
    for (const line of this.#held ?? []) this.#announce(line);
    this.#held = undefined;
  }
}

function privateChat(person: PersonId): ChatRef {
  return { connector: 'telegram', chat: person.slice(person.indexOf(':') + 1) };
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
  { loaded, log, announce, connection }: TelegramChannelOptions,
  botId: string,
  approvers: readonly PersonId[] | undefined,
): Promise<Entry> {
  const { allowedUserIds, stateDir } = loaded.settings;
  if (allowedUserIds === '*') {
    announce(
      'WARNING: LEASHD_ALLOWED_USER_IDS=* lets anyone who finds the bot drive Claude on this machine.',
    );
    log.info('open_to_anyone');
    return { access: openToAnyone, owners: () => approvers ?? [] };
  }
  if (allowedUserIds.length > 0) {
    const allowed = allowedUserIds.map((id) => personId('telegram', id));
    return { access: openTo(allowed), owners: () => approvers ?? allowed };
  }
  const file = ownerFile(stateDir, botId);
  const owners = createOwnerFile(file);
  checkOwner(await owners.load(), approvers, file);
  const pairing = await Pairing.begin({
    owners,
    log,
    announce: (message) => {
      if (connection) connection.pairing = message.kind === 'paired' ? undefined : pairingLine(message);
      announce(pairingLine(message));
      const warning = approverLine(message, approvers);
      if (warning !== undefined) announce(warning);
    },
  });
  return { access: pairing, owners: () => (pairing.owner === undefined ? [] : [pairing.owner]) };
}

/** @throws PersonError where the owner, who alone is served, may not approve. */
function checkOwner(
  owner: PersonId | undefined,
  approvers: readonly PersonId[] | undefined,
  file: string,
): void {
  if (owner === undefined || approvers?.includes(owner) !== false) return;
  throw new PersonError(
    'APPROVER_NOT_OWNER',
    `LEASHD_APPROVER_IDS: expected the owner (${owner}), who alone is served, got ${approvers.join(', ')}`,
    {
      hint: `Take the setting out, or list those who may talk in LEASHD_ALLOWED_USER_IDS; delete ${file} to pair anew.`,
    },
  );
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
