import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { puppetAgent } from '../../test/fixtures/puppet-agent.ts';
import { openToAnyone } from '../core/access/open-to.ts';
import { recordingConnector } from '../testing/recording-connector.ts';
import { silentLog } from '../util/log.ts';
import { createApp } from './public.ts';

it('a workspace outside what is approved stops the start, and a project’s own workspaces.yaml is never read', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-workspaces-start-')));
  try {
    for (const name of ['home/.leashd', 'project/.leashd', 'third'])
      mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'project', '.leashd', 'workspaces.yaml'), 'not: workspaces\n');
    writeFileSync(join(folder, 'project', 'workspaces.yaml'), 'not: workspaces\n');
    const create = () =>
      createApp({
        startDirectory: join(folder, 'project'),
        homeDirectory: join(folder, 'home'),
        environment: { PATH: process.env['PATH'] },
        announce: () => {},
        log: silentLog,
        settings: { approvedDirectories: [join(folder, 'project')] },
        channels: [{ connector: recordingConnector(), access: openToAnyone }],
        agent: puppetAgent(),
      });
    await (await create()).stop();
    writeFileSync(join(folder, 'home', '.leashd', 'workspaces.yaml'), 'workspaces:\n  shop: [~/../third]\n');
    await expect(create()).rejects.toMatchObject({
      code: 'WORKSPACES_INVALID',
      fault: 'person',
      message: expect.stringContaining(
        '~/.leashd/workspaces.yaml:2:10 shop: expected a directory inside',
      ) as unknown,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
