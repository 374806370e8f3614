import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../../test/fixtures/manual-clock.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { Gate } from '../core/ports/gate.ts';
import { openStores, type OpenedStores } from '../storage/open-stores.ts';
import { silentLog } from '../util/log.ts';
import { createRedactor } from '../util/redact.ts';
import { createGate } from './create-gate.ts';
import { keepOutOfGit } from './keep-out-of-git.ts';

/** The default places, leashd started in the very project that the agent works in, and a person who approves everything. */
describe('audit log, history and log in their default places', () => {
  let folder: string;
  let project: string;
  let stores: OpenedStores;
  let gate: Gate;
  let asked: string[];
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-own-files-')));
    project = join(folder, 'home', 'project');
    const write = (path: string): void => {
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), 'x\n');
    };
    for (const path of ['src/index.ts', 'README.md', 'empty/x']) write(path);
    execFileSync('git', ['init', '-q'], { cwd: project });
    const loaded = loadSettings({
      startDirectory: project,
      homeDirectory: join(folder, 'home'),
      environment: { LEASHD_APPROVED_DIRECTORIES: project, LEASHD_POLICY_FILES: 'permissive.yaml' },
    });
    keepOutOfGit(loaded);
    for (const name of [
      'messages.db',
      'messages.db-wal',
      'audit.jsonl',
      'audit-20260131T142530Z-3.jsonl',
      'logs/app.log',
    ])
      write(`.leashd/${name}`);
    symlinkSync('.leashd', join(project, 'link'));
    symlinkSync(join(project, '.leashd/audit.jsonl'), join(project, 'notes.txt'));
    const clock = manualClock();
    stores = openStores({ path: ':memory:', log: silentLog, clock });
    const parts = createGate({
      loaded,
      clock,
      log: silentLog,
      redactor: createRedactor([]),
      agentScratch: [],
    });
    const audit = { record: async (): Promise<void> => {} };
    gate = parts.create({
      approver: {
        ask: async ({ call }) => {
          asked.push(JSON.stringify(call.input));
          return { kind: 'approved', by: 'telegram:42' };
        },
      },
      audit,
      remembered: parts.createRemembered({ store: stores.grants, audit }),
      stricter: [],
      onAuditFailure: () => {},
      onGrantFailure: () => {},
      onVoidApproval: () => {},
    });
  });
  afterAll(async () => {
    await stores.close();
    rmSync(folder, { recursive: true });
  });

  async function decide(tool: string, input: Record<string, unknown>): Promise<string> {
    asked = [];
    const context = {
      chat: 'telegram:42',
      session: 's',
      turn: 't',
      directories: [project],
      mode: { name: 'auto', mayChange: true, grants: ['edit-files'] as const },
    };
    const call = { id: 'c1', tool, input, directory: project };
    const verdict = await gate.decide(call, context, new AbortController().signal);
    return `${verdict.kind} ${verdict.kind === 'deny' ? verdict.rule : ''}${asked.length > 0 ? ' (asked)' : ''}`;
  }

  it.each([
    ['Write', '.leashd/audit.jsonl'],
    ['Write', '.leashd/messages.db'],
    ['Write', '.leashd/messages.db-wal'],
    ['Write', '.leashd/messages.db-journal'],
    ['Write', '.leashd/audit-20260131T142530Z-3.jsonl'],
    ['Write', '.leashd/logs/app.log'],
    ['Write', '.LEASHD/audit.jsonl'],
    ['Write', 'link/audit.jsonl'],
    ['Write', 'notes.txt'],
    ['Write', 'src/../.leashd/messages.db'],
    ['Edit', '.leashd/audit.jsonl'],
    ['Edit', 'link/messages.db'],
    ['Edit', 'notes.txt'],
    ['NotebookEdit', 'link/audit.jsonl'],
    ['Write', '.leashd/test.yaml'],
    ['Write', '.leashd/test-session.md'],
    ['Read', '.leashd/test-session.md'],
    ['Read', '.leashd/messages.db'],
    ['Read', 'link/audit.jsonl'],
    ['Read', 'notes.txt'],
  ])('are closed to %s %s', async (tool, path) => {
    const file = join(project, path);
    const input = {
      file_path: file,
      notebook_path: file,
      content: 'x',
      old_string: 'x',
      new_string: 'y',
      new_source: '',
    };
    expect(await decide(tool, input)).toBe('deny own-files');
  });

  it('leave open what a project says about its tests, to be read', async () => {
    expect(await decide('Read', { file_path: join(project, '.leashd/test.yaml') })).toBe('allow ');
  });

  it.each([
    'echo x > .leashd/audit.jsonl',
    'echo x > .leashd/test-session.md',
    'cat .leashd/test.yaml',
    'echo x >> link/audit.jsonl',
    'echo x | tee notes.txt',
    'truncate -s 0 .leashd/audit.jsonl',
    "sed -i 's/deny/allow/' .leashd/audit.jsonl",
    'cp README.md .leashd/messages.db',
    'cat .leashd/messages.db',
    'rm .leashd/audit.jsonl',
    'rm -rf .leashd',
    'rm -rf .leashd/',
    'rm -rf link/',
    'rm -r .',
    'rm -rf "$PWD"',
    'rm -rf ../project',
    'rm -rf .[!.]*',
    'rm -rf .l*',
    'git stash push -a -m x',
    'cd src && git -C .. clean -xf',
    'git add -f .leashd/audit.jsonl',
    'mv .leashd x',
    'mv .leashd/audit.jsonl x',
    'mv link/messages.db x',
    'mv README.md .leashd/audit.jsonl',
    'cd .. && mv project other',
    'cd src && mv ../.leashd ..',
    'ln -sf README.md .leashd/audit.jsonl',
    'find . -delete',
    "find . -name '*.jsonl' -delete",
    'find .leashd -type f -exec rm {} +',
    'git clean -fdx',
    'git clean -fdX',
    'git clean -ffdx .',
    'git stash --all',
    'git add -f .leashd && git stash',
    'git mv .leashd x',
    'chmod -R 000 .leashd',
    'sqlite3 .leashd/messages.db "DELETE FROM messages"',
    'tar cf all.tar .leashd',
    'bash -c "rm -rf .leashd"',
    'echo .leashd | xargs rm -rf',
    'shred -u .leashd/audit.jsonl',
    'install README.md .leashd/audit.jsonl',
    'dd if=/dev/null of=.leashd/audit.jsonl',
    'mkdir -p .leashd/x && mv .leashd/x y',
  ])('are closed to %s', async (command) => {
    expect(`${await decide('Bash', { command })} <${command}>`).toMatch(/^deny/);
  });
});
