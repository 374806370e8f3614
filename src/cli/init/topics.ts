import { basename } from 'node:path';
import { choiceOf } from '../../app/init/policy-choice.ts';
import { ASKED_KEYS, type CurrentSetUp } from '../../app/init/current-set-up.ts';
import { shortPath } from '../../config/origin.ts';
import { settingTable } from '../../config/settings.ts';
import { PersonError } from '../../errors.ts';
import type { Ask, Choice, Voice } from './ask.ts';
import type { InitFlags } from './flags.ts';
import { TOPICS, type Topic } from './session.ts';

/** Nothing of what is asked stands in config.yaml yet. */
export function isFirstSetUp({ loaded, broken }: CurrentSetUp): boolean {
  return broken.length === 0 && ASKED_KEYS.every((key) => loaded.origins[key].kind !== 'file');
}

/** All the first time; after that what the person picks, and what has to be answered anew. */
export async function chooseTopics(
  current: CurrentSetUp,
  flags: InitFlags,
  ask: Ask | undefined,
  voice: Voice,
): Promise<ReadonlySet<Topic>> {
  if (isFirstSetUp(current)) return new Set(TOPICS);
  for (const line of current.broken) voice.warn(`${line}. It is asked anew.`);
  const needed = brokenTopics(current);
  const { directories, token, owner, pair, policy, service, start } = flags;
  const isByFlags =
    directories.length > 0 || [token, owner, pair, policy, service, start].some((one) => one !== undefined);
  if (ask === undefined || isByFlags) return new Set(needed);
  const chosen = await ask.many('What do you want to change?', choicesOf(current), [...needed], false);
  return new Set([...needed, ...TOPICS.filter((topic) => chosen.includes(topic))]);
}

/** What is set stands in the label: a hint is shown for one of them at a time. */
function choicesOf({ loaded, place }: CurrentSetUp): Choice<string>[] {
  const { approvedDirectories, telegramBotToken, policyFiles } = loaded.settings;
  const [first, ...others] = approvedDirectories;
  const shown = first === undefined ? 'none' : shortPath(first, { ...place, startDirectory: '/nowhere' });
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  const bot = telegramBotToken === undefined ? 'none' : (telegramBotToken.split(':', 1)[0] ?? '');
  const rules = choiceOf(policyFiles)?.name ?? policyFiles.map((file) => basename(file)).join(', ');
  return [
    { value: 'directories', label: `Directories: ${shown}${more}` },
    { value: 'bot', label: `Telegram bot: ${bot}` },
    ...(telegramBotToken === undefined ? [] : [{ value: 'owner', label: 'Whom the bot serves (pair anew)' }]),
    { value: 'policy', label: `Rules: ${rules}` },
    { value: 'run', label: 'How leashd runs' },
  ];
}

const TOPIC_OF: Readonly<Record<string, Topic>> = {
  [settingTable.approvedDirectories.yaml]: 'directories',
  [settingTable.telegramBotToken.yaml]: 'bot',
  [settingTable.policyFiles.yaml]: 'policy',
};

function brokenTopics({ broken }: CurrentSetUp): readonly Topic[] {
  const named = Object.entries(TOPIC_OF).filter(([name]) =>
    broken.some((line) => line.includes(` ${name}: `)),
  );
  return named.map(([, topic]) => topic);
}

/**
 * Where nobody can be asked, every question needs its flag, or --yes.
 * @throws PersonError naming all that are missing.
 */
export function requireAnswers(current: CurrentSetUp, flags: InitFlags, topics: ReadonlySet<Topic>): void {
  if (flags.pair === true) {
    throw new PersonError(
      'INIT_NEEDS_TERMINAL',
      '--pair: expected a terminal, on which the code can be shown',
      {
        hint: 'Name the owner with --owner, or leave it to the start of leashd with --no-pair.',
      },
    );
  }
  if (flags.isYes) return;
  const { settings, origins } = current.loaded;
  const hasBot =
    flags.token === undefined ? settings.telegramBotToken !== undefined : flags.token.kind !== 'none';
  const isOwnerAnswered =
    flags.owner !== undefined || flags.pair === false || settings.allowedUserIds.length > 0;
  const missing = [
    topics.has('directories') && flags.directories.length === 0 && settings.approvedDirectories.length === 0
      ? '--directory'
      : '',
    topics.has('bot') && flags.token === undefined && settings.telegramBotToken === undefined
      ? '--token-file (or --no-telegram)'
      : '',
    topics.has('owner') && hasBot && !isOwnerAnswered ? '--owner (or --no-pair)' : '',
    topics.has('policy') && flags.policy === undefined && origins.policyFiles.kind === 'default'
      ? '--policy'
      : '',
    topics.has('run') && hasBot && flags.service === undefined ? '--service (or --no-service)' : '',
    topics.has('run') && flags.start === undefined && flags.service !== true ? '--start (or --no-start)' : '',
  ].filter((flag) => flag !== '');
  if (missing.length === 0) return;
  throw new PersonError(
    'INIT_NEEDS_ANSWERS',
    `there is nobody to ask here, so leashd init needs ${missing.join(', ')}`,
    { hint: 'Or take what is suggested with --yes; or run it in a terminal.' },
  );
}
