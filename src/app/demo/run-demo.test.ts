import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../util/clock.ts';
import { runDemo } from './run-demo.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leashd-run-demo-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function shownByDemo(): Promise<string> {
  const output = new PassThrough();
  await runDemo({
    input: new PassThrough(),
    output,
    isTty: false,
    clock: systemClock,
    signal: new AbortController().signal,
  });
  return String(output.read());
}

describe('the demo that nobody watches', () => {
  it('says that leashd itself answered, not a person, and leaves only its audit log', async () => {
    const shown = await shownByDemo();
    expect(shown).toMatch(/Rejected by leashd itself, \d\d:\d\d$/m);
    expect(shown.match(/Rejected by/g)).toHaveLength(1);
    expect(shown).not.toContain('The person rejected it');
    expect(shown).toContain('5 tool calls: 2 allowed, 1 rejected, 2 denied.');
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^leashd-demo-state-/)]);
  });

  it('says what it needs where nothing can be written', async () => {
    vi.stubEnv('TMPDIR', join(folder, 'missing'));
    await expect(shownByDemo()).rejects.toMatchObject({ fault: 'machine', code: 'DEMO_PROJECT' });
  });
});
