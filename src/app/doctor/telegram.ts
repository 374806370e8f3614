import { z } from 'zod';
import { askBot, type BotAnswer } from '../../connectors/telegram/ask-bot.ts';
import { createOwnerFile } from '../../storage/owner-file.ts';
import { LeashdError } from '../../errors.ts';
import type { LoadedSettings } from '../../config/load-settings.ts';
import { assertNever } from '../../util/assert-never.ts';
import { ownerFile } from '../paths.ts';
import { approversOf } from '../telegram-channel.ts';
import { note, ok, problem, warning, type Check, type Told } from './check.ts';
import { loadedOf, type AskedBot, type DoctorContext } from './context.ts';
import { shellWord } from './words.ts';
import { withoutFullStop } from '../../util/without-full-stop.ts';

const PUBLIC_ROOT = 'https://api.telegram.org';
const SLOW_MS = 2000;
const MOST_SKEW_MS = 60_000;

const botSchema = z.looseObject({ username: z.string().optional() });
const webhookSchema = z.looseObject({
  url: z.string().default(''),
  pending_update_count: z.number().int().default(0),
});

const bot: Check = {
  name: 'bot',
  deadlineMs: 6000,
  run: async (context) => {
    const loaded = loadedOf(context);
    if (loaded === undefined) return [];
    const asked = await context.bot();
    if (asked === undefined)
      return [note('no bot token is set: leashd opens in the terminal', 'leashd init sets up a bot')];
    return [botTold(asked, loaded.settings.telegramApiRoot)];
  },
};

function botTold({ answer, tookMs }: AskedBot, apiRoot: string): Told {
  const isOwnRoot = apiRoot !== PUBLIC_ROOT;
  const server = isOwnRoot ? `the Bot API at ${apiRoot}` : 'Telegram';
  switch (answer.kind) {
    case 'answered': {
      const { username } = botSchema.catch({}).parse(answer.result);
      const says = `${username === undefined ? 'the bot' : `@${username}`}: ${server} answers in ${Math.round(tookMs)} ms`;
      return tookMs > SLOW_MS
        ? warning(`${says}, which is slow`, 'Cards and replies will be slow too; look at the network')
        : ok(says);
    }
    case 'refused': {
      const says = `${server} does not know the bot token (${answer.status} ${withoutFullStop(answer.description)})`;
      const root = isOwnRoot ? ', and check LEASHD_TELEGRAM_API_ROOT' : '';
      return [401, 404].includes(answer.status)
        ? problem(says, `Copy the token again from @BotFather${root}`)
        : problem(
            `${server} refuses: ${answer.status} ${withoutFullStop(answer.description)}`,
            'Try again in a while',
          );
    }
    case 'unreachable':
      return problem(
        `${server} can't be reached: ${inWords(answer.reason)}`,
        isOwnRoot ? 'Check that it runs, and LEASHD_TELEGRAM_API_ROOT' : 'Check the network of this machine',
      );
    default:
      return assertNever(answer);
  }
}

const CODES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not found',
  EAI_AGAIN: 'its name is not found',
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection breaks off',
  ENETUNREACH: 'there is no network',
  EHOSTUNREACH: 'there is no way to it',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
  UND_ERR_SOCKET: 'the connection breaks off',
};

function inWords(reason: string): string {
  const words = CODES[reason];
  return words === undefined ? reason : `${words} (${reason})`;
}

const webhook: Check = {
  name: 'webhook',
  deadlineMs: 9000,
  run: async (context, signal) => {
    const known = await knownBot(context);
    if (known === undefined) return [];
    const answer = await askBot('getWebhookInfo', {}, { ...known, signal });
    if (answer.kind !== 'answered')
      return [note(`Telegram did not say whether there is one (${whyNot(answer)})`)];
    const { url, pending_update_count: waiting } = webhookSchema
      .catch({ url: '', pending_update_count: 0 })
      .parse(answer.result);
    const count =
      waiting === 0
        ? []
        : [note(`${waiting} ${waiting === 1 ? 'message waits' : 'messages wait'} at Telegram to be fetched`)];
    if (url === '') return [ok('none is in the way'), ...count];
    return [
      warning(
        `messages to the bot go to a webhook at ${hostOf(url)}; leashd takes it away when it starts`,
        'If something of yours uses it, make leashd a bot of its own with @BotFather',
      ),
      ...count,
    ];
  },
};

/** Its address may hold a secret. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'some address';
}

/**
 * Seconds that the probe waits for messages. A poll that does not wait neither finds nor disturbs another poller: the
 * server throws out the older poll only for one that waits, whoever it is, and the next that comes throws out ours.
 * No offset is sent, so nothing is confirmed, and no list of kinds, so none is changed.
 */
