import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../test/fixtures/manual-clock.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { Channel } from '../core/create-engine.ts';
import { personId, type Inbound } from '../core/ports/chat.ts';
import { createOwnerFile } from '../storage/owner-file.ts';
import { newId } from '../util/ids.ts';
import { silentLog } from '../util/log.ts';
import { createRedactor } from '../util/redact.ts';
import { ownerFile } from './paths.ts';
import { approversOf, telegramChannel } from './telegram-channel.ts';

const approvers = (allowed: string, chosen: string): readonly string[] | undefined =>
  approversOf(
    loadSettings({
      startDirectory: '/nowhere',
      homeDirectory: '/nowhere',
      environment: { LEASHD_ALLOWED_USER_IDS: allowed, LEASHD_APPROVER_IDS: chosen },
    }),
  );

describe('approvers on Telegram', () => {
  it('are all who may talk when none are named', () => {
    expect(approvers('7,8', '')).toBeUndefined();
  });

  it('are those who are named', () => {
    expect(approvers('7,8', '8')).toEqual(['telegram:8']);
    expect(approvers('*', '8')).toEqual(['telegram:8']);
    expect(approvers('', '8')).toEqual(['telegram:8']);
  });

  it('must be among those who may talk', () => {
    expect(() => approvers('7', '8,9')).toThrow(
      'LEASHD_APPROVER_IDS: expected IDs that stand in LEASHD_ALLOWED_USER_IDS too, got 8, 9',
    );
  });
});

describe('approvers of a bot that is paired', () => {
  const token = '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11';
  let folder: string;
  let lines: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'leashd-approvers-'));
    lines = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const open = (chosen: string): Promise<Channel> =>
    telegramChannel({
      token,
      loaded: loadSettings({
        startDirectory: folder,
        homeDirectory: folder,
        environment: { LEASHD_APPROVER_IDS: chosen, LEASHD_STATE_DIR: folder },
      }),
      clock: manualClock(),
      log: silentLog,
      redactor: createRedactor([]),
      announce: (line) => void lines.push(line),
    });
  const pairAs = (id: number): Inbound => ({
    id: newId(),
    chat: { connector: 'telegram', chat: String(id) },
    isPrivate: true,
    person: { id: personId('telegram', id), name: 'Ada' },
    receivedAt: 0,
    kind: 'command',
    name: 'start',
    args: /\/start (\S+)/.exec(lines[0] ?? '')?.[1] ?? '',
  });

  it('must name its owner: else nobody could answer a card', async () => {
    mkdirSync(folder, { recursive: true });
    await createOwnerFile(ownerFile(folder, '123456')).save(personId('telegram', 7));
    await expect(open('8')).rejects.toThrow(
      'LEASHD_APPROVER_IDS: expected the owner (telegram:7), who alone is served, got telegram:8',
    );
    await expect(open('7,8')).resolves.toMatchObject({ approvers: ['telegram:7', 'telegram:8'] });
    await expect(open('')).resolves.toMatchObject({ approvers: undefined });
  });

  it('are named to whoever is about to pair, and it warns when somebody else does', async () => {
    const channel = await open('8');
    expect(lines[1]).toContain('LEASHD_APPROVER_IDS names telegram:8 alone');
    await channel.access.admit(pairAs(7));
    expect(lines.at(-1)).toMatch(/^WARNING: nobody can approve.*names telegram:8, not telegram:7/);
  });

  it('may pair without a warning', async () => {
    const channel = await open('8');
    await channel.access.admit(pairAs(8));
    expect(lines).toHaveLength(3);
    expect(lines.at(-1)).toContain('Paired with Ada');
  });
});

describe('who may talk, taken anew', () => {
  const token = '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11';
  let folder: string;
  let lines: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'leashd-door-'));
    lines = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const settings = (allowed: string, chosen = '') =>
    loadSettings({
      startDirectory: folder,
      homeDirectory: folder,
      environment: {
        LEASHD_ALLOWED_USER_IDS: allowed,
        LEASHD_APPROVER_IDS: chosen,
        LEASHD_STATE_DIR: folder,
      },
    });
  const open = (allowed: string, chosen = '') =>
    telegramChannel({
      token,
      loaded: settings(allowed, chosen),
      clock: manualClock(),
      log: silentLog,
      redactor: createRedactor([]),
      announce: (line) => void lines.push(line),
    });
  const isLetIn = async (channel: Channel, id: number): Promise<boolean> => {
    const from = { chat: { connector: 'telegram', chat: String(id) }, isPrivate: true, receivedAt: 0 };
    const person = { id: personId('telegram', id), name: 'P' };
    const inbound = { ...from, id: newId<'InboundId'>(), person, kind: 'text', text: 'hello' } as const;
    return (await channel.access.admit(inbound)).kind === 'admitted';
  };
  const homes = (channel: Channel) => channel.homes?.().map(({ chat }) => chat);

  it('lets others in, and those out who are not named any more, only once it holds', async () => {
    const channel = await open('7,8', '8');
    expect(homes(channel)).toEqual(['8']);
    const commit = await channel.prepareReload?.(settings('8,9'));
    expect([await isLetIn(channel, 7), await isLetIn(channel, 9), channel.approvers]).toEqual([
      true,
      false,
      ['telegram:8'],
    ]);
    commit?.();
    expect([await isLetIn(channel, 7), await isLetIn(channel, 9), channel.approvers]).toEqual([
      false,
      true,
      undefined,
    ]);
    expect(homes(channel)).toEqual(['8', '9']);
  });

  it('takes no approvers who could not talk to the bot', async () => {
    const channel = await open('7,8', '8');
    await expect(channel.prepareReload?.(settings('7', '8'))).rejects.toThrow('got 8');
    expect(channel.approvers).toEqual(['telegram:8']);
  });

  it('shows a code only once nobody is named any more, and none a second time', async () => {
    const channel = await open('7');
    const commit = await channel.prepareReload?.(settings(''));
    expect(lines).toEqual([]);
    commit?.();
    expect(lines).toEqual([expect.stringContaining('/start ')]);
    expect(await isLetIn(channel, 7)).toBe(false);
    (await channel.prepareReload?.(settings('', '7')))?.();
    expect(lines).toHaveLength(1);
    expect(homes(channel)).toEqual([]);
  });

  it('keeps whoever has paired, and must let them approve', async () => {
    await createOwnerFile(ownerFile(folder, '123456')).save(personId('telegram', 7));
    const channel = await open('');
    expect(homes(channel)).toEqual(['7']);
    await expect(channel.prepareReload?.(settings('', '8'))).rejects.toThrow(
      'expected the owner (telegram:7)',
    );
    (await channel.prepareReload?.(settings('', '7')))?.();
    expect([await isLetIn(channel, 7), channel.approvers]).toEqual([true, ['telegram:7']]);
  });
});
