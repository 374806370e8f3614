import { createClaudeAgent } from '../agents/claude/claude-agent.ts';
import { plansFolder } from '../agents/claude/plans-folder.ts';
import { scratchDirectory } from '../agents/claude/scratch-directory.ts';
import type { LoadedSettings } from '../config/load-settings.ts';
import { loadWorkspaces } from '../config/workspaces.ts';
import type { SandboxPaths } from '../agents/claude/os-sandbox.ts';
import type { Channel } from '../core/create-engine.ts';
import type { Middleware } from '../core/middleware/compose.ts';
import type { Agent, AgentReadiness } from '../core/ports/agent.ts';
import type { Stores } from '../core/ports/store.ts';
import { PersonError } from '../errors.ts';
import type { Clock } from '../util/clock.ts';
import type { Log } from '../util/log.ts';
import type { Redactor } from '../util/redact.ts';
import { approvedDirectoriesOf } from './approved-directories.ts';
import type { AppChannel } from './app-channel.ts';
import { browserFor, checkBrowserPlace, type AppBrowser } from './browser.ts';
import { createApp, type App, type AppOptions } from './create-app.ts';
import { createGate } from './create-gate.ts';
import { checkDatabase } from './database-trust.ts';
import { checkDotenv } from './dotenv-trust.ts';
import { keepOutOfGit } from './keep-out-of-git.ts';
import { checkPluginPlaces, checkPlugins, loadPlugins } from './load-plugins.ts';
import { osSandboxFor, sandboxPaths, type OsSandbox } from './os-sandbox.ts';
import { personGit } from './person-git.ts';
import { PluginHost, type ChosenPlugin } from './plugin-host.ts';
import type { Coming } from './reload/reloader.ts';
import { secretsOf } from './secrets.ts';
import { testRuns } from './test-runs.ts';
import { version } from './version.ts';

export interface BuildOptions {
  readonly loaded: LoadedSettings;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Log;
  readonly redactor: Redactor;
  /** Tells the person at the machine, in a line. */
  readonly announce: (line: string) => void;
  /** Asks the person at the machine; absent where nobody sits there. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
  /** Called once it is sure that the agent is ready. */
  readonly openChannels: () => Promise<readonly AppChannel[]>;
  /** Takes the level of other settings. */
  readonly setLevel?: ((loaded: LoadedSettings) => void) | undefined;
  /** Left out: Claude Code. */
  readonly agent?: Agent | undefined;
  readonly middleware?: readonly Middleware[] | undefined;
  /** In place of parts of the SQLite database. */
  readonly stores?: Partial<Stores> | undefined;
  /** Beside those that the settings name. */
  readonly plugins?: readonly ChosenPlugin[] | undefined;
}

export type Built =
  | {
      readonly kind: 'built';
      readonly app: App;
      readonly channels: readonly Channel[];
      readonly approvedDirectories: readonly string[];
      /** What the person at the machine should know, in lines. */
      readonly words: readonly string[];
    }
  /** Nothing was opened. */
  | { readonly kind: 'not-ready'; readonly readiness: AgentReadiness & { readonly ready: false } };

/**
 * Everything that settings and parts ask for, checked and wired, not started.
 * @throws LeashdError when a setting, a policy, a plugin, the database or the bot can't be used.
 */
export async function buildApp(options: BuildOptions): Promise<Built> {
  const { loaded, log, clock, environment } = options;
  await checkDotenv(options);
  const approvedDirectories = approvedDirectoriesOf(loaded);
  const { stateDir } = loaded.settings;
  const workspaces = loadWorkspaces({ ...loaded, stateDir, approvedDirectories });
  const plugins = await pluginsFor(options, approvedDirectories);
  const browser = browserFor({ ...options, approvedDirectories });
  const browserFolder = browser.browser === undefined ? [] : [browser.browser.folder];
  const gate = createGate({
    ...options,
    agentScratch: [scratchDirectory(environment), ...browserFolder],
    agentPlans: plansFolder(environment),
  });
  const place: AgentPlace = { approvedDirectories };
  const { agent, osSandbox } = await agentFor(options, place, gate.policyFiles, browser);
  if (osSandbox.kind === 'on') place.osSandbox = osSandbox.paths;
  const readiness = await agent.readiness();
  if (!readiness.ready) return { kind: 'not-ready', readiness };

  keepOutOfGit(loaded);
  checkDatabase(loaded);
  const channels = await options.openChannels();
  const sandboxWords = osSandbox.kind === 'off' ? [] : [osSandbox.words];
  const browserState = options.agent === undefined ? browser.state : undefined;
  const browserWords = options.agent === undefined ? [browser.words ?? []].flat() : [];
  const parts = {
    approvedDirectories,
    workspaces,
    channels,
    agent,
    osSandbox: sandboxWords[0],
    browser: browserState,
    gate,
    git: personGit(environment, secretsOf(loaded.settings)),
    hide: (text: string) => options.redactor.redact(text),
    ...testRuns({ redactor: options.redactor, browser: browserState, log }),
    plugins,
    reloads: reloadsOf(options, { place, browser, channels }),
    agentTerms: (coming: SandboxedComing) =>
      place.osSandbox === undefined ? undefined : JSON.stringify(pathsUnder(coming)),
    clock,
    log,
  };
  const app = withEnd(createApp({ ...options, ...parts }), browser.close);
  const works = `Claude (${readiness.detail}) works in ${approvedDirectories.join(', ')}.`;
  const words = [
    options.agent === undefined ? works : works.replace('Claude', agent.name),
    ...sandboxWords,
    ...browserWords,
  ];
  return { kind: 'built', app, channels, approvedDirectories, words };
}

