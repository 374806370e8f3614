import type { Bot, Owner } from '../../app/init/bot.ts';
import { reloadDaemon } from '../../app/init/running-daemon.ts';
import { ownerOf, setOwner, writeConfig, type PreparedSetUp } from '../../app/init/write-set-up.ts';
import { shortPath } from '../../config/origin.ts';
import { settingTable, type SettingKey } from '../../config/settings.ts';
import type { CliContext } from '../commands/cli-command.ts';
import type { RunAnswer } from './run-step.ts';
import type { Session } from './session.ts';

export type Finished = {
  readonly session: Session;
  readonly prepared: PreparedSetUp;
  readonly bot: Bot | undefined;
  readonly owner: Owner | undefined;
  readonly run: RunAnswer;
  /** A leashd runs with these settings. */
  readonly isRunning: boolean;
};

const NAMES: Readonly<Partial<Record<SettingKey, string>>> = {
  approvedDirectories: 'directories',
  telegramBotToken: 'bot token',
  policyFiles: 'rules',
};

/** Writes what was answered, says so, and does what is to follow. Resolves with the exit status. */
export async function finish(finished: Finished): Promise<number> {
  const { session, prepared, bot, owner, run, isRunning } = finished;
  const { voice, current } = session;
  const { stateDir } = prepared.loaded.settings;
  if (prepared.isChanged) {
    writeConfig(current, prepared.text);
    const what = prepared.changed.map((key) => NAMES[key] ?? settingTable[key].yaml);
    voice.done(`Written: ${shortPath(current.path, current.place)} (${what.join(', ')}).`);
  }
  if (owner !== undefined && bot !== undefined) {
    await setOwner(stateDir, bot.id, owner.person);
    voice.done(`The bot serves ${owner.name}, and nobody else.`);
  }
  if (!prepared.isChanged && owner === undefined) voice.step('Nothing to write: all stays as it was.');
  for (const line of [...prepared.overridden, ...prepared.loaded.warnings]) voice.warn(line);
  if (isRunning) await tellDaemon(finished, stateDir);
  voice.end(nextStep(finished, await isUnpaired(finished)));
  return act(run, session);
}

async function tellDaemon({ session, prepared, owner }: Finished, stateDir: string): Promise<void> {
  const { voice, commandWord } = session;
  const restart = `${commandWord} restart`;
  if (prepared.isChanged) {
    const news = await reloadDaemon(stateDir);
    if (news.kind === 'failed') {
      return voice.warn(`The running leashd did not take it (${news.reason}): ${restart}`);
    }
    if (news.applied.length > 0) voice.done(`The running leashd has taken ${news.applied.join(', ')}.`);
    if (news.needsRestart.length > 0) {
      voice.warn(`Only a restart takes ${news.needsRestart.join(', ')}: ${restart}`);
    }
  }
  if (owner !== undefined) voice.warn(`The running leashd knows the new owner after a restart: ${restart}`);
}

/** Whether the start will show a code, as nobody is served yet. */
async function isUnpaired({ prepared, bot, owner }: Finished): Promise<boolean> {
  const { allowedUserIds, stateDir } = prepared.loaded.settings;
  if (bot === undefined || owner !== undefined || allowedUserIds === '*' || allowedUserIds.length > 0)
    return false;
  // What is wrong with the owner's file was said where it was asked for.
  return (await ownerOf(stateDir, bot.id).catch(() => undefined)) === undefined;
}

function nextStep({ session, prepared, bot, run, isRunning }: Finished, willPair: boolean): string {
  const { commandWord } = session;
  if (willPair && run === 'service') return 'Now the service. It shows the code that pairs the bot with you.';
  if (willPair && run === 'start') return 'leashd starts, and shows the code that pairs the bot with you.';
  if (willPair && !isRunning)
    return `Next: ${commandWord} start. It shows the code that pairs the bot with you.`;
  const chat = bot?.username === undefined ? 'your bot' : `https://t.me/${bot.username}`;
  if (run === 'service') return `Now the service. Then write to ${chat} what you want done.`;
  if (run === 'start')
    return bot === undefined ? 'Type what you want done.' : `leashd starts. Then write to ${chat}.`;
  if (isRunning) return bot === undefined ? 'That is all.' : `That is all. Write to ${chat}.`;
  if (bot !== undefined) return `Next: ${commandWord} start, and write to ${chat} what you want done.`;
  const [directory] = prepared.loaded.settings.approvedDirectories;
  const where = directory === undefined ? '' : ` (it works in ${directory})`;
  return `Next: ${commandWord}${where}, and type what you want done.`;
}

async function act(run: RunAnswer, { surroundings }: Session): Promise<number> {
  const context: CliContext = { options: {}, argument: undefined, operands: [], surroundings };
  if (run === 'start') return (await import('../commands/start.ts')).startCommand.run(context);
  if (run === 'service') return (await import('../commands/service.ts')).installHere(context);
  return 0;
}
