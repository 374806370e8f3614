import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditLogAt, callRecord } from '../../../test/fixtures/audit-bench.ts';
import { manualClock } from '../../../test/fixtures/manual-clock.ts';
import type { AuditRecord } from '../../safety/audit/audit-record.ts';
import { openStores } from '../../storage/open-stores.ts';
import { silentLog } from '../../util/log.ts';
import { runCli } from '../run-cli.ts';

const NOON = Date.parse('2026-01-31T12:00:00Z');
let folder = '';
let path = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-audit-cli-')));
  mkdirSync(join(folder, '.leashd'));
  path = join(folder, '.leashd/audit.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Ran = { readonly status: number; readonly output: string; readonly errors: string };

async function leashd(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ran> {
  let output = '';
  let errors = '';
  const into = (take: (text: string) => void): Writable =>
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        take(chunk.toString());
        done();
      },
    });
  const status = await runCli(args, {
    input: new PassThrough().end(),
    output: into((text) => (output += text)),
    errorOutput: into((text) => (errors += text)),
    isTty: false,
    environment,
    startDirectory: folder,
    homeDirectory: join(folder, 'home'),
    untilStopped: () => new Promise(() => {}),
  });
  return { status, output, errors };
}

/** Writes a log as leashd would, a minute between two records. */
async function write(records: readonly AuditRecord[], maxBytes?: number, isRemembered = true): Promise<void> {
  const clock = manualClock(NOON);
  const stores = openStores({ path: join(folder, '.leashd/messages.db'), log: silentLog, clock });
  const log = auditLogAt(path, { clock, maxBytes, heads: isRemembered ? stores.auditHeads : undefined });
  await log.open();
  for (const record of records) {
    clock.advance(60_000);
    await log.record(record);
  }
  await log.close();
  await stores.close();
}

const call = (id: string, changes: object = {}): AuditRecord =>
  callRecord(id, { command: `run ${id}` }, changes);
const edit = (change: (text: string) => string): void =>
  writeFileSync(path, change(readFileSync(path, 'utf8')));

