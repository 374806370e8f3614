import { z } from 'zod';
import type { Reloaded } from '../reload/reloaded.ts';

/** What a running leashd does for whoever owns its state folder. */
export type ControlMethod = 'status' | 'stop' | 'reload';

/** One line of JSON each way, then the connection ends. */
export type ControlRequest = { readonly id: string; readonly method: ControlMethod };

export const controlRequest: z.ZodType<ControlRequest> = z.strictObject({
  id: z.string().max(64),
  method: z.enum(['status', 'stop', 'reload']),
});

export type ControlReply =
  | { readonly id: string; readonly ok: true; readonly result: unknown }
  | { readonly id: string; readonly ok: false; readonly error: ControlFault };

export type ControlFault = {
  /** Stable, as a LeashdError's. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
};

/** What each method gives back. */
export type ControlResults = {
  readonly status: DaemonStatus;
  /** Comes at once, before it has stopped. */
  readonly stop: { readonly pid: number; readonly waitsFor: readonly string[] };
  readonly reload: Reloaded;
};

export type DaemonStatus = {
  readonly version: string;
  readonly pid: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly startedAt: number;
  /** Absolute: where it was started, and what relative paths start from. */
  readonly startDirectory: string;
  /** Whether `leashd start` put it into the background; else a service or a terminal has it. */
  readonly isBackground: boolean;
  /** Absolute: where its log lies. */
  readonly logDir: string;
  /** Names of the settings that its environment gives it (`LEASHD_…`), never their values. */
  readonly environmentNames: readonly string[];
  /** `starting` until everything is up: an unreachable Telegram is waited for here. */
  readonly state: 'starting' | 'running' | 'stopping';
  /** What a stopping leashd waits for, in words. */
  readonly waitsFor: readonly string[];
  /** `telegram` or `terminal`. */
  readonly connector: string;
  /** The bot's name without the @, once Telegram has told it. */
  readonly bot?: string | undefined;
  /** Absolute real paths. */
  readonly directories: readonly string[];
  /** Chats with a conversation. */
  readonly chats: number;
  /** Agent processes that live now. */
  readonly agents: number;
  /** Questions that wait for a person. */
  readonly pending: number;
  /** Messages that wait for their turn. */
  readonly waiting: number;
  /** Replies that have not been delivered whole. */
  readonly undelivered: number;
  readonly residentBytes: number;
  readonly todayUsd: number;
  /** Whether the connector receives: false while Telegram can't be reached. */
  readonly isPolling: boolean;
  /** The last trouble with Telegram, over or not. */
  readonly lastFault?: { readonly at: number; readonly message: string; readonly hint?: string | undefined };
  /** What the person at the machine should still see: an open pairing code, warnings. */
  readonly notices: readonly string[];
};
