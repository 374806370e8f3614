import { randomBytes } from 'node:crypto';
import { accessSync, constants, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { BROWSER_SERVER, type Browser } from '../agents/claude/browser-server.ts';
import type { LoadedSettings } from '../config/load-settings.ts';
import type { BrowserState } from '../core/ports/browser.ts';
import { PersonError } from '../errors.ts';
import { isWithin } from '../safety/paths.ts';
import type { Log } from '../util/log.ts';

export interface BrowserOptions {
  readonly loaded: LoadedSettings;
  /** Absolute real paths that the agent may write below: what lies there is nobody's browser. */
  readonly approvedDirectories: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly platform?: NodeJS.Platform | undefined;
}

export type AppBrowser = {
  readonly state: BrowserState;
  /** For the agent; absent where there is none, or the person's own server takes its place. */
  readonly browser?: Browser | undefined;
  /** For the person who starts leashd, one line; absent where there is nothing to tell. */
  readonly words?: string | undefined;
  /** Takes away what the browser saved. Must not throw. */
  readonly close: () => void;
};

/** Debian's, Ubuntu's and Fedora's names first, then Google's. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

const MAC_APPS = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
];

/** Looks for a browser on this machine, and says what there is. Starts and makes nothing. */
export function browserFor(options: BrowserOptions): AppBrowser {
  const { settings } = options.loaded;
  const isWanted = settings.browser === 'on';
  if (Object.hasOwn(settings.mcpServers, BROWSER_SERVER)) {
    const words = `Claude’s browser is your own MCP server “${BROWSER_SERVER}” (LEASHD_MCP_SERVERS), not leashd’s.`;
    return { state: { kind: 'ready', isAlways: true }, words, close: () => {} };
  }
  const program = settings.browserPath ?? findBrowser(options);
  if (program === undefined) return missing(options, isWanted);
  const folder = newFolder();
  options.log.info('browser_found', { program, isWanted });
  return {
    state: { kind: 'ready', isAlways: isWanted, folder },
    browser: { program, folder },
    words: isWanted ? `Claude has a browser: ${program}, headless.` : undefined,
    close: () => removed(folder, options.log),
  };
}

function missing({ log, platform = process.platform }: BrowserOptions, isWanted: boolean): AppBrowser {
  const reason = 'no Chromium or Chrome was found on this machine';
  const hint = `${platform === 'darwin' ? 'Install Google Chrome' : 'Install one (Debian: `apt install chromium`)'}, or set LEASHD_BROWSER_PATH; then start leashd again.`;
  if (isWanted) log.warn('browser_missing', { names: NAMES });
  return {
    state: { kind: 'missing', reason, hint },
    words: isWanted ? `Claude goes WITHOUT a browser: ${reason}. ${hint}` : undefined,
    close: () => {},
  };
}

/** The absolute path of the first that may be run. A relative entry of PATH would depend on the project. */
function findBrowser({
  approvedDirectories,
  environment,
  loaded,
  platform = process.platform,
}: BrowserOptions): string | undefined {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const places = ['/Applications', join(loaded.homeDirectory, 'Applications')];
  const apps =
    platform === 'darwin' ? MAC_APPS.flatMap((app) => places.map((place) => join(place, app))) : [];
  return [...apps, ...onPath].find((path) => isProgram(path, approvedDirectories));
}

/** @throws PersonError where the agent could rewrite the browser that was found, once these directories are approved. */
export function checkBrowserPlace(
  { browser }: AppBrowser,
  { loaded, approvedDirectories }: Pick<BrowserOptions, 'loaded' | 'approvedDirectories'>,
): void {
  // The one that the person names is theirs to judge.
  if (browser === undefined || loaded.settings.browserPath !== undefined) return;
  const inside = approvedDirectories.find((directory) => isWithin(realOrSame(browser.program), directory));
  if (inside === undefined) return;
  throw new PersonError(
    'BROWSER_REWRITABLE',
    `Claude's browser ${browser.program} lies in ${inside}, where it could be rewritten`,
    { hint: 'Approve another directory, or set LEASHD_BROWSER_PATH and start leashd again.' },
  );
}

function realOrSame(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function isProgram(path: string, approved: readonly string[]): boolean {
  try {
    accessSync(path, constants.X_OK);
    const real = realpathSync(path);
    return statSync(real).isFile() && !approved.some((directory) => isWithin(real, directory));
  } catch {
    return false;
  }
}

/** A name that nobody can have taken before it is made. */
function newFolder(): string {
  return join(realpathSync(tmpdir()), `leashd-browser-${randomBytes(8).toString('hex')}`);
}

function removed(folder: string, log: Log): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (fault) {
    log.warn('browser_folder_left', { folder, fault });
  }
}