describe('leashd audit verify', () => {
  it('says that a log is whole, through all of its files', async () => {
    await write(
      ['a', 'b', 'c', 'd'].map((id) => call(id)),
      1500,
    );
    const files = readdirSync(join(folder, '.leashd')).filter((name) => name.startsWith('audit'));
    expect(files.length).toBeGreaterThan(1);
    const { status, output } = await leashd(['audit', 'verify']);
    expect([status, output]).toEqual([0, `✓ whole: ${4 + files.length} entries in ${files.length} files\n`]);
  });

  it('names file and line of what is not, and exits with 1', async () => {
    await write(['a', 'b', 'c'].map((id) => call(id)));
    edit((text) => text.replace('run b', 'run x'));
    const { status, output } = await leashd(['audit', 'verify']);
    expect(status).toBe(1);
    expect(output).toContain(`${path}:3: changed\n`);
    expect(JSON.parse((await leashd(['audit', 'verify', '--json'])).output)).toMatchObject({
      isWhole: false,
      faults: [{ kind: 'changed', file: path, line: 3 }],
    });
  });

  it('knows from the database that the end was cut, also in a named file', async () => {
    await write(['a', 'b', 'c'].map((id) => call(id)));
    edit((text) => `${text.split('\n').slice(0, 3).join('\n')}\n`);
    for (const args of [[], ['.leashd/audit.jsonl']]) {
      const { status, output } = await leashd(['audit', 'verify', ...args]);
      expect([status, output]).toEqual([1, expect.stringContaining(`${path}:4: cut\n  entry 3 stood here`)]);
    }
    rmSync(path);
    expect((await leashd(['audit', 'verify'])).output).toContain(`${path}:1: cut`);
  });

  it('says when nothing can be proven about the end', async () => {
    await write([call('a')], undefined, false);
    const unknown = await leashd(['audit', 'verify']);
    expect([unknown.status, unknown.output]).toEqual([0, expect.stringContaining('does not know this')]);
    const memory = await leashd(['audit', 'verify'], { LEASHD_STORAGE_BACKEND: 'memory' });
    expect(memory.output).toContain("can't be proven");
  });

  it('says where leashd went on without knowing whether something had been cut off', async () => {
    await write([call('a'), call('b')]);
    edit((text) => `${text.split('\n').slice(0, 2).join('\n')}\n`);
    for (const name of readdirSync(join(folder, '.leashd')))
      if (name.startsWith('messages.db')) rmSync(join(folder, '.leashd', name));
    await write([call('c')]);
    const { status, output } = await leashd(['audit', 'verify']);
    expect([status, output.replaceAll(/\s+/g, ' ')]).toEqual([
      0,
      expect.stringContaining("whether something was cut off before entry 2 can't be proven"),
    ]);
  });

  it('looks at one file of several, and names the one that is missing', async () => {
    await write(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => call(id)),
      1500,
    );
    const rotated = readdirSync(join(folder, '.leashd')).filter((name) => /^audit-.*-2\.jsonl$/.test(name));
    const second = join(folder, '.leashd', rotated[0] ?? '');
    const { status, output } = await leashd(['audit', 'verify', second]);
    expect(status).toBe(0);
    expect(output).toContain('it follows entry');
    rmSync(second);
    const { output: all, status: broken } = await leashd(['audit', 'verify']);
    expect(broken).toBe(1);
    expect(all).toContain(`${path}:1: removed\n  entries 3 to 5 stood before this file, in`);
    expect(all).toContain('the file number 2, which is not here');
  });

  it('takes no settings to look at a file that is named', async () => {
    await write([call('a')]);
    const bad = { LEASHD_MAX_TURNS: 'many' };
    expect((await leashd(['audit', 'verify', path], bad)).status).toBe(0);
    expect((await leashd(['audit', 'verify'], bad)).status).toBe(2);
  });

  it('says so when there is no log', async () => {
    const { status, errors } = await leashd(['audit', 'verify']);
    expect([status, errors]).toEqual([2, expect.stringContaining('there is no audit log')]);
  });
});

const asked = { decision: { action: 'ask', layer: 'policy', rule: 'file-writes', reason: '', risk: 'low' } };
const answered = (id: string, answer: string, waitedMs: number): AuditRecord =>
  call(id, {
    event: 'approval_resolved',
    decision: { action: 'allow', layer: 'approval', rule: 'file-writes', reason: '', risk: 'low' },
    answer,
    by: 'telegram:1',
    waitedMs,
  });

