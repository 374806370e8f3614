import type { Stats } from 'node:fs';
import type { LoadedSettings } from '../../config/load-settings.ts';
import type { BotAnswer } from '../../connectors/telegram/ask-bot.ts';
import type { Clock } from '../../util/clock.ts';
import type { Called } from '../control/control-client.ts';
import type { ServiceReport } from '../service/service-status.ts';

/** What the checks look at. Everything that is asked of others is asked once, for all of them. */
export interface DoctorContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly startDirectory: string;
  readonly homeDirectory: string;
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  /** The account that runs leashd; undefined where there is none. */
  readonly uid: number | undefined;
  readonly settings: SettingsRead;
  /** What the system says about the disk that `path` lies on, or would. Rejects where it can't tell. */
  readonly disk: (path: string) => Promise<Disk>;
  /** The leashd that has the state folder. */
  readonly daemon: () => Promise<Called<'status'>>;
  /** What starts it with the machine. Rejects with NO_SERVICE_MANAGER where nothing could. */
  readonly service: () => Promise<ServiceReport>;
  /** What Telegram says to the token; undefined without one. */
  readonly bot: () => Promise<AskedBot | undefined>;
}

export type SettingsRead =
  | { readonly kind: 'loaded'; readonly loaded: LoadedSettings }
  | { readonly kind: 'wrong'; readonly fault: unknown };

export type Disk = {
  readonly freeBytes: number;
  /** Linux: the file system's magic number (statfs(2)). */
  readonly type: number;
  /** The same for all that lie on it. */
  readonly device: Stats['dev'];
};

export type AskedBot = {
  readonly answer: BotAnswer;
  /** How long it took. */
  readonly tookMs: number;
  /** Milliseconds by which the server's clock is ahead of this machine's; undefined when it did not tell. */
  readonly aheadMs: number | undefined;
};

/** The settings, for a check that has nothing to look at without them. */
export function loadedOf(context: DoctorContext): LoadedSettings | undefined {
  return context.settings.kind === 'loaded' ? context.settings.loaded : undefined;
}
