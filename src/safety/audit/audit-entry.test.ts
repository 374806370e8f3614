import { describe, expect, it } from 'vitest';
import { callRecord } from '../../../test/fixtures/audit-bench.ts';
import { auditEntry, entryBody } from './audit-entry.ts';
import type { AuditEntry } from './audit-entry.ts';

function entry(
  id: string,
  input: unknown = { command: 'ls' },
  redact = (text: string): string => text,
): AuditEntry {
  return auditEntry(callRecord(id, input), 1_700_000_000_000, redact);
}

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

  it('takes secrets out of what is no call, too', () => {
    const redact = (text: string): string => text.replaceAll('hush', '[redacted]');
    const body = entryBody(
      {
        event: 'grant_made',
        grant: 'g1',
        chat: 'c',
        directory: '/p/hush',
        words: 'hush',
        rules: [{ name: 'hush', hush: 'hush' }],
        until: '2026-01-01T00:00:00Z',
        by: 'hush',
        call: '1',
      },
      0,
      redact,
    );
    expect(JSON.stringify(body)).not.toContain('hush');
    expect(body).toMatchObject({ event: 'grant_made', grant: 'g1', words: '[redacted]' });
  });
});
