import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MachineError } from '../errors.ts';
import { auditEntry } from './audit-entry.ts';
import type { AuditEntry } from './audit-entry.ts';
import { createAuditLog } from './audit-log.ts';
import type { AuditLog } from './audit-log.ts';

let folder = '';
let path = '';
let log: AuditLog;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leashd-audit-'));
  path = join(folder, 'state/audit.jsonl');
  log = createAuditLog(path);
});
afterEach(async () => {
  await log.close();
  rmSync(folder, { recursive: true, force: true });
});

function entry(
  id: string,
  input: unknown = { command: 'ls' },
  redact = (text: string): string => text,
): AuditEntry {
  return auditEntry(
    {
      event: 'tool_decided',
      at: 1_700_000_000_000,
      call: { id, tool: 'Bash', input, directory: '/p' },
      context: {
        chat: 'c',
        session: 's',
        turn: 't',
        directories: ['/p'],
        mode: { name: 'default', mayChange: true, grants: [] },
      },
      footprint: undefined,
      decision: { action: 'deny', layer: 'sandbox', rule: 'r', reason: 'because', risk: 'high' },
    },
    redact,
  );
}

const lines = (): unknown[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

describe('the audit log', () => {
  it('writes one line an entry, for its owner alone', async () => {
    await log.append(entry('a'));
    expect(lines()).toEqual([
      {
        v: 1,
        at: '2023-11-14T22:13:20.000Z',
        event: 'tool_decided',
        chat: 'c',
        session: 's',
        turn: 't',
        mode: 'default',
        call: 'a',
        tool: 'Bash',
        directory: '/p',
        input: { command: 'ls' },
        decision: 'deny',
        layer: 'sandbox',
        rule: 'r',
        reason: 'because',
        risk: 'high',
        violation: true,
      },
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'state')).mode & 0o777).toBe(0o700);
  });

  it('keeps the order of the calls, also when they come at once', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `call-${index}`);
    await Promise.all(names.map((name) => log.append(entry(name))));
    expect(lines().map((line) => (line as AuditEntry).call)).toEqual(names);
  });

  it('appends to what is there, and takes rights away from others', async () => {
    mkdirSync(join(folder, 'state'));
    writeFileSync(path, '{"v":1}\n');
    chmodSync(path, 0o644);
    await log.append(entry('a'));
    expect(lines()).toHaveLength(2);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('ends a line that a crash has torn', async () => {
    mkdirSync(join(folder, 'state'));
    writeFileSync(path, '{"v":1}\n{"v":1,"torn');
    await log.append(entry('a'));
    const [, torn, whole] = readFileSync(path, 'utf8').split('\n');
    expect(torn).toBe('{"v":1,"torn');
    expect(JSON.parse(whole ?? '')).toMatchObject({ call: 'a' });
  });

  it('begins a new file when the old one is gone', async () => {
    await log.append(entry('a'));
    rmSync(path);
    await log.append(entry('b'));
    expect(lines()).toMatchObject([{ call: 'b' }]);
  });

  it.each([
    ['its folder is a file', (): void => writeFileSync(join(folder, 'state'), '')],
    ['it is a folder', (): void => void mkdirSync(path, { recursive: true })],
    [
      'it is a link to somewhere else',
      (): void => {
        mkdirSync(join(folder, 'state'));
        symlinkSync(join(folder, 'target'), path);
      },
    ],
  ])('says so when %s', async (_, spoil) => {
    spoil();
    await expect(log.append(entry('a'))).rejects.toThrow(MachineError);
  });

  it('works again once the fault is gone', async () => {
    writeFileSync(join(folder, 'state'), '');
    await expect(log.append(entry('a'))).rejects.toThrow(/audit\.jsonl can't be written/);
    rmSync(join(folder, 'state'));
    await log.append(entry('b'));
    expect(lines()).toMatchObject([{ call: 'b' }]);
  });

  it('refuses after it was closed', async () => {
    await log.append(entry('a'));
    await log.close();
    await log.close();
    await expect(log.append(entry('b'))).rejects.toThrow(/closed/);
  });

  it('goes on in a file that was given another name', async () => {
    await log.append(entry('a'));
    renameSync(path, `${path}.1`);
    await log.append(entry('b'));
    expect(readFileSync(`${path}.1`, 'utf8')).toContain('"call":"b"');
  });
});

describe('an audit entry', () => {
  it('takes secrets out of every text, and of names', () => {
    const redact = (text: string): string => text.replaceAll('hush', '[redacted]');
    const made = entry('a', { command: 'echo hush', list: ['hush', 1], deep: { hush: true } }, redact);
    expect(made.input).toEqual({
      command: 'echo [redacted]',
      list: ['[redacted]', 1],
      deep: { '[redacted]': true },
    });
    expect(JSON.stringify(made)).not.toContain('hush');
  });

  it('cuts long texts, and says so', () => {
    const made = entry('a', { file_path: '/p/x', content: '🎉'.repeat(20_000) });
    expect(made.inputCut).toBe(true);
    expect(made.input).toMatchObject({ file_path: '/p/x' });
    expect(JSON.stringify(made.input).length).toBeLessThanOrEqual(8192);
    const wide = entry(
      'a',
      Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key${index}`, index])),
    );
    expect(JSON.stringify(wide.input).length).toBeLessThanOrEqual(8192);
  });

  it('does not follow an input however deep', () => {
    let input: unknown = 'x';
    for (let depth = 0; depth < 100_000; depth += 1) input = [input];
    expect(JSON.stringify(entry('a', input).input)).toContain('nested too deeply');
  });
});
