import { stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { loadSettings } from '../../config/load-settings.ts';
import { askBot } from '../../connectors/telegram/ask-bot.ts';
import type { Clock } from '../../util/clock.ts';
import { callDaemon } from '../control/control-client.ts';
import { requireKnownDotenv } from '../dotenv-trust.ts';
import { serviceStatus } from '../service/service-status.ts';
import type { AskedBot, Disk, DoctorContext, SettingsRead } from './context.ts';

export type DoctorOptions = Pick<DoctorContext, 'environment' | 'startDirectory' | 'homeDirectory' | 'clock'>;

const DAEMON_MS = 2000;
const BOT_MS = 5000;

/** This machine, as the checks see it. Nothing is asked before a check wants to know it. Never rejects. */
export async function createContext(options: DoctorOptions): Promise<DoctorContext> {
  const settings = await readSettings(options);
  const loaded = settings.kind === 'loaded' ? settings.loaded.settings : undefined;
  const stateDir = loaded?.stateDir ?? join(options.homeDirectory, '.leashd');
  const token = loaded?.telegramBotToken;
  const platform = process.platform;
  const uid = process.getuid?.();
  return {
    ...options,
    platform,
    uid,
    settings,
    disk,
    daemon: once(() => callDaemon(stateDir, 'status', { timeoutMs: DAEMON_MS })),
    service: once(() => serviceStatus({ ...options, platform, uid: uid ?? 0 }, options.startDirectory)),
    bot: once(async () =>
      loaded === undefined || token === undefined
        ? undefined
        : askedBot(token, loaded.telegramApiRoot, options.clock),
    ),
  };
}

async function readSettings(options: DoctorOptions): Promise<SettingsRead> {
  try {
    const loaded = loadSettings(options);
    // Before anything: a project's .env could name a program to run, and a server to send the token to.
    await requireKnownDotenv({ loaded, environment: options.environment });
    return { kind: 'loaded', loaded };
  } catch (fault) {
    return { kind: 'wrong', fault };
  }
}

async function askedBot(token: string, apiRoot: string, clock: Clock): Promise<AskedBot> {
  const [at, begun] = [clock.now(), clock.monotonic()];
  const answer = await askBot('getMe', {}, { token, apiRoot, signal: AbortSignal.timeout(BOT_MS) });
  const tookMs = clock.monotonic() - begun;
  const serverAt = answer.kind === 'answered' ? answer.serverAt : undefined;
  return { answer, tookMs, aheadMs: serverAt === undefined ? undefined : serverAt - (at + tookMs / 2) };
}

async function disk(path: string): Promise<Disk> {
  const [{ bavail, bsize, type }, { dev }] = await Promise.all([statfs(path), stat(path)]);
  return { freeBytes: bavail * bsize, type, device: dev };
}

function once<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let asked: Promise<Value> | undefined;
  return () => (asked ??= ask());
}
