import { describe, expect, it } from 'vitest';
import { auditEntry, type AuditEntry } from '../../safety/audit/audit-entry.ts';
import type { CallRecord } from '../../safety/audit/audit-record.ts';
import type { Decision } from '../../safety/types.ts';
import { accountOf, accountText } from './demo-account.ts';

const context: CallRecord['context'] = {
  chat: 'terminal:local',
  session: 's',
  turn: 't',
  directories: ['/demo'],
  mode: { name: 'default', mayChange: true, grants: [] },
};

type Said = {
  readonly call: string;
  readonly tool: string;
  readonly input: unknown;
  readonly decision: Pick<Decision, 'action' | 'layer' | 'rule'>;
  readonly event?: AuditEntry['event'];
  readonly answer?: AuditEntry['answer'];
};

/** A line as the audit log has it. */
function line({ call, tool, input, decision, event = 'tool_decided', answer }: Said): string {
  const entry = auditEntry(
    {
      event,
      call: { id: call, tool, input, directory: '/demo' },
      context,
      footprint: undefined,
      decision: { ...decision, reason: 'why', risk: 'low' },
      answer,
      by: answer === 'approved' || answer === 'rejected' ? 'terminal:local' : undefined,
    },
    0,
    (text) => text,
  );
  return JSON.stringify({ v: 2, seq: 1, prev: '', ...entry, hash: '' });
}

const read = { call: '1', tool: 'Read', input: { file_path: '/demo/src/app.js' } };
const edit = {
  call: '2',
  tool: 'Edit',
  input: { file_path: '/demo/src/app.js', old_string: 'a', new_string: 'b' },
};
const push = { call: '3', tool: 'Bash', input: { command: 'git push\n --force' } };
const asks = { action: 'ask', layer: 'policy', rule: 'file-writes' } as const;

describe('the account of a demo', () => {
  it('tells of each call what it was on, what became of it, by which rule, and who said so', () => {
    const account = accountOf([
      line({ ...read, decision: { action: 'allow', layer: 'policy', rule: 'reads' } }),
      line({ ...edit, decision: asks, event: 'approval_requested' }),
      line({ ...push, decision: { action: 'deny', layer: 'policy', rule: 'force-push' } }),
      line({
        ...edit,
        decision: { ...asks, action: 'allow' },
        event: 'approval_resolved',
        answer: 'approved',
      }),
      '',
    ]);
    expect(account).toEqual({
      calls: [
        { tool: 'Read', on: 'src/app.js', outcome: 'allowed', rule: 'policy: reads', by: undefined },
        {
          tool: 'Edit',
          on: 'src/app.js',
          outcome: 'approved',
          rule: 'policy: file-writes',
          by: 'terminal:local',
        },
        {
          tool: 'Bash',
          on: 'git push --force',
          outcome: 'denied',
          rule: 'policy: force-push',
          by: undefined,
        },
      ],
      unreadable: 0,
    });
  });

  it.each([
    ['rejected', 'rejected'],
    ['timed-out', 'timed out'],
    ['not-answered', 'not answered'],
  ] as const)('knows the answer %s', (answer, outcome) => {
    const resolved = { action: 'deny', layer: 'approval', rule: answer } as const;
    const { calls } = accountOf([
      line({ ...edit, decision: asks, event: 'approval_requested' }),
      line({ ...edit, decision: resolved, event: 'approval_resolved', answer }),
    ]);
    expect(calls).toMatchObject([{ outcome, rule: 'policy: file-writes' }]);
  });

  it('tells an approval that was never answered, and one that came to nothing', () => {
    const asked = line({ ...edit, decision: asks, event: 'approval_requested' });
    const denied = { action: 'deny', layer: 'fault', rule: 'audit' } as const;
    const approved = line({ ...edit, decision: asks, event: 'approval_resolved', answer: 'approved' });
    expect(accountOf([asked]).calls).toMatchObject([{ outcome: 'open' }]);
    expect(accountOf([asked, approved]).calls).toMatchObject([{ outcome: 'approved' }]);
    expect(accountOf([asked, approved, line({ ...edit, decision: denied })]).calls).toMatchObject([
      { outcome: 'denied', rule: 'fault: audit' },
    ]);
  });

  it('counts lines that it can’t read, and reads on', () => {
    const good = line({ ...read, decision: { action: 'allow', layer: 'policy', rule: 'reads' } });
    const account = accountOf(['{"v":1', '{"v":2}', 'null', good]);
    expect(account).toMatchObject({ calls: [{ tool: 'Read' }], unreadable: 3 });
  });

  it('shortens a long command and keeps the columns straight', () => {
    const command = `echo ${'long '.repeat(20)}`;
    const account = accountOf([
      line({ ...push, input: { command }, decision: { action: 'allow', layer: 'policy', rule: 'r' } }),
    ]);
    const rows = accountText(account, '/a').split('\n').slice(2, 4);
    expect(rows[1]).toContain(`${command.slice(0, 31)}…  allowed`);
    expect(rows[0]?.indexOf('Decision')).toBe(rows[1]?.indexOf('allowed'));
  });

  it.each([
    [0, '0 tool calls.'],
    [1, '1 tool call: 1 allowed.'],
    [2, '2 tool calls: 2 allowed.'],
  ])('counts %i', (count, sum) => {
    const decision = { action: 'allow', layer: 'policy', rule: 'reads' } as const;
    const lines = Array.from({ length: count }, (_, at) => line({ ...read, call: `${at}`, decision }));
    expect(accountText(accountOf(lines), '/a').split('\n')).toContain(sum);
  });

  it('is a table with a sum and the log’s place', () => {
    const account = accountOf([
      line({ ...read, decision: { action: 'allow', layer: 'policy', rule: 'reads' } }),
      line({ ...edit, decision: asks, event: 'approval_resolved', answer: 'approved' }),
      'x',
    ]);
    expect(accountText(account, '/state/audit.jsonl').split('\n')).toEqual([
      'What the gate decided:',
      '',
      '  Tool  On          Decision         Rule',
      '  Read  src/app.js  allowed          policy: reads',
      '  Edit  src/app.js  approved by you  policy: file-writes',
      '',
      '2 tool calls: 1 allowed, 1 approved.',
      'The audit log has every step: /state/audit.jsonl',
      '1 line of the audit log could not be read.',
    ]);
  });
});