describe('leashd audit show', () => {
  it('shows the last ones, in lines that fit a phone', async () => {
    await write([
      call('a'),
      call('b', { event: 'approval_requested', ...asked }),
      answered('b', 'approved', 2000),
      {
        event: 'mode_changed',
        chat: 'telegram:9',
        session: 's',
        from: 'default',
        to: 'plan',
        by: 'telegram:1',
      },
    ]);
    const { output, status } = await leashd(['audit', 'show', '--limit', '3']);
    expect(status).toBe(0);
    expect(output.split('\n')).toEqual([
      '2026-01-31 12:02:00 ? asked',
      '  Bash: run b',
      '  policy: file-writes',
      '2026-01-31 12:03:00 ✓ answered',
      '  Bash: run b',
      '  approval: file-writes approved by telegram:1',
      '2026-01-31 12:04:00 mode_changed',
      '  chat=telegram:9 session=s from=default',
      '    to=plan by=telegram:1',
      '',
    ]);
  });

  it('filters by chat, tool, decision, event and time', async () => {
    await write([
      call('a'),
      call('b', { event: 'approval_requested', ...asked }),
      { event: 'mode_changed', chat: 'telegram:9', session: 's', from: 'default', to: 'plan' },
    ]);
    const events = async (...args: readonly string[]): Promise<unknown[]> =>
      (await leashd(['audit', 'show', '--json', ...args])).output
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { readonly event: string }).event);
    expect(await events()).toEqual(['log_opened', 'tool_decided', 'approval_requested', 'mode_changed']);
    expect(await events('--limit', '0')).toHaveLength(4);
    expect(await events('--chat', 'telegram')).toEqual(['mode_changed']);
    expect(await events('--tool', 'bash')).toEqual(['tool_decided', 'approval_requested']);
    expect(await events('--tool', 'Read')).toEqual([]);
    expect(await events('--decision', 'deny')).toEqual(['tool_decided']);
    expect(await events('--event', 'log_opened')).toEqual(['log_opened']);
    expect(await events('--since', '2026-01-31T12:01Z', '--until', '2026-01-31T12:02Z')).toEqual([
      'tool_decided',
    ]);
    expect(await events('--since', '1h')).toEqual([]);
  });

  it('says when nothing fits, and leaves the lines to programs', async () => {
    await write([call('a')]);
    const { output, errors } = await leashd(['audit', 'show', '--tool', 'Nope', '--json']);
    expect([output, errors]).toEqual(['', 'Nothing in the log fits.\n']);
  });

  it('names the rule of a mode that let it pass', async () => {
    const rule = 'mode:test npm run test:unit';
    const decision = { action: 'allow', layer: 'mode', rule, reason: '', risk: 'medium' };
    await write([call('a', { decision })]);
    expect((await leashd(['audit', 'show'])).output).toContain(`  mode: ${rule}\n`);
  });

  it('names an answer once', async () => {
    const decision = { action: 'deny', layer: 'approval', rule: 'rejected', reason: '', risk: 'low' };
    await write([call('a', { event: 'approval_resolved', decision, answer: 'rejected', by: 'telegram:1' })]);
    expect((await leashd(['audit', 'show'])).output).toContain('  approval: rejected by telegram:1\n');
  });

  it.each([[['--since', 'yesterday']], [['--limit', 'many']], [['--decision', 'maybe']]])(
    'says what was expected: %j',
    async (args) => {
      await write([call('a')]);
      const { status, errors } = await leashd(['audit', 'show', ...args]);
      expect([status, errors]).toEqual([2, expect.stringContaining(`got "${args[1] ?? ''}"`)]);
    },
  );

  it('tells of lines that can’t be read, and lets no terminal obey them', async () => {
    await write([
      call('a', { call: { id: 'a', tool: 'Bash', input: { command: 'x\u001b[2Jy' }, directory: '/' } }),
    ]);
    edit((text) => `${text}nonsense\n`);
    const { output, errors } = await leashd(['audit', 'show']);
    expect(errors).toContain("1 line can't be read");
    expect(output).toContain('Bash: x [2Jy');
  });
});

describe('leashd audit stats', () => {
  it('counts what was asked, and how fast it was answered', async () => {
    await write([
      call('a'),
      call('b', { event: 'approval_requested', ...asked }),
      answered('b', 'approved', 2000),
      call('c', { event: 'approval_requested', ...asked }),
      answered('c', 'rejected', 8000),
      call('d', { event: 'approval_requested', ...asked }),
      answered('d', 'timed-out', 300_000),
    ]);
    const { output, status } = await leashd(['audit', 'stats']);
    expect(status).toBe(0);
    expect(output.split('\n')).toEqual([
      '1 call: 0 allowed, 1 denied',
      'asked 3 times in 1 hour of work: 3 an hour',
      '  1 approved, 1 rejected, 1 timed-out',
      'median to a tap: 2 s',
      '',
      'Most asked (what to write a rule for)',
      '3× policy: file-writes (Bash; 1 approved)',
      '',
    ]);
    const { output: json } = await leashd(['audit', 'stats', '--json']);
    expect(JSON.parse(json)).toMatchObject({ asks: 3, medianSecondsToTap: 2 });
  });
});
