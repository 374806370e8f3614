import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditLogAt } from '../../../test/fixtures/audit-bench.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../../test/fixtures/manual-clock.ts';
import type { ManualClock } from '../../../test/fixtures/manual-clock.ts';
import { builtInPolicy, SafetyProject } from '../../../test/fixtures/safety-project.ts';
import type { Log } from '../../util/log.ts';
import type { AuditEntry } from '../audit/audit-entry.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Audit } from '../audit/audit-record.ts';
import { diskView } from '../file-view.ts';
import { createGatekeeper } from './gatekeeper.ts';
import type { DecisionRecord, GatekeeperOptions } from './gatekeeper.ts';
import type { ApprovalAnswer, ApprovalRequest, Approver } from '../approval.ts';
import type { ToolCall, Verdict } from '../types.ts';

type Ask = (request: ApprovalRequest, signal: AbortSignal) => Promise<ApprovalAnswer>;

let project: SafetyProject;
let audit: AuditLog;
let auditPath = '';
let clock: ManualClock;
let events: string[];
let records: DecisionRecord[];
let failures: unknown[];
let asked: ApprovalRequest[];

beforeEach(() => {
  project = new SafetyProject();
  auditPath = join(project.base, 'state/audit.jsonl');
  clock = manualClock();
  audit = auditLogAt(auditPath, { clock, redact });
  events = [];
  records = [];
  failures = [];
  asked = [];
});
afterEach(async () => {
  await audit.close();
  project.remove();
});

const recordingLog = (): Log => {
  const at =
    (level: string) =>
    (event: string, fields?: object): void =>
      void events.push(`${level} ${event} ${JSON.stringify(fields ?? {})}`);
  const log: Log = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: () => log,
  };
  return log;
};

const redact = (text: string): string => text.replaceAll('hush', '[redacted]');
const approve: Ask = async () => ({ kind: 'approved', by: 'terminal:ada' });
const never: Ask = () => new Promise(() => {});

function gate(ask: Ask = approve, changes: Partial<GatekeeperOptions> = {}) {
  const approver: Approver = {
    ask: async (request, signal) => {
      asked.push(request);
      return ask(request, signal);
    },
  };
  return createGatekeeper({
    policy: builtInPolicy('default', 'dev-tools'),
    sandbox: project.sandbox,
    audit,
    approver,
    clock,
    log: recordingLog(),
    redact,
    onDecided: (record) => void records.push(record),
    onAuditFailure: (error) => void failures.push(error),
    ...changes,
  });
}

async function decide(
  call: ToolCall,
  ask: Ask = approve,
  changes: Partial<GatekeeperOptions> = {},
): Promise<Verdict> {
  return gate(ask, changes).decide(call, project.context(), new AbortController().signal);
}

const audited = (): AuditEntry[] =>
  readFileSync(auditPath, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditEntry | { readonly event: 'log_opened' })
    .filter((entry) => entry.event !== 'log_opened');
const last = (): AuditEntry | undefined => audited().at(-1);
const message = (verdict: Verdict): string => (verdict.kind === 'deny' ? verdict.message : 'allowed');
const write = (): ToolCall => project.call('Write', { file_path: 'new.ts', content: 'x' });

