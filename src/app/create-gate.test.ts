import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../test/fixtures/manual-clock.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { Verdict } from '../core/ports/gate.ts';
import type { GrantStore } from '../core/ports/grants.ts';
import { openStores, type OpenedStores } from '../storage/open-stores.ts';
import { silentLog } from '../util/log.ts';
import { createRedactor } from '../util/redact.ts';
import { createGate } from './create-gate.ts';

const HOUR_MS = 3_600_000;

describe('a grant that was chosen with an approval', () => {
  const clock = manualClock();
  let folder: string;
  let project: string;
  let stores: OpenedStores;
  let said: string[];
  let asked: number;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-gate-')));
    project = join(folder, 'project');
    for (const name of ['home', 'start', 'project']) mkdirSync(join(folder, name));
    stores = openStores({ path: ':memory:', log: silentLog, clock });
    said = [];
    asked = 0;
  });
  afterEach(async () => {
    await stores.close();
    rmSync(folder, { recursive: true });
  });

  /** A gate whose person taps the first choice behind "Approve similar…", and then two calls that it asks about. */
  async function twice(store: GrantStore): Promise<readonly Verdict[]> {
    const parts = createGate({
      loaded: loadSettings({
        startDirectory: join(folder, 'start'),
        homeDirectory: join(folder, 'home'),
        environment: { LEASHD_APPROVED_DIRECTORIES: project },
      }),
      clock,
      log: silentLog,
      redactor: createRedactor([]),
      agentScratch: [],
    });
    const audit = { record: async (): Promise<void> => {} };
    const remembered = parts.createRemembered({ store, audit });
    const gate = parts.create({
      approver: {
        ask: async ({ offers }) => {
          asked += 1;
          const offer = offers.find(({ length }) => length.kind === 'time' && length.ms === HOUR_MS)?.id;
          return { kind: 'approved', by: 'telegram:42', offer };
        },
      },
      audit,
      remembered,
      stricter: [],
      onAuditFailure: () => {},
      onGrantFailure: (chat, words) => void said.push(`${chat} ${words}`),
      onVoidApproval: () => {},
    });
    const call = { id: 'c1', tool: 'Bash', input: { command: 'touch notes.txt' }, directory: project };
    const context = {
      chat: 'telegram:42',
      session: 's',
      turn: 't',
      directories: [project],
      mode: { name: 'default', mayChange: true, grants: [] },
    };
    const { signal } = new AbortController();
    const verdicts = [await gate.decide(call, context, signal), await gate.decide(call, context, signal)];
    await remembered.close();
    return verdicts;
  }

  it('lets the next one like it run unasked', async () => {
    expect(await twice(stores.grants)).toEqual([{ kind: 'allow' }, { kind: 'allow' }]);
    expect(asked).toBe(1);
    expect(said).toEqual([]);
  });

  it('is none when it can not be kept: this call runs, the chat is told, and the next one asks', async () => {
    const broken = { ...stores.grants, save: async () => Promise.reject(new Error('disk full')) };
    expect(await twice({ ...broken, load: async () => [], remove: async () => {} })).toEqual([
      { kind: 'allow' },
      { kind: 'allow' },
    ]);
    expect(asked).toBe(2);
    expect(said[0]).toMatch(
      /^telegram:42 ⚠️ Approved once, but not “.+1 hour”: disk full\. The next one asks/,
    );
  });

  it('knows where the person has programs looked for, as their PATH says', () => {
    const programs = join(project, '.venv', 'bin');
    const loaded = loadSettings({ startDirectory: folder, homeDirectory: folder, environment: {} });
    const environment = { PATH: `/usr/bin:${programs}:relative/bin:` };
    const parts = createGate({
      loaded,
      environment,
      clock,
      log: silentLog,
      redactor: createRedactor([]),
      agentScratch: [],
    });
    const { rules } = parts.prepare(loaded, loaded, [project]);
    expect(rules.sandbox.programFolders).toEqual(['/usr/bin', programs]);
  });
});