const PROBE_SECONDS = 3;

const poller: Check = {
  name: 'poller',
  // The server keeps a second refusal within three seconds back for three more (telegram-bot-api, fail_query_conflict).
  deadlineMs: 9500,
  run: async (context, signal) => {
    const known = await knownBot(context);
    if (known === undefined) return [];
    const daemon = await context.daemon();
    if (daemon.kind === 'answered' && daemon.result.connector === 'telegram') {
      const { isPolling, lastFault } = daemon.result;
      const isOther = !isPolling && /another program/i.test(lastFault?.message ?? '');
      return isOther
        ? [otherPoller()]
        : [ok('the running leashd receives the messages itself; nobody else was looked for')];
    }
    if (daemon.kind === 'hanging' || daemon.kind === 'refused')
      return [note('not looked for: a leashd runs that does not answer, and would be disturbed')];
    const answer = await askBot('getUpdates', { timeout: PROBE_SECONDS, limit: 1 }, { ...known, signal });
    if (answer.kind === 'answered') return [ok('nobody else receives the bot’s messages')];
    if (answer.kind === 'refused' && answer.status === 409)
      // The webhook has its own line.
      return /webhook/i.test(answer.description) ? [] : [otherPoller()];
    return [note(`Telegram did not say whether another program receives the messages (${whyNot(answer)})`)];
  },
};

function otherPoller(): Told {
  return problem(
    'another program receives the messages of this bot token; each reaches only one of the two',
    'Stop the other leashd or bot, or make a token of its own with @BotFather',
  );
}

const clock: Check = {
  name: 'clock',
  deadlineMs: 6000,
  run: async (context) => {
    const { aheadMs } = (await context.bot()) ?? {};
    if (aheadMs === undefined) return [];
    const seconds = Math.round(Math.abs(aheadMs) / 1000);
    if (Math.abs(aheadMs) <= MOST_SKEW_MS) return [ok('agrees with Telegram’s to a minute')];
    return [
      warning(
        `this machine's clock is ${seconds} s ${aheadMs > 0 ? 'behind' : 'ahead of'} Telegram's: times in the log and the audit are wrong`,
        context.platform === 'darwin' ? 'sudo sntp -sS time.apple.com' : 'sudo timedatectl set-ntp true',
      ),
    ];
  },
};

const owner: Check = {
  name: 'owner',
  run: async (context) => {
    const loaded = loadedOf(context);
    const token = loaded?.settings.telegramBotToken;
    if (loaded === undefined || token === undefined) return [];
    try {
      approversOf(loaded);
      return [await ownerTold(loaded, token)];
    } catch (error) {
      if (!(error instanceof LeashdError)) throw error;
      return [problem(withoutFullStop(error.message), error.hint)];
    }
  },
};

async function ownerTold({ settings }: LoadedSettings, token: string): Promise<Told> {
  const { allowedUserIds, approverIds, stateDir } = settings;
  if (allowedUserIds === '*')
    return note(
      'anyone may talk to the bot',
      'Take LEASHD_ALLOWED_USER_IDS out and pair with it, or list the IDs',
    );
  if (allowedUserIds.length > 0)
    return ok(`only ${allowedUserIds.join(', ')} may talk to it (LEASHD_ALLOWED_USER_IDS)`);
  // A token begins with the bot's id (Bot API, "Authorizing your bot").
  const file = ownerFile(stateDir, token.split(':')[0] ?? '');
  const paired = await createOwnerFile(file).load();
  if (paired === undefined)
    return note('nobody is paired yet', 'Start leashd, and send your bot the code that it shows');
  const isApprover = approverIds.length === 0 || approverIds.some((id) => paired === `telegram:${id}`);
  return isApprover
    ? ok(`paired with ${paired}`)
    : problem(
        `LEASHD_APPROVER_IDS does not name the owner (${paired}), who alone is served: leashd does not start`,
        `Take the setting out, or pair anew: rm ${shellWord(file)}`,
      );
}

/** What a further question needs, once the bot has answered. */
async function knownBot(context: DoctorContext): Promise<{ token: string; apiRoot: string } | undefined> {
  const { telegramBotToken: token, telegramApiRoot: apiRoot = '' } = loadedOf(context)?.settings ?? {};
  const asked = await context.bot();
  return token === undefined || asked?.answer.kind !== 'answered' ? undefined : { token, apiRoot };
}

function whyNot(answer: Exclude<BotAnswer, { kind: 'answered' }>): string {
  return answer.kind === 'refused' ? withoutFullStop(answer.description) : answer.reason;
}

/** The bot, and what stands between it and its owner. */
export const telegramChecks: readonly Check[] = [bot, webhook, poller, clock, owner];
