import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { Clock } from '../../util/clock.ts';

export type FindOptions = {
  /** Absolute. */
  readonly startDirectory: string;
  readonly homeDirectory: string;
  /** A folder that is never offered: leashd's own. */
  readonly except: string;
  readonly clock: Clock;
  /** After this long what was found is all there is. */
  readonly withinMs?: number;
};

export type FoundProject = {
  readonly path: string;
  /** When git last did something there; milliseconds since 1970. */
  readonly usedAt: number;
};

const WITHIN_MS = 1_500;
const MOST_FOLDERS = 3_000;
const MOST_FOUND = 200;
const DEPTH = 3;
/** Where people keep their projects, below their home. */
const USUAL_PLACES =
  'code Code src dev Dev Developer development projects Projects repos git github work workspace ws go/src Documents Desktop sites Sites'.split(
    ' ',
  );
const NEVER = new Set([
  'node_modules',
  'vendor',
  'target',
  'dist',
  'build',
  'venv',
  '__pycache__',
  'Library',
]);

/**
 * Git projects near by: the one that the person stands in first, then those below the start directory and in the
 * usual places of the home, most recently used first. Bounded in time, depth and number; never throws.
 */
export async function findProjects(options: FindOptions): Promise<readonly FoundProject[]> {
  const search = new Search(options);
  const here = await search.around(options.startDirectory);
  const roots = [
    { folder: options.startDirectory, depth: DEPTH },
    ...USUAL_PLACES.map((place) => ({ folder: join(options.homeDirectory, place), depth: DEPTH })),
    { folder: options.homeDirectory, depth: 1 },
  ];
  for (const { folder, depth } of roots) await search.below(folder, depth);
  const others = search.found().filter(({ path }) => path !== here?.path);
  return [...(here === undefined ? [] : [here]), ...others.sort((one, other) => other.usedAt - one.usedAt)];
}

class Search {
  readonly #options: FindOptions;
  readonly #until: number;
  readonly #seen = new Set<string>();
  readonly #found = new Map<string, FoundProject>();

  constructor(options: FindOptions) {
    this.#options = options;
    this.#until = options.clock.monotonic() + (options.withinMs ?? WITHIN_MS);
  }

  found(): FoundProject[] {
    return [...this.#found.values()];
  }

  /** The project that holds the folder. */
  async around(folder: string): Promise<FoundProject | undefined> {
    for (let at = await realOf(folder); at !== undefined; at = parentOf(at)) {
      const project = await this.#projectAt(at);
      if (project !== undefined) return project;
    }
    return undefined;
  }

  async below(folder: string, depth: number): Promise<void> {
    const real = await realOf(folder);
    if (real === undefined || this.#isOver() || (depth === DEPTH && this.#seen.has(real))) return;
    this.#seen.add(real);
    const project = await this.#projectAt(real);
    if (project !== undefined) this.#found.set(project.path, project);
    // What lies in a project is its own business.
    if (project !== undefined || depth === 0) return;
    for (const entry of await foldersIn(real)) await this.below(join(real, entry.name), depth - 1);
  }

  #isOver(): boolean {
    const { clock } = this.#options;
    return (
      clock.monotonic() > this.#until || this.#seen.size > MOST_FOLDERS || this.#found.size >= MOST_FOUND
    );
  }

  async #projectAt(path: string): Promise<FoundProject | undefined> {
    const { homeDirectory, except } = this.#options;
    const home = (await realOf(homeDirectory)) ?? homeDirectory;
    // The home, and what holds it, is more than Claude should be let into, also where it is a repository.
    if (path === except || `${home}${sep}`.startsWith(path.endsWith(sep) ? path : `${path}${sep}`))
      return undefined;
    const git = join(path, '.git');
    const times = await Promise.all(
      ['', 'index', 'HEAD', 'logs/HEAD'].map((name) => timeOf(join(git, name))),
    );
    return times[0] === undefined ? undefined : { path, usedAt: Math.max(...times.map((time) => time ?? 0)) };
  }
}

async function foldersIn(path: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter(
      (entry) => entry.isDirectory() && !entry.name.startsWith('.') && !NEVER.has(entry.name),
    );
  } catch {
    return [];
  }
}

async function realOf(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}

async function timeOf(path: string): Promise<number | undefined> {
  return stat(path)
    .then(({ mtimeMs }) => mtimeMs)
    .catch(() => undefined);
}

function parentOf(path: string): string | undefined {
  const parent = dirname(path);
  return parent === path ? undefined : parent;
}
