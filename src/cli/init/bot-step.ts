import { askTelegram, unaskedBot, type Bot } from '../../app/init/bot.ts';
import { checkedToken, tokenInFile, tokenFromInput, tokenProblem } from '../../app/init/bot-token.ts';
import { describeOrigin } from '../../config/origin.ts';
import { MachineError, PersonError } from '../../errors.ts';
import type { Ask } from './ask.ts';
import type { TokenFlag } from './flags.ts';
import type { Session } from './session.ts';

export type BotAnswer =
  | { readonly kind: 'kept'; readonly bot: Bot | undefined }
  | { readonly kind: 'chosen'; readonly bot: Bot }
  /** The terminal only. */
  | { readonly kind: 'none' };

const HOW_TO_GET_ONE = [
  'In Telegram, write to @BotFather (https://t.me/BotFather):',
  '  1. Send /newbot',
  '  2. Send a name, such as: My leashd',
  '  3. Send a user name that ends in "bot"',
  'It answers with a token: digits, a colon, a long word. Copy it.',
].join('\n');

export async function botStep(session: Session): Promise<BotAnswer> {
  const { flags, ask, topics, current } = session;
  const { settings, origins } = current.loaded;
  const set = settings.telegramBotToken;
  if (flags.token !== undefined) return answerOfFlag(flags.token, session);
  const kept: BotAnswer = { kind: 'kept', bot: set === undefined ? undefined : unaskedBot(set) };
  if (!topics.has('bot')) return kept;
  if (ask !== undefined) return askFor(session, ask);
  if (set === undefined) return { kind: 'none' };
  // From the environment or a .env into the file, where a service finds it too.
  return origins.telegramBotToken.kind === 'file'
    ? kept
    : { kind: 'chosen', bot: await verified(set, session) };
}

async function answerOfFlag(flag: TokenFlag, session: Session): Promise<BotAnswer> {
  const { voice, surroundings } = session;
  if (flag.kind === 'none') return { kind: 'none' };
  if (flag.kind === 'stdin') {
    if (surroundings.isTty && session.ask !== undefined) return askForToken(session, session.ask);
    return { kind: 'chosen', bot: await verified(await tokenFromInput(surroundings.input), session) };
  }
  if (flag.kind === 'file') {
    const { token, isShared } = tokenInFile(flag.path);
    if (isShared) voice.warn(`Others on this machine may open ${flag.path}: delete it, or chmod 600 it.`);
    return { kind: 'chosen', bot: await verified(token, session) };
  }
  voice.warn('A token in a command line can be seen by others and stays in the history: use --token-file.');
  return { kind: 'chosen', bot: await verified(checkedToken(flag.value, '--token'), session) };
}

/** @throws LeashdError where Telegram does not know it, or can't be asked. */
async function verified(token: string, { current, signal, voice }: Session): Promise<Bot> {
  const found = await askTelegram(token, current.loaded, signal);
  if (found.kind === 'refused') {
    throw new PersonError('TELEGRAM_TOKEN_REFUSED', 'Telegram does not know this bot token', {
      hint: 'Copy it again from @BotFather.',
    });
  }
  if (found.kind === 'unreachable') {
    throw new MachineError('TELEGRAM_UNREACHABLE', `the bot token could not be verified: ${found.reason}`, {
      hint: 'Check the network, and LEASHD_TELEGRAM_API_ROOT if you set it. Nothing was written.',
    });
  }
  voice.done(`Telegram knows the bot: @${found.username ?? found.id}.`);
  return { token, id: found.id, username: found.username };
}

async function askFor(session: Session, ask: Ask): Promise<BotAnswer> {
  const { settings, origins } = session.current.loaded;
  const set = settings.telegramBotToken;
  if (set === undefined) {
    const way = await ask.one('How do you want to reach Claude?', [
      { value: 'bot', label: 'From my phone, with a Telegram bot' },
      { value: 'none', label: 'In this terminal only', hint: 'a bot can be added later' },
    ]);
    return way === 'none' ? { kind: 'none' } : askForToken(session, ask);
  }
  const bot = unaskedBot(set);
  const where = describeOrigin(origins.telegramBotToken, session.current.loaded);
  const way = await ask.one(`There is a bot token (bot ${bot.id}, from ${where}).`, [
    { value: 'keep', label: 'Keep this bot' },
    { value: 'other', label: 'Another bot' },
    { value: 'none', label: 'No bot: in the terminal only' },
  ]);
  if (way === 'none') return { kind: 'none' };
  if (way === 'other') return askForToken(session, ask);
  const known = await checkWithTelegram(set, session, ask);
  if (known === undefined) return askForToken(session, ask);
  return origins.telegramBotToken.kind === 'file'
    ? { kind: 'kept', bot: known }
    : { kind: 'chosen', bot: known };
}

async function askForToken(session: Session, ask: Ask): Promise<BotAnswer> {
  session.voice.step(HOW_TO_GET_ONE);
  for (;;) {
    const given = await ask.hidden(
      'The bot token (it is not shown; Enter alone if you have none)',
      problemWith,
    );
    const bot = given === '' ? undefined : await checkWithTelegram(given, session, ask);
    if (bot !== undefined) return { kind: 'chosen', bot };
    const next = await ask.one('What now?', [
      { value: 'again', label: 'Enter the token again' },
      { value: 'none', label: 'Without a bot for now', hint: 'in the terminal only' },
    ]);
    if (next === 'none') return { kind: 'none' };
  }
}

/** Short, and without what was typed. */
function problemWith(given: string): string | undefined {
  if (given === '' || tokenProblem(given) === undefined) return undefined;
  return `That is no bot token, but ${given.length} other characters: copy it again, all of it`;
}

/** Undefined where Telegram does not know it; asked again, or taken as it is, where nobody can tell. */
async function checkWithTelegram(token: string, session: Session, ask: Ask): Promise<Bot | undefined> {
  const { voice, current, signal } = session;
  for (;;) {
    const found = await askTelegram(token, current.loaded, signal);
    if (found.kind === 'known') {
      voice.done(`Telegram knows the bot: @${found.username ?? found.id}.`);
      return { token, id: found.id, username: found.username };
    }
    if (found.kind === 'refused') {
      voice.warn('Telegram does not know this token. Copy it again from @BotFather, all of it.');
      return undefined;
    }
    voice.warn(`Telegram could not be asked: ${found.reason}.`);
    const next = await ask.one('What now?', [
      { value: 'again', label: 'Try again' },
      { value: 'take', label: 'Take the token as it is', hint: 'leashd says at its start if it is wrong' },
      { value: 'other', label: 'Another token' },
    ]);
    if (next === 'take') return unaskedBot(token);
    if (next === 'other') return undefined;
  }
}
