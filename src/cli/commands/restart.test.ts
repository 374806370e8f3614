import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { daemonStatus } from '../../../test/fixtures/daemon-status.ts';
import { listenForControl, type ControlServer } from '../../app/control/control-server.ts';
import type { DaemonStatus } from '../../app/control/protocol.ts';
import { silentLog } from '../../util/log.ts';
import { processSurroundings } from '../surroundings.ts';
import { restartCommand } from './restart.ts';

describe('leashd restart', () => {
  let home: string;
  let server: ControlServer | undefined;
  let asked: string[];
  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-restart-')));
    mkdirSync(join(home, '.leashd'), { mode: 0o700 });
    asked = [];
  });
  afterEach(async () => {
    await server?.close();
    rmSync(home, { recursive: true });
  });

  /** Restarts a leashd that says this of itself. */
  async function restart(status: Partial<DaemonStatus>): Promise<number> {
    const refuse = async (): Promise<never> => {
      asked.push('stop');
      throw new Error('this one is not to be touched');
    };
    const handlers = {
      status: async () => daemonStatus({ startDirectory: home, ...status }),
      stop: refuse,
      reload: refuse,
    };
    const stateDir = join(home, '.leashd');
    server = await listenForControl({ stateDir, handlers, log: silentLog, redact: (text) => text });
    const surroundings = {
      ...processSurroundings(),
      environment: {},
      startDirectory: home,
      homeDirectory: home,
    };
    return restartCommand.run({ options: {}, argument: undefined, operands: [], surroundings });
  }

  it.each<[string, Partial<DaemonStatus>]>([
    ['RESTART_IN_TERMINAL', { connector: 'terminal' }],
    ['RESTART_FOREGROUND', { isBackground: false }],
    ['RESTART_DIRECTORY_GONE', { startDirectory: '/no/such/directory' }],
    ['RESTART_ENVIRONMENT', { environmentNames: ['LEASHD_TELEGRAM_BOT_TOKEN'] }],
  ])('leaves the running one alone where another would start: %s', async (code, status) => {
    await expect(restart(status)).rejects.toMatchObject({ code });
    expect(asked).toEqual([]);
  });

  it('leaves it alone where nothing would start, and says so', async () => {
    writeFileSync(join(home, '.leashd', 'config.yaml'), 'max_turns: many\n', { mode: 0o600 });
    await expect(restart({})).rejects.toMatchObject({
      message: expect.stringContaining('max_turns') as string,
      hint: expect.stringContaining('left as it is') as string,
    });
    expect(asked).toEqual([]);
  });
});
