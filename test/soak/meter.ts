import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Figures } from './control.ts';
import { openFilesOf, processesWithHome } from './processes.ts';
import type { SoakWorld } from './world.ts';

export type QuietPoint = Figures & {
  readonly round: number;
  /** Where its open files lead to. */
  readonly files: readonly string[];
  /** Programs that run under leashd. */
  readonly children: number;
};

const MEGABYTE = 1024 * 1024;
/** Each chat's agent has three pipes, and Telegram's connections some more. */
const MOST_FILES = 90;
const MOST_MORE_FILES = 16;
const MOST_MORE_HEAP = 24 * MEGABYTE;
const MOST_MORE_RESIDENT = 96 * MEGABYTE;

/** What leashd holds when nothing is going on, from round to round. */
export class Meter {
  readonly points: QuietPoint[] = [];
  readonly #world: SoakWorld;
  readonly #temporary: string;
  readonly #before: readonly string[];

  constructor(world: SoakWorld) {
    this.#world = world;
    this.#temporary = world.rig.home.environment['TMPDIR'] ?? '';
    this.#before = filesIn(this.#temporary);
  }

  async look(round: number): Promise<QuietPoint> {
    const figures = await this.#world.control.measure();
    const others = processesWithHome(this.#world.rig.home.home).filter(({ pid }) => pid !== figures.pid);
    const point = { ...figures, round, files: openFilesOf(figures.pid), children: others.length };
    this.points.push(point);
    return point;
  }

  /** What grew in one life of leashd. The first quiet point of a life is for warming up. */
  faults(): readonly string[] {
    const lives = new Map<number, QuietPoint[]>();
    for (const point of this.points) lives.set(point.pid, [...(lives.get(point.pid) ?? []), point]);
    return [...lives.values()].flatMap(([, ...points]) => this.#grown(points));
  }

  /** What is still there when leashd has ended. */
  leftovers(): readonly string[] {
    const { home } = this.#world.rig.home;
    const processes = processesWithHome(home).map(({ pid, command }) => `process ${pid} is left: ${command}`);
    const kept = /^(?:messages\.db|audit[^/]*\.jsonl(?:\.lock)?|logs(?:\/app\.log(?:\.\d+)?)?|\.gitignore)$/;
    const state = filesIn(this.#world.folder).filter((path) => !kept.test(path));
    const own = filesIn(join(home, '.leashd')).filter(
      (path) => !/^(?:rules|known|owner-\d+\.json|leashd\.lock)(?:\/|$)/.test(path),
    );
    // Claude Code's own, which it finds again under these names.
    const isClaudes = (path: string): boolean => /^(?:claude-\d+|cc-socks)(?:\/|$)/.test(path);
    const temporary = filesIn(this.#temporary).filter(
      (path) => !this.#before.includes(path) && !isClaudes(path),
    );
    return [
      ...processes,
      ...state.map((path) => `.leashd/${path} is left beside the database`),
      ...own.map((path) => `~/.leashd/${path} is left`),
      ...temporary.map((path) => `${path} is left in TMPDIR`),
    ];
  }

  #grown(points: readonly QuietPoint[]): readonly string[] {
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) return [];
    const faults = points
      .filter(({ files }) => files.length > MOST_FILES)
      .map(({ round, files }) => `round ${round}: ${files.length} open files`);
    const grew = (what: string, by: number, most: number): void => {
      if (by > most) faults.push(`${what} grew by ${by} from round ${first.round} to ${last.round}`);
    };
    grew('open files', last.files.length - first.files.length, MOST_MORE_FILES);
    grew('the heap', last.heapUsed - first.heapUsed, MOST_MORE_HEAP);
    grew('resident memory', last.rss - first.rss, MOST_MORE_RESIDENT);
    return faults;
  }
}

export function pointWords({ files, rss, heapUsed, children, pid }: QuietPoint): string {
  const mb = (bytes: number): string => `${Math.round(bytes / MEGABYTE)} MB`;
  return `pid ${pid}, ${mb(rss)} resident, ${mb(heapUsed)} heap, ${files.length} files, ${children} children`;
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  } catch {
    return [];
  }
}
