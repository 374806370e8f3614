import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

/** A Node that is too old for leashd, where the machine has one beside the one that runs the tests. */
const oldNode = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .find((path) => existsSync(path) && isTooOld(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout));

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.replace('v', '').split('.').map(Number);
  return major < 22 || (major === 22 && minor < 13);
}

describe.skipIf(oldNode === undefined)('an older Node (skipped where the machine has none)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'leashd-old-node-'));
  beforeAll(() => {
    spawnSync(
      join(ROOT, 'node_modules/.bin/tsc'),
      ['-p', join(ROOT, 'tsconfig.build.json'), '--outDir', join(folder, 'dist')],
      { encoding: 'utf8' },
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is told in one sentence what leashd needs', () => {
    const { status, stderr } = spawnSync(oldNode ?? '', [join(folder, 'dist/cli/main.js'), 'demo'], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^leashd needs Node\.js 22\.13 or newer; this is [\d.]+\. .+\n$/);
  });
});
