import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EventBus } from '../core/events/event-bus.ts';
import { eventView } from '../core/events/event-view.ts';
import type { EventName } from '../core/events/events.ts';
import type { Plugin, PluginContext, PluginEvents } from '../core/ports/plugin.ts';
import { MachineError, messageOf } from '../errors.ts';
import type { StricterVoter } from '../safety/gate/stricter-votes.ts';
import type { Clock } from '../util/clock.ts';
import type { Log } from '../util/log.ts';

/** A plugin with what the settings give it. */
export type ChosenPlugin = { readonly plugin: Plugin; readonly options: PluginContext['options'] };

export interface PluginHostOptions {
  readonly plugins: readonly ChosenPlugin[];
  readonly stateDir: string;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
}

const BEGIN_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 1_000;

type Guest = ChosenPlugin & { readonly log: Log; readonly offs: (() => void)[] };

/**
 * Runs plugins beside the engine, each on its own: a fault in one is logged as `plugin_failed` and reaches neither
 * the engine nor the others. Only one that has a vote can keep leashd from starting, and only its vote can deny.
 */
export class PluginHost {
  readonly #options: PluginHostOptions;
  /** Those that work, in the order of the settings. */
  #guests: readonly Guest[];

  constructor(options: PluginHostOptions) {
    this.#options = options;
    this.#guests = options.plugins.map((chosen) => ({
      ...chosen,
      log: options.log.with({ plugin: chosen.plugin.name }),
      offs: [],
    }));
  }

  /** Those that have a vote on what runs. One that can't begin keeps leashd from starting, so none is missing later. */
  get voters(): readonly StricterVoter[] {
    return this.#options.plugins.filter(hasVote).map(({ plugin }) => ({
      name: plugin.name,
      vote: (call, footprint, context) => plugin.vote?.({ call, footprint, context }),
    }));
  }

  /** @throws MachineError PLUGIN_FAILED when one that has a vote can't begin. */
  async initialize(bus: EventBus): Promise<void> {
    const waiting = this.#guests;
    this.#guests = [];
    for (const guest of waiting) {
      const isFine = await this.#begin(guest, 'initialize', async () =>
        guest.plugin.initialize(this.#contextFor(guest, bus)),
      );
      if (isFine) this.#guests = [...this.#guests, guest];
    }
  }

  /** @throws MachineError PLUGIN_FAILED when one that has a vote can't start. */
  async start(): Promise<void> {
    for (const guest of this.#guests) {
      await this.#begin(guest, 'start', async () => guest.plugin.start?.());
    }
  }

  /** The last one first, all of them within `budgetMs`; never rejects. */
  async stop(budgetMs: number): Promise<void> {
    const { clock } = this.#options;
    const end = clock.monotonic() + budgetMs;
    for (const guest of this.#guests.toReversed()) {
      const leftMs = Math.min(STOP_TIMEOUT_MS, Math.max(0, end - clock.monotonic()));
      await this.#attempt(guest, 'stop', leftMs, async () => guest.plugin.stop?.());
      this.#silence(guest);
    }
  }

  #contextFor(guest: Guest, bus: EventBus): PluginContext {
    const { stateDir, version } = this.#options;
    const stateDirectory = join(stateDir, 'plugins', guest.plugin.name);
    mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
    return {
      events: this.#eventsFor(guest, bus),
      log: guest.log,
      options: structuredClone(guest.options),
      stateDirectory,
      version,
    };
  }

  #eventsFor(guest: Guest, bus: EventBus): PluginEvents {
    const keep = (off: () => void): (() => void) => {
      guest.offs.push(off);
      return off;
    };
    const tell = async (event: EventName, call: () => unknown): Promise<void> => {
      try {
        await call();
      } catch (fault) {
        this.#tellFault(guest, event, fault);
      }
    };
    const view = eventView(bus, tell);
    return {
      on: (name, handler) => keep(view.on(name, handler)),
      onAny: (handler) => keep(view.onAny(handler)),
    };
  }

  /** False when the plugin is left out. */
  async #begin(guest: Guest, step: string, work: () => Promise<void>): Promise<boolean> {
    const fault = await this.#attempt(guest, step, BEGIN_TIMEOUT_MS, work);
    if (fault === undefined) return true;
    this.#silence(guest);
    const { name } = guest.plugin;
    if (!hasVote(guest)) return false;
    throw new MachineError(
      'PLUGIN_FAILED',
      `the plugin ${name} failed to ${step}: ${messageOf(fault.cause)}`,
      {
        hint: 'It has a vote on what runs, so leashd does not start without it. Mend it, or take it out of LEASHD_PLUGINS.',
        cause: fault.cause,
      },
    );
  }

  async #attempt(
    guest: Guest,
    step: string,
    timeoutMs: number,
    work: () => Promise<void>,
  ): Promise<{ readonly cause: unknown } | undefined> {
    try {
      await this.#inTime(timeoutMs, work);
      return undefined;
    } catch (cause) {
      this.#tellFault(guest, step, cause);
      return { cause };
    }
  }

  async #inTime<Result>(timeoutMs: number, work: () => Promise<Result>): Promise<Result> {
    let cancel = (): void => {};
    const late = new Promise<never>((_, reject) => {
      const timer = this.#options.clock.after(timeoutMs, () =>
        reject(new Error(`it took longer than ${timeoutMs / 1000} s`)),
      );
      cancel = () => timer.cancel();
    });
    try {
      return await Promise.race([work(), late]);
    } finally {
      cancel();
    }
  }

  #silence(guest: Guest): void {
    for (const off of guest.offs.splice(0)) off();
  }

  #tellFault(guest: Guest, step: string, fault: unknown): void {
    guest.log.error('plugin_failed', { step, reason: messageOf(fault) });
  }
}

function hasVote({ plugin }: ChosenPlugin): boolean {
  return plugin.vote !== undefined;
}
