import { realpathSync } from 'node:fs';
import { isEmpty, type Sources } from './collect.ts';
import { shortPath, type Places } from './origin.ts';
import { isWithin } from './resolve-paths.ts';
import { settingTable, type Settings } from './settings.ts';

/** What works but deserves a look, one sentence each. */
export function findWarnings(settings: Settings, sources: Sources, places: Places): string[] {
  return [
    ...readableTokens(sources, places),
    ...projectDotenv(settings, sources, places),
    ...wideDirectories(settings, places),
    ...openApiRoot(settings),
    ...openDoor(settings),
  ];
}

function readableTokens({ configFile, dotenv }: Sources, places: Places): string[] {
  const { env, yaml } = settingTable.telegramBotToken;
  const holders = [
    { file: configFile, isHolder: !isEmpty(configFile.entries.get(yaml)?.value) },
    { file: dotenv, isHolder: !isEmpty(dotenv.entries.get(env)?.value) },
  ];
  return holders
    .filter(({ file, isHolder }) => isHolder && file.isShared)
    .map(({ file }) => {
      const name = shortPath(file.path, places);
      return `${name} holds the bot token, and others on this machine may open it: chmod 600 ${name}`;
    });
}

/** Whoever gave the project to you wrote that file too. */
function projectDotenv(settings: Settings, { dotenv }: Sources, places: Places): string[] {
  const names = [...dotenv.entries.keys()].filter((name) => !isEmpty(dotenv.entries.get(name)?.value));
  const start = realPath(places.startDirectory);
  const approved = settings.approvedDirectories.length === 0 ? [start] : settings.approvedDirectories;
  const isInProject = approved.some((directory) => isWithin(start, directory));
  if (names.length === 0 || !isInProject) return [];
  const name = shortPath(dotenv.path, places);
  return [`the project's own ${name} sets leashd's settings; make sure you wrote it: ${names.join(', ')}`];
}

function wideDirectories(settings: Settings, places: Places): string[] {
  const home = realPath(places.homeDirectory);
  return settings.approvedDirectories
    .filter((directory) => isWithin(home, directory))
    .map((directory) => {
      const what = directory === home ? 'your whole home directory' : 'more than your home directory';
      return `${settingTable.approvedDirectories.env} holds ${directory}, ${what}: name the projects instead`;
    });
}

function openApiRoot({ telegramApiRoot }: Settings): string[] {
  const { protocol, hostname } = new URL(telegramApiRoot);
  if (protocol === 'https:' || /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)) return [];
  const { env } = settingTable.telegramApiRoot;
  return [`${env} is plain http:// to another machine: whoever listens on the way reads the bot token`];
}

function openDoor({ allowedUserIds, telegramBotToken }: Settings): string[] {
  if (allowedUserIds !== '*' || telegramBotToken === undefined) return [];
  return [
    `${settingTable.allowedUserIds.env} is *: anyone who finds the bot can drive the agent on this machine`,
  ];
}

function realPath(absolute: string): string {
  try {
    return realpathSync(absolute);
  } catch {
    return absolute;
  }
}
