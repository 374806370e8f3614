import { mkdirSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { text, useTool } from '../fixtures/messages-api/reply.ts';
import { startLeashd } from './leashd-process.ts';
import { createRig, type Rig } from './rig.ts';

describe('the audit log, with the real binary', () => {
  let rig: Rig;
  let start = '';
  let path = '';
  beforeAll(async () => {
    rig = await createRig();
    start = join(rig.home.home, 'leashd-start');
    path = join(start, '.leashd', 'audit.jsonl');
    writeFileSync(join(rig.project, 'README.md'), '# Shop\n');
    await rig.start();
  }, 40_000);
  afterAll(() => rig.dispose());

  /** Runs a command of leashd beside the one that is running. */
  function leashd(...args: readonly string[]): Promise<readonly [number | null, string]> {
    return leashdWith({}, ...args);
  }

  async function leashdWith(
    settings: Readonly<Record<string, string>>,
    ...args: readonly string[]
  ): Promise<readonly [number | null, string]> {
    const environment = { ...rig.home.environment, ...settings };
    const ran = startLeashd({ args: [...args], directory: start, environment });
    return [await ran.exited(), ran.output()];
  }

  async function reads(id: string, times = 1): Promise<void> {
    const calls = Array.from({ length: times }, (_, index) =>
      useTool('Read', { file_path: join(rig.project, 'README.md') }, { id: `${id}_${index}` }),
    );
    rig.model.enqueue(...calls, text(`Done with ${id}.`));
    rig.owner.send(`read it for ${id}`);
    await rig.sees((message) => message.text.includes(`Done with ${id}.`));
  }

  const told = (sign: string): number =>
    rig.owner.chat.messages().filter((message) => message.from.isBot && message.text.startsWith(sign)).length;

  it('is whole while leashd runs, and shown on the command line', async () => {
    await reads('first');
    expect(await leashd('audit', 'verify')).toEqual([0, expect.stringContaining('✓ whole')]);
    const [status, shown] = await leashd('audit', 'show', '--tool', 'Read');
    expect([status, shown]).toEqual([0, expect.stringContaining('✓ allow\n  Read: README.md\n')]);
  });

  it('has one writer: a second leashd on the same log does not start', async () => {
    // With a state folder of its own: else that alone would keep it from starting.
    const elsewhere = { LEASHD_STATE_DIR: join(rig.home.home, 'other-state') };
    const [status, output] = await leashdWith(elsewhere, 'start');
    expect([status, output]).toEqual([1, expect.stringContaining('another leashd is running')]);
    expect(await leashd('audit', 'verify')).toEqual([0, expect.stringContaining('✓ whole')]);
  });

  it('lets nothing run while it can’t be written, and says so once, and once when it can again', async () => {
    renameSync(path, `${path}.aside`);
    mkdirSync(path);
    await reads('outage', 3);
    for (const index of [0, 1, 2]) {
      expect(rig.model.lastToolResult(`outage_${index}`)).toMatchObject({ isError: true });
    }
    await rig.sees((message) => message.text.startsWith('⛔ Nothing runs'));
    rmdirSync(path);
    renameSync(`${path}.aside`, path);
    await reads('again');
    expect(rig.model.lastToolResult('again_0')).toMatchObject({ isError: false });
    await rig.sees((message) => message.text.startsWith('✅ The audit log'));
    expect([told('⛔ Nothing runs'), told('✅ The audit log')]).toEqual([1, 1]);
    await rig.leashd.stop();
    expect(await leashd('audit', 'verify')).toEqual([0, expect.stringContaining('✓ whole')]);
    expect(rig.auditLines().map(({ event, why }) => why ?? event)).toEqual([
      'new',
      'tool_decided',
      'recovered',
      'tool_decided',
      'leashd_stopped',
    ]);
  });

  it('says at the start, and to whoever asks, that its end was cut off', async () => {
    const lines = rig.auditLines().map((line) => JSON.stringify(line));
    writeFileSync(path, `${lines.slice(0, 2).join('\n')}\n`);
    expect(await leashd('audit', 'verify')).toEqual([1, expect.stringContaining(`${path}:3: cut`)]);
    await rig.start();
    expect(rig.leashd.output()).toContain('is not as leashd left it');
    await rig.leashd.stop();
    const [status, output] = await leashd('audit', 'verify');
    expect([status, output]).toEqual([1, expect.stringContaining(`${path}:3: cut`)]);
    expect(output).toContain('entries 2 to 4 stood before it');
  });
});