/** What is left to do once it has stopped. */
function withEnd(app: App, end: () => void): App {
  return { ...app, stop: (reason) => app.stop(reason).finally(end) };
}

async function pluginsFor(
  { loaded, plugins: given = [], clock, log }: BuildOptions,
  approvedDirectories: readonly string[],
): Promise<PluginHost> {
  const { plugins: settings, stateDir } = loaded.settings;
  const chosen = [...(await loadPlugins({ settings, approvedDirectories, log })), ...given];
  return new PluginHost({ plugins: checkPlugins(chosen), stateDir, version: version(), clock, log });
}

async function agentFor(
  options: BuildOptions,
  place: AgentPlace,
  policyFiles: readonly string[],
  { browser }: AppBrowser,
): Promise<{ readonly agent: Agent; readonly osSandbox: OsSandbox }> {
  const { loaded, environment, log, clock } = options;
  const { mcpServers, claudePath, osSandbox: wanted } = loaded.settings;
  if (options.agent !== undefined) {
    if (wanted !== 'required') return { agent: options.agent, osSandbox: { kind: 'off' } };
    throw new PersonError(
      'OS_SANDBOX_UNAVAILABLE',
      `LEASHD_OS_SANDBOX is required, but only Claude Code's commands can be put into it, not those of ${options.agent.name}`,
      { hint: 'Set it to off, and let the agent see to it itself.' },
    );
  }
  const osSandbox = await osSandboxFor({ ...options, policyFiles });
  const agent = createClaudeAgent({
    environment,
    secrets: secretsOf(loaded.settings),
    get approvedDirectories() {
      return place.approvedDirectories;
    },
    mcpServers,
    browser,
    claudePath,
    get osSandbox() {
      return place.osSandbox;
    },
    log,
    clock,
  });
  return { agent, osSandbox };
}

/** Where agents are started from now on. */
type AgentPlace = { approvedDirectories: readonly string[]; osSandbox?: SandboxPaths };
type SandboxedComing = Pick<Coming, 'inForce' | 'next' | 'policyFiles'>;

/** What only the next start opens is closed to commands by then. */
function pathsUnder({ inForce, next, policyFiles }: SandboxedComing): SandboxPaths {
  const all = [inForce, next].map((loaded) => sandboxPaths({ loaded, policyFiles }));
  return {
    untouchable: [...new Set(all.flatMap(({ untouchable }) => untouchable))],
    unwritable: [...new Set(all.flatMap(({ unwritable }) => unwritable))],
  };
}

function reloadsOf(
  { environment, confirm, redactor, setLevel }: BuildOptions,
  { place, browser, channels }: { place: AgentPlace; browser: AppBrowser; channels: readonly AppChannel[] },
): NonNullable<AppOptions['reloads']> {
  return [
    async ({ next, inForce, approvedDirectories }) => {
      // In a conversation in the terminal, an answer would be taken for a message.
      await checkDotenv({ loaded: next, environment, confirm: confirm && refuseUnknown });
      checkPluginPlaces({ settings: inForce.settings.plugins, approvedDirectories });
      checkBrowserPlace(browser, { loaded: inForce, approvedDirectories });
      return () => {
        for (const secret of secretsOf(next.settings)) redactor.add(secret);
        setLevel?.(inForce);
      };
    },
    (coming) => {
      const osSandbox = place.osSandbox && pathsUnder(coming);
      const { approvedDirectories } = coming;
      return () => void Object.assign(place, { approvedDirectories, osSandbox } satisfies AgentPlace);
    },
    ...channels.map(({ prepareReload }) => async ({ inForce }: Coming) => {
      const commit = await prepareReload?.(inForce);
      return () => commit?.();
    }),
  ];
}

async function refuseUnknown(): Promise<boolean> {
  throw new PersonError(
    'DOTENV_NOT_TRUSTED',
    'the .env has other LEASHD_ lines by now, and you can be asked whether you wrote them only at a start',
    { hint: 'Start leashd again, or set them in ~/.leashd/config.yaml.' },
  );
}
