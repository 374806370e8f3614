import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServiceAccount } from '../../../test/fixtures/service-host.ts';
import { runCli } from '../run-cli.ts';

let account: ServiceAccount;
beforeEach(() => {
  account = new ServiceAccount();
});
afterEach(() => account.remove());

async function leashd(...args: readonly string[]): Promise<{ status: number; said: string }> {
  const output = new PassThrough({ encoding: 'utf8' });
  const status = await runCli(args, {
    input: new PassThrough(),
    output,
    errorOutput: output,
    isTty: false,
    environment: account.environment,
    startDirectory: account.directory,
    homeDirectory: account.home,
    untilStopped: () => new Promise(() => {}),
  });
  return { status, said: String(output.read() ?? '') };
}

describe('leashd service', () => {
  it('says what to do first where nothing is set', async () => {
    const { status, said } = await leashd('service', 'install', '--dry-run');
    expect(status).toBe(2);
    expect(said).toContain('Run: leashd init');
    expect(account.changes()).toEqual([]);
  });

  it('says that nothing is there, and how to get it', async () => {
    expect(await leashd('service', 'status')).toMatchObject({ status: 1 });
    expect((await leashd('service', 'status', '--json')).said).toContain('"standing": "absent"');
    expect((await leashd('service', 'uninstall')).said).toContain('There is no service of leashd');
  });

  it('ends well for launchd where only the person can help, having said why', async () => {
    account.configure();
    writeFileSync(join(account.home, '.leashd/config.yaml'), 'no_such_setting: 1\n');
    const { status, said } = await leashd('service', 'run');
    expect(status).toBe(0);
    expect(said).toContain('no_such_setting');
  });
});
