import type { Clock } from '../util/clock.ts';
import type { Hide } from '../util/hidden-values.ts';
import type { Log } from '../util/log.ts';
import type { LoadedSettings } from '../config/load-settings.ts';
import { createEngine, type Channel, type CreatedEngine, type EngineParts } from '../core/create-engine.ts';
import type { EngineSettings } from '../core/engine-settings.ts';
import type { Engine } from '../core/engine.ts';
import type { EventBus } from '../core/events/event-bus.ts';
import type { Middleware } from '../core/middleware/compose.ts';
import type { Agent } from '../core/ports/agent.ts';
import type { BrowserState } from '../core/ports/browser.ts';
import type { Git } from '../core/ports/git.ts';
import type { Stores } from '../core/ports/store.ts';
import type { TestWorkflow } from '../core/ports/test-workflow.ts';
import type { Workspace } from '../core/ports/workspace.ts';
import { markdownToRichText } from '../markdown/convert.ts';
import type { AuditLog } from '../safety/audit/audit-log.ts';
import type { Gatekeeper } from '../safety/gate/gatekeeper.ts';
import type { RememberedApprovals } from '../safety/grants/remembered.ts';
import { composeStores } from '../storage/compose-stores.ts';
import { openStores, type OpenedStores } from '../storage/open-stores.ts';
import { AuditOutage } from './audit-outage.ts';
import type { GateParts } from './create-gate.ts';
import type { PluginHost } from './plugin-host.ts';
import { playwrightProjects } from './playwright-projects.ts';
import { projectTests } from './project-tests.ts';
import { personFiles } from './read-for-person.ts';
import { secretsOf } from './secrets.ts';
import type { Reloaded } from './reload/reloaded.ts';
import { Reloader, type Coming, type ReloaderOptions } from './reload/reloader.ts';
import { version } from './version.ts';

export interface AppOptions {
  readonly loaded: LoadedSettings;
  /** Absolute real paths; at least one. */
  readonly approvedDirectories: readonly string[];
  /** Left out: none. */
  readonly workspaces?: readonly Workspace[] | undefined;
  readonly channels: readonly Channel[];
  readonly agent: Agent;
  /** Whether its commands run in the operating system's sandbox, in a sentence. */
  readonly osSandbox?: string | undefined;
  readonly browser?: BrowserState | undefined;
  readonly gate: GateParts;
  /** Left out: there is no /git. */
  readonly git?: Git | undefined;
  /** Left out: there is no /test. */
  readonly testWorkflow?: TestWorkflow | undefined;
  /** Takes the private values of test runs out of the agent's words. */
  readonly hidePrivate?: Hide | undefined;
  /** Takes secrets out of what git says before it goes to a chat. */
  readonly hide?: ((text: string) => string) | undefined;
  /** What an inbound passes behind the door and the rate limit. */
  readonly middleware?: readonly Middleware[] | undefined;
  /** In place of parts of the SQLite database; their `close` is called before its own. */
  readonly stores?: Partial<Stores> | undefined;
  readonly plugins?: PluginHost | undefined;
  /** What is taken anew with the settings, beside policies, directories and the conversation's own. */
  readonly reloads?: ReloaderOptions['others'] | undefined;
  /** What an agent is started with under these settings that the engine knows nothing of, as text. */
  readonly agentTerms?:
    ((coming: Pick<Coming, 'inForce' | 'next' | 'policyFiles'>) => string | undefined) | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Tells the person at the machine, in a line. */
  readonly announce?: ((line: string) => void) | undefined;
}

/** leashd, wired: nothing runs before `start`. */
export interface App {
  readonly engine: Engine;
  readonly events: EventBus;
  start(): Promise<void>;
  /** Where the agent may work now. */
  approvedDirectories(): readonly string[];
  /**
   * Takes settings, policies, workspaces and directories anew, all or nothing, without interrupting a turn. A function
   * is called to read the settings: what it throws counts as what is wrong with them.
   * @throws LeashdError when anything is wrong: nothing has changed then.
   */
  reload(loaded: LoadedSettings | (() => LoadedSettings)): Promise<Reloaded>;
  /** In reverse order of the start, once, within five seconds. */
  stop(reason: string): Promise<void>;
}

