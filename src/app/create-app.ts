import type { Clock } from '../util/clock.ts';
import type { Log } from '../util/log.ts';
import type { LoadedSettings } from '../config/load-settings.ts';
import { createEngine, type Channel, type EngineSettings } from '../core/create-engine.ts';
import type { Engine } from '../core/engine.ts';
import type { EventBus } from '../core/event-bus.ts';
import type { Agent } from '../core/ports/agent.ts';
import { openStores } from '../storage/open-stores.ts';
import type { GateParts } from './create-gate.ts';
import { version } from './version.ts';

export interface AppOptions {
  readonly loaded: LoadedSettings;
  /** Absolute real paths; at least one. */
  readonly approvedDirectories: readonly string[];
  readonly channels: readonly Channel[];
  readonly agent: Agent;
  readonly gate: GateParts;
  readonly clock: Clock;
  readonly log: Log;
}

/** leashd, wired: nothing runs before `start`. */
export interface App {
  readonly engine: Engine;
  readonly events: EventBus;
  start(): Promise<void>;
  /** In reverse order of the start, once, within five seconds. */
  stop(reason: string): Promise<void>;
}

/**
 * Puts all rooms together.
 * @throws PersonError for a policy or database that can't be used, MachineError for files that can't be opened.
 */
export function createApp(options: AppOptions): App {
  const { loaded, channels, agent, gate, clock, log } = options;
  log.info('engine_building', {
    agent: agent.name,
    connectors: channels.map(({ connector }) => connector.name),
  });
  const { storageBackend, storagePath } = loaded.settings;
  const stores = openStores({ path: storageBackend === 'memory' ? ':memory:' : storagePath, log, clock });
  const { engine, events } = createEngine({
    settings: engineSettings(options, gate.approvalTimeoutMs),
    channels,
    createGate: (approver) => gate.create(approver),
    agent,
    stores,
    clock,
    log,
  });
  log.info('engine_built', { directories: options.approvedDirectories, policies: gate.policyFiles });

  let stopping: Promise<void> | undefined;
  const stop = async (reason: string): Promise<void> => {
    await engine.stop(reason);
    await stores.close();
    await gate.close();
  };
  return {
    engine,
    events,
    start: async () => {
      // Before anything is received: what can't be written down can't be allowed.
      await gate.open();
      await engine.start();
    },
    stop: (reason) => (stopping ??= stop(reason)),
  };
}

function engineSettings(
  { loaded, approvedDirectories }: AppOptions,
  approvalTimeoutMs: number,
): EngineSettings {
  const { settings } = loaded;
  return {
    approvedDirectories,
    defaultMode: settings.defaultMode,
    systemPrompt: settings.systemPrompt ?? '',
    maxTurns: settings.maxTurns,
    approvalTimeoutMs,
    turnTimeoutMs: settings.agentTimeoutSeconds * 1000,
    agentIdleMs: settings.agentIdleSeconds * 1000,
    isStreaming: settings.streamingEnabled,
    rateLimitRpm: settings.rateLimitRpm,
    rateLimitBurst: settings.rateLimitBurst,
    version: version(),
  };
}
