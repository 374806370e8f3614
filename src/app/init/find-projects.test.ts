import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../util/clock.ts';
import { findProjects } from './find-projects.ts';

describe('projects near by', () => {
  let home: string;
  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-projects-')));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const project = (path: string, usedAt: number): string => {
    mkdirSync(join(home, path, '.git'), { recursive: true });
    utimesSync(join(home, path, '.git'), usedAt, usedAt);
    return join(home, path);
  };
  const find = async (start = home, withinMs?: number): Promise<string[]> => {
    const options = { startDirectory: start, homeDirectory: home, except: join(home, 'code/leashd') };
    const clock = systemClock;
    const found = await findProjects({ ...options, clock, ...(withinMs === undefined ? {} : { withinMs }) });
    return found.map(({ path }) => path);
  };

  it('begins with the one the person stands in, then the most recently used', async () => {
    const old = project('code/old', 1_000);
    const fresh = project('projects/team/fresh', 3_000);
    const here = project('elsewhere/here', 2_000);
    mkdirSync(join(here, 'src/deep'), { recursive: true });
    expect(await find(join(here, 'src/deep'))).toEqual([here, fresh, old]);
  });

  it('looks below the start directory, each project once, nothing inside one', async () => {
    const one = project('code/one', 1_000);
    project('code/one/vendored', 2_000);
    project('code/node_modules/x', 2_000);
    project('code/.hidden/x', 2_000);
    project('code/leashd', 2_000);
    project('code/a/b/c/d/too-deep', 2_000);
    symlinkSync(one, join(home, 'code', 'link'));
    expect(await find(join(home, 'code'))).toEqual([one]);
  });

  it('never offers the home, also where it is a repository', async () => {
    project('.', 1_000);
    const shop = project('shop', 1_000);
    expect(await find()).toEqual([shop]);
  });

  it('gives what it has when its time is over', async () => {
    project('code/one', 1_000);
    expect(await find(home, -1)).toEqual([]);
    expect(await find(join(home, 'nowhere'))).toHaveLength(1);
  });
});