/** Milliseconds that the last line of the audit log, and then its file, get. */
const AUDIT_PATIENCE_MS = 100;
/** Milliseconds by which engine and plugins have stopped, so that the audit log and the database can be closed too. */
const STOP_PATIENCE_MS = 4_700;

/**
 * Puts all rooms together.
 * @throws PersonError for a policy or database that can't be used, MachineError for files that can't be opened.
 */
export function createApp(options: AppOptions): App {
  const { channels, agent, gate, plugins, clock, log } = options;
  log.info('engine_building', {
    agent: agent.name,
    connectors: channels.map(({ connector }) => connector.name),
  });
  const stores = storesOf(options);
  let tell = (_chat: string, _markdown: string): void => {};
  const outage: AuditOutage = new AuditOutage({
    clock,
    tell: (chat, markdown) => tell(chat, markdown),
    probe: () => audit.open(),
  });
  const audit: AuditLog = gate.createAudit({
    heads: stores.auditHeads,
    approvedDirectories: options.approvedDirectories,
    onBroken: (what) => options.announce?.(`warning: ${what} See: leashd audit verify`),
    onWritten: () => outage.worked(),
  });
  const remembered = gate.createRemembered({ store: stores.grants, audit });
  let gatekeeper: Gatekeeper | undefined;
  const created = createEngine({
    settings: settingsAtStart(options),
    channels,
    createGate: (approver) =>
      (gatekeeper = gate.create({
        approver,
        audit,
        remembered,
        stricter: plugins?.voters ?? [],
        onAuditFailure: (error, chat) => outage.failed(error, chat),
        onGrantFailure: (chat, said) => tell(chat, said),
        onVoidApproval: (chat, said) => tell(chat, said),
      })),
    ...workParts(options),
    remembered,
    audit,
    agent,
    stores,
    clock,
    log,
  });
  tell = (chat, markdown) => created.say(chat, markdown);
  if (gatekeeper === undefined) throw new TypeError('the engine made no gate');
  const reloader = reloaderOf(options, { gatekeeper, audit, created });
  log.info('engine_built', { directories: options.approvedDirectories, policies: gate.policyFiles });

  return runnable({
    engine: created.engine,
    events: created.events,
    plugins,
    outage,
    audit,
    remembered,
    stores,
    clock,
    reloader,
  });
}

/** What people's commands work with. */
function workParts({ middleware, git, testWorkflow, hidePrivate, hide }: AppOptions): WorkParts {
  return {
    middleware,
    renderMarkdown: markdownToRichText,
    files: personFiles,
    playwrightProjects,
    git,
    projectTests,
    testWorkflow,
    hidePrivate,
    hide,
  };
}

type WorkParts = Pick<
  EngineParts,
  | 'middleware'
  | 'renderMarkdown'
  | 'files'
  | 'playwrightProjects'
  | 'git'
  | 'projectTests'
  | 'testWorkflow'
  | 'hidePrivate'
  | 'hide'
>;

/** Order counts: the gate first, the conversation last. */
function reloaderOf(
  options: AppOptions,
  { gatekeeper, audit, created }: { gatekeeper: Gatekeeper; audit: AuditLog; created: CreatedEngine },
): Reloader {
  const {
    loaded,
    approvedDirectories,
    workspaces = [],
    gate,
    reloads = [],
    agentTerms,
    clock,
    log,
  } = options;
  return new Reloader({
    loaded,
    approvedDirectories,
    workspaces,
    gate,
    gatekeeper,
    audit,
    others: [
      ({ next }) =>
        () =>
          gate.addSecrets(secretsOf(next.settings)),
      ...reloads,
      (coming) => {
        const parts = { ...options, ...coming, loaded: coming.inForce };
        const settings = engineSettings(parts, coming.approvalTimeoutMs, agentTerms?.(coming));
        return (reloadedAt) => created.reload({ ...settings, reloadedAt });
      },
    ],
    now: () => clock.now(),
    log,
  });
}

