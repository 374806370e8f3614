import { pairWith, telegramOwner, type Bot, type Owner } from '../../app/init/bot.ts';
import type { PairingOutcome } from '../../app/init/pair-owner.ts';
import { runningDaemon } from '../../app/init/running-daemon.ts';
import { ownerOf } from '../../app/init/write-set-up.ts';
import { LeashdError, PersonError } from '../../errors.ts';
import { assertNever } from '../../util/assert-never.ts';
import { Left, type Ask } from './ask.ts';
import { pairingScreen } from './pairing-screen.ts';
import type { Session } from './session.ts';

const WAIT_MINUTES = 5;
const CONFIRMED =
  '🔗 Confirmed. As soon as leashd is set up and started on your computer, it listens to you alone. Then tell it what to work on, or send /help.';
const NOT_CONFIRMED = 'Your computer said that this is not you. Nothing was paired.';

/** The new owner; undefined: as it is, or later. */
export async function ownerStep(session: Session, bot: Bot | undefined): Promise<Owner | undefined> {
  const { flags, ask, voice, current, topics } = session;
  const flag = flags.owner === undefined ? '--pair' : '--owner';
  const isFlagged = flags.owner !== undefined || flags.pair === true;
  if (bot === undefined) {
    if (!isFlagged) return undefined;
    throw new PersonError('OWNER_WITHOUT_BOT', `${flag}: expected a bot, and there is no bot token`, {
      hint: 'Give it with --token-file.',
    });
  }
  const { allowedUserIds, stateDir } = current.loaded.settings;
  if (allowedUserIds === '*' || allowedUserIds.length > 0) {
    if (isFlagged) {
      throw new PersonError(
        'OWNER_NOT_COUNTED',
        `${flag}: LEASHD_ALLOWED_USER_IDS says who may talk to the bot, and wins`,
        {
          hint: 'Take it out, or put the ID there.',
        },
      );
    }
    const who = allowedUserIds === '*' ? 'anyone' : allowedUserIds.join(', ');
    voice.step(`Who may talk to the bot is set: LEASHD_ALLOWED_USER_IDS (${who}). No pairing.`);
    return undefined;
  }
  if (flags.owner !== undefined) return telegramOwner(flags.owner);
  if (ask === undefined || flags.pair === false) return undefined;
  const owner = await knownOwner(session, stateDir, bot);
  const isWanted = topics.has('owner') || flags.pair === true;
  if (owner !== undefined && (session.isFirst || !isWanted) && flags.pair !== true) {
    voice.step(`The bot's owner stays ${owner} (--pair pairs anew).`);
    return undefined;
  }
  if (!isWanted && owner === undefined) {
    // Another bot has no owner yet.
    if (!topics.has('bot')) return undefined;
  }
  if (await isInUse(session, bot)) return undefined;
  return pairUntilDone(session, ask, bot, owner);
}

async function knownOwner({ voice }: Session, stateDir: string, bot: Bot): Promise<string | undefined> {
  try {
    return await ownerOf(stateDir, bot.id);
  } catch (fault) {
    if (!(fault instanceof LeashdError)) throw fault;
    voice.warn(fault.message);
    return undefined;
  }
}

/** Each message reaches only one of two who listen. */
async function isInUse({ current, voice, commandWord }: Session, bot: Bot): Promise<boolean> {
  const { settings } = current.loaded;
  const daemon = await runningDaemon(settings.stateDir);
  const isItsBot = settings.telegramBotToken?.startsWith(`${bot.id}:`) === true;
  if (daemon === undefined || daemon.connector !== 'telegram' || !isItsBot) return false;
  voice.warn(
    `leashd is running with this bot, so pairing can't be done here. Stop it (${commandWord} stop), then run ${commandWord} init --pair.`,
  );
  return true;
}

async function pairUntilDone(
  session: Session,
  ask: Ask,
  bot: Bot,
  before: string | undefined,
): Promise<Owner | undefined> {
  const way = await ask.one(`Pair the bot with you? Until then it serves ${before ?? 'nobody'}.`, [
    { value: 'now', label: 'Now', hint: 'have your phone ready' },
    {
      value: 'later',
      label: 'Later',
      hint: before === undefined ? 'leashd shows a code when it starts' : undefined,
    },
  ]);
  if (way === 'later') return undefined;
  for (;;) {
    const { owner, again } = await pairOnce(session, ask, bot);
    if (owner !== undefined || !again) return owner;
    if (!(await ask.yes('Try once more, with a new code?', true))) return undefined;
  }
}

type Attempt = { readonly owner?: Owner; readonly again: boolean };

async function pairOnce(session: Session, ask: Ask, bot: Bot): Promise<Attempt> {
  const { voice, current, signal } = session;
  const withinMs = WAIT_MINUTES * 60_000;
  const onTrouble = (words: string): void => voice.warn(`Telegram: ${words}. It is tried again.`);
  const attempt = pairWith(bot, current.loaded, { withinMs, onTrouble });
  const pairing = await attempt.catch((fault: unknown) => {
    if (!(fault instanceof LeashdError)) throw fault;
    voice.warn(`${fault.message}. ${fault.hint ?? ''}`);
  });
  if (pairing === undefined) return { again: true };
  try {
    if (signal.aborted) throw new Left();
    voice.plain(pairingScreen(pairing, session.surroundings));
    const over = new AbortController();
    void pairing.outcome.then(() => over.abort());
    while (!over.signal.aborted) {
      const isWaiting = await ask.yes(`Waiting for you in Telegram (${WAIT_MINUTES} minutes) …`, true, {
        yes: 'Go on waiting',
        no: 'Later',
        until: over.signal,
      });
      if (!isWaiting) return { again: false };
    }
    const result = await pairing.outcome;
    if (result.kind !== 'paired') return { again: tellWhy(result, session) };
    const isThem = await ask.yes(`${result.name} sent the code. Is that you?`, true);
    await pairing.tell(isThem ? CONFIRMED : NOT_CONFIRMED);
    return isThem ? { owner: { person: result.person, name: result.name }, again: false } : { again: true };
  } finally {
    await pairing.close();
  }
}

/** Whether it makes sense to try again. */
function tellWhy(result: Exclude<PairingOutcome, { kind: 'paired' }>, { voice }: Session): boolean {
  switch (result.kind) {
    case 'closed':
      voice.warn('Five wrong codes were sent, so this code is no longer taken.');
      return true;
    case 'timeout':
      voice.warn('Nobody sent the code in time.');
      return true;
    case 'conflict':
      voice.warn(`Pairing is not possible now: ${result.reason}. ${result.hint}`);
      return false;
    default:
      return assertNever(result);
  }
}