describe('the gate', () => {
  it('allows what the policy allows, and writes it down first', async () => {
    expect(await decide(project.call('Read', { file_path: 'src/index.ts' }))).toEqual({ kind: 'allow' });
    expect(audited()).toMatchObject([
      { event: 'tool_decided', decision: 'allow', layer: 'policy', rule: 'file-reads', tool: 'Read' },
    ]);
    expect(last()?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(asked).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['Bash', { command: 'node --test' }],
    ['Bash', { command: 'ls' }],
    ['Bash', { command: 'git status' }],
  ])('allows %s %j under default with dev-tools', async (tool, input) => {
    expect(await decide(project.call(tool, input))).toEqual({ kind: 'allow' });
  });

  it('denies what the policy denies, and tells the agent rule, reason and what to do instead', async () => {
    const verdict = await decide(project.bash('git push --force origin main'));
    expect(message(verdict)).toBe(
      'leashd did not let this run (policy: no-force-push). It would overwrite or delete what others have; push without force, or leave it to the person. Don’t try the same in another way; do without it, or tell the person why it is needed.',
    );
    // What of it a person needs who asked for it.
    expect(verdict).toMatchObject({
      reason: expect.stringMatching(
        /^It would overwrite .* leave it to the person \(policy: no-force-push\)$/,
      ) as string,
    });
    expect(last()).toMatchObject({
      decision: 'deny',
      layer: 'policy',
      rule: 'no-force-push',
      risk: 'critical',
    });
    expect(asked).toEqual([]);
  });

  it('denies what the sandbox denies, as a violation that the log warns of', async () => {
    expect(message(await decide(project.call('Read', { file_path: '.env' })))).toContain('secret-files');
    expect(last()).toMatchObject({ layer: 'sandbox', violation: true });
    expect(events.map((event) => event.split(' ').slice(0, 2).join(' '))).toEqual([
      'debug policy_evaluated',
      'debug sandbox_path_denied',
      'warn security_violation',
    ]);
  });

  it('asks, and runs what is approved', async () => {
    expect(await decide(write())).toEqual({ kind: 'allow' });
    expect(asked[0]).toMatchObject({ decision: { rule: 'file-writes' }, timeoutMs: 300_000 });
    expect(asked[0]?.card.body.text).toContain('Creates new.ts');
    expect(audited().map(({ event, decision, answer, by }) => [event, decision, answer, by])).toEqual([
      ['approval_requested', 'ask', undefined, undefined],
      ['approval_resolved', 'allow', 'approved', 'terminal:ada'],
      ['tool_decided', 'allow', 'approved', 'terminal:ada'],
    ]);
    expect(records).toMatchObject([
      { decision: { action: 'allow', layer: 'approval' }, answer: { kind: 'approved' } },
    ]);
  });

  it('hands the reason of a rejection to the agent', async () => {
    const verdict = await decide(write(), async () => ({
      kind: 'rejected',
      by: 'terminal:ada',
      reason: 'use src/',
    }));
    expect(message(verdict)).toContain('The person rejected it: use src/');
    expect(last()).toMatchObject({
      decision: 'deny',
      layer: 'approval',
      rule: 'rejected',
      by: 'terminal:ada',
    });
  });

  it('denies when the approver says that time is up, or that nobody could be asked', async () => {
    expect(message(await decide(write(), async () => ({ kind: 'timed-out' })))).toContain(
      'Nobody answered within 300 seconds',
    );
    const nobody = await decide(write(), async () => ({
      kind: 'not-answered',
      reason: 'there is no terminal',
    }));
    expect(message(nobody)).toContain('It needs an approval, but there is no terminal');
  });

  it('denies by itself when the approver never answers', async () => {
    const verdict = decide(write(), never, { approvalTimeoutMs: 60_000 });
    await expect.poll(() => asked.length).toBe(1);
    clock.advance(62_000);
    expect(message(await verdict)).toContain('timed-out');
    expect(last()).toMatchObject({ answer: 'timed-out', waitedMs: 62_000 });
  });

  it('denies when the call is no longer wanted, and takes the question back', async () => {
    const abort = new AbortController();
    let taken = false;
    const ask: Ask = (_, signal) => {
      signal.addEventListener('abort', () => (taken = true));
      return never(_, signal);
    };
    const verdict = gate(ask).decide(write(), project.context(), abort.signal);
    await expect.poll(() => asked.length).toBe(1);
    abort.abort();
    expect(message(await verdict)).toContain('no longer wanted');
    expect(taken).toBe(true);
  });

  it('does not even ask when the call was given up before', async () => {
    const verdict = await gate().decide(write(), project.context(), AbortSignal.abort());
    expect(verdict.kind).toBe('deny');
    expect(asked).toEqual([]);
    expect(last()).toMatchObject({ decision: 'deny', rule: 'aborted' });
  });

  it('takes the time-out of the policy unless it is told another one', async () => {
    await decide(write(), approve, { policy: builtInPolicy('strict') });
    await decide(write(), approve, { policy: builtInPolicy('strict'), approvalTimeoutMs: 5000 });
    expect(asked.map(({ timeoutMs }) => timeoutMs)).toEqual([120_000, 5000]);
  });

  it('voids an approval when a link was turned meanwhile', async () => {
    mkdirSync(project.path('out'));
    const verdict = await decide(project.call('Write', { file_path: 'out/a.ts', content: '' }), async () => {
      rmSync(project.path('out'), { recursive: true });
      symlinkSync(project.path('src'), project.path('out'));
      return { kind: 'approved', by: 'terminal:ada' };
    });
    expect(message(verdict)).toContain('changed-since-shown');
  });

  it('judges anew after an approval: a way out of the project is still denied', async () => {
    mkdirSync(project.path('out'));
    const verdict = await decide(project.call('Write', { file_path: 'out/a.ts', content: '' }), async () => {
      rmSync(project.path('out'), { recursive: true });
      symlinkSync(project.base, project.path('out'));
      return { kind: 'approved', by: 'terminal:ada' };
    });
    expect(message(verdict)).toContain('outside-directories');
  });

  it('keeps secrets out of the audit and the message', async () => {
    const verdict = await decide(project.bash('frobnicate hush'), async () => ({
      kind: 'rejected',
      by: 'x',
      reason: 'hush',
    }));
    expect(readFileSync(auditPath, 'utf8')).not.toContain('hush');
    expect(message(verdict)).not.toContain('hush');
    expect(asked[0]?.card.body.text).toContain('frobnicate hush');
  });

  it('minds the lists of tools', async () => {
    const only = { toolFilter: { allowed: ['Read', 'mcp__a__*'], disallowed: ['mcp__a__c'] } };
    expect((await decide(project.call('Read', { file_path: 'a' }), approve, only)).kind).toBe('allow');
    expect(message(await decide(project.bash('ls'), approve, only))).toContain('allowed-tools');
    expect((await decide(project.call('mcp__a__b', {}), approve, only)).kind).toBe('allow');
    expect(message(await decide(project.call('mcp__a__c', {}), approve, only))).toContain('disallowed-tools');
  });
});

describe('the gate and faults', () => {
  it.each<[string, unknown]>([
    ['Read', {}],
    ['Read', null],
    ['Bash', 7],
    ['Bash', { command: null }],
    ['Write', { file_path: '/a\0', content: '' }],
    ['Read', { file_path: 'way-out/../x' }],
  ])('denies %s %j, which can’t be read, and says why', async (tool, input) => {
    expect(message(await decide(project.call(tool, input)))).toMatch(/fault: (?:tool-input|path)/);
    expect(last()).toMatchObject({ decision: 'deny', layer: 'fault' });
  });

  it('denies when the disk can’t be looked at', async () => {
    let burns = false;
    const broken = {
      ...diskView,
      real: (path: string) => {
        if (burns) throw new Error('disk on fire');
        return diskView.real(path);
      },
    };
    const burning = gate(approve, { fileView: broken });
    burns = true;
    const said = async (call: ToolCall): Promise<string> =>
      message(await burning.decide(call, project.context(), new AbortController().signal));
    expect(await said(project.call('Read', { file_path: 'a' }))).toContain('could not be examined');
    expect(await said(project.bash('cat a'))).toContain('could not be examined');
    expect(asked).toEqual([]);
  });

  it('denies when the approver throws or answers nonsense', async () => {
    const throws: Ask = async () => {
      throw new Error('no connection');
    };
    expect(message(await decide(write(), throws))).toContain('fault');
    const nonsense = (async () => ({ kind: 'sure' })) as unknown as Ask;
    expect(message(await decide(write(), nonsense))).toContain('fault');
    const nothing = (async () => undefined) as unknown as Ask;
    expect(message(await decide(write(), nothing))).toContain('fault');
  });

  it('denies everything, and tells the person, when the audit log can’t be written', async () => {
    writeFileSync(join(project.base, 'state'), 'in the way');
    expect(message(await decide(project.bash('ls')))).toContain('audit-unwritable');
    expect(message(await decide(write()))).toContain('audit-unwritable');
    expect(failures).toHaveLength(2);
    // Nobody is asked about what could not be written down.
    expect(asked).toEqual([]);
  });

  it('denies when the audit log does not answer', async () => {
    const stuck: Audit = { record: () => new Promise(() => {}) };
    let verdict: Verdict | undefined;
    void decide(project.bash('ls'), approve, { audit: stuck }).then((found) => (verdict = found));
    await expect
      .poll(() => {
        clock.advance(20_000);
        return verdict?.kind;
      })
      .toBe('deny');
  });

  it('is not moved by listeners that throw', async () => {
    const verdict = await decide(project.bash('ls'), approve, {
      onDecided: () => {
        throw new Error('listener');
      },
    });
    expect(verdict).toEqual({ kind: 'allow' });
    expect(events.join('\n')).toContain('listener_failed');
  });

  it('denies an input that is nested too deeply, without an alarm about the log', async () => {
    let input: unknown = 'x';
    for (let depth = 0; depth < 100_000; depth += 1) input = [input];
    expect((await decide(project.call('mcp__a__b', input))).kind).toBe('deny');
    expect(failures).toEqual([]);
    expect(last()).toMatchObject({ layer: 'fault' });
  });

  it.each<[string, unknown]>([
    ['no call', undefined],
    ['a call without a tool', { id: 'x', input: {}, directory: '/' }],
    ['a call in no directory', { id: 'x', tool: 'Bash', input: { command: 'ls' }, directory: 'here' }],
    ['a number', 5],
  ])('denies %s without rejecting', async (_, call) => {
    const verdict = await gate().decide(call as ToolCall, project.context(), new AbortController().signal);
    expect(verdict.kind).toBe('deny');
  });
});