type Running = Pick<App, 'engine' | 'events'> & {
  readonly reloader: Reloader;
  readonly plugins: PluginHost | undefined;
  readonly outage: AuditOutage;
  readonly audit: AuditLog;
  readonly remembered: RememberedApprovals;
  readonly stores: OpenedStores;
  readonly clock: Clock;
};

/** What is opened and started in order, and stopped in the reverse one. */
function runnable(running: Running): App {
  const { engine, events, plugins, outage, audit, remembered, stores, clock, reloader } = running;
  let isOpen = false;
  let stopping: Promise<void> | undefined;
  const stop = async (reason: string): Promise<void> => {
    const begun = clock.monotonic();
    await engine.stop(reason);
    // Last, so that they see all that happens until the end.
    await plugins?.stop(STOP_PATIENCE_MS - (clock.monotonic() - begun));
    outage.end();
    await withinMs(clock, AUDIT_PATIENCE_MS, remembered.close());
    const written = isOpen ? audit.record({ event: 'leashd_stopped', reason }) : Promise.resolve();
    await withinMs(
      clock,
      AUDIT_PATIENCE_MS,
      written.catch(() => {}),
    );
    await withinMs(clock, AUDIT_PATIENCE_MS, audit.close());
    await stores.close();
  };
  return {
    engine,
    events,
    start: async () => {
      // Before anything is received: what can't be written down can't be allowed.
      await audit.open();
      isOpen = true;
      await remembered.open();
      await plugins?.initialize(events);
      await engine.start();
      await plugins?.start();
    },
    approvedDirectories: () => reloader.approvedDirectories,
    reload: (loaded) => reloader.reload(loaded),
    stop: (reason) => (stopping ??= stop(reason)),
  };
}

function storesOf({ loaded, stores: parts = {}, log, clock }: AppOptions): OpenedStores {
  const { storageBackend, storagePath } = loaded.settings;
  const own = openStores({ path: storageBackend === 'memory' ? ':memory:' : storagePath, log, clock });
  return composeStores(own, parts, (fault) => log.error('stores_not_closed', { fault }));
}

/** A disk that does not answer must not hold up the end. */
async function withinMs(clock: Clock, ms: number, work: Promise<void>): Promise<void> {
  await Promise.race([work, new Promise<void>((resolve) => void clock.after(ms, resolve))]);
}

function settingsAtStart(options: AppOptions): EngineSettings {
  const { gate, loaded, agentTerms } = options;
  const terms = agentTerms?.({ inForce: loaded, next: loaded, policyFiles: gate.policyFiles });
  return engineSettings(options, gate.approvalTimeoutMs, terms);
}

function engineSettings(
  { loaded, approvedDirectories, workspaces, osSandbox, browser }: AppOptions,
  approvalTimeoutMs: number,
  agentTerms: string | undefined,
): EngineSettings {
  const { settings } = loaded;
  return {
    approvedDirectories,
    workspaces,
    defaultMode: settings.defaultMode,
    systemPrompt: settings.systemPrompt ?? '',
    maxTurns: settings.maxTurns,
    approvalTimeoutMs,
    agentTerms,
    turnTimeoutMs: settings.agentTimeoutSeconds * 1000,
    budgets: { perTurnUsd: settings.maxCostUsdPerTurn, perDayUsd: settings.maxCostUsdPerDay },
    agentIdleMs: settings.agentIdleSeconds * 1000,
    isStreaming: settings.streamingEnabled,
    rateLimitRpm: settings.rateLimitRpm,
    rateLimitBurst: settings.rateLimitBurst,
    version: version(),
    osSandbox,
    browser,
  };
}
