import {
  array,
  assert,
  asyncProperty,
  boolean as anyBoolean,
  constant,
  constantFrom,
  nat,
  oneof,
  record as recordOf,
  tuple,
} from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../../test/fixtures/manual-clock.ts';
import { SafetyProject } from '../../../test/fixtures/safety-project.ts';
import { silentLog } from '../../util/log.ts';
import type { ApprovalAnswer, ApprovalRequest } from '../approval.ts';
import type { AuditRecord, CallRecord } from '../audit/audit-record.ts';
import { diskView, rememberingView } from '../file-view.ts';
import { parsePolicy } from '../policy/load.ts';
import type { Policy } from '../policy/policy.ts';
import type { Verdict } from '../types.ts';
import { createGatekeeper, type Gatekeeper, type GatekeeperOptions } from './gatekeeper.ts';
import { readyRules, type GateRules } from './gate-rules.ts';

type Answer = (answer: ApprovalAnswer) => void;
type Says = 'allow' | 'deny' | 'ask' | 'ask-critical';

const COMMANDS = ['touch one.txt', 'touch two.txt', 'mkdir three'] as const;
const approved: ApprovalAnswer = { kind: 'approved', by: 'test:1' };

/** A policy that says that of each of the commands, in their order. */
function policyOf(...says: readonly Says[]): Policy {
  const rules = says.map((word, index) => {
    const action = word.startsWith('ask') ? 'require_approval' : word;
    const risk = word === 'ask-critical' ? 'critical' : 'medium';
    return `  - { name: r${index}, commands: ["${COMMANDS[index]}"], action: ${action}, risk_level: ${risk}, reason: as it says }`;
  });
  const problems: string[] = [];
  const read = parsePolicy(`rules:\n${rules.join('\n')}`, 'test.yaml', problems);
  if (read === undefined || problems.length > 0) throw new Error(problems.join('\n'));
  return { files: [], rules: read.rules, defaultAction: 'deny', approvalTimeoutMs: undefined };
}

describe('a gate whose rules are replaced', () => {
  let project: SafetyProject;
  let records: AuditRecord[];
  let asked: { readonly request: ApprovalRequest; readonly answer: Answer }[];
  /** What is done while a record of that kind is being written. */
  let whileWriting: Partial<Record<AuditRecord['event'], () => void>>;
  beforeEach(() => {
    project = new SafetyProject();
    records = [];
    asked = [];
    whileWriting = {};
  });
  afterEach(() => project.remove());

  function gateWith(policy: Policy, changes: Partial<GatekeeperOptions> = {}): Gatekeeper {
    return createGatekeeper({
      policy,
      sandbox: project.sandbox,
      audit: {
        record: async (record) => {
          whileWriting[record.event]?.();
          delete whileWriting[record.event];
          await Promise.resolve();
          records.push(record);
        },
      },
      approver: {
        ask: (request) => new Promise((resolve) => void asked.push({ request, answer: resolve })),
      },
      clock: manualClock(),
      log: silentLog,
      redact: (text) => text,
      ...changes,
    });
  }
  const rules = (policy: Policy, changes: Partial<GateRules> = {}): GateRules => ({
    policy,
    sandbox: project.sandbox,
    ...changes,
  });
  const decide = (gate: Gatekeeper, index = 0): Promise<Verdict> =>
    gate.decide(project.bash(COMMANDS[index] ?? ''), project.context(), new AbortController().signal);
  const lines = (): readonly string[] =>
    records.flatMap((record) =>
      'decision' in record ? [`${record.event} ${record.decision.action} ${record.decision.rule}`] : [],
    );
  async function card(): Promise<{ readonly request: ApprovalRequest; readonly answer: Answer }> {
    for (let turn = 0; turn < 100 && asked.length === 0; turn += 1) await nextTurn();
    const [first] = asked;
    if (first === undefined) throw new Error('nobody was asked');
    return first;
  }

  it.each<[string, Says, Says, string]>([
    ['runs nothing that they deny', 'ask', 'deny', 'deny r0'],
    ['still runs what was approved where they would not even ask', 'ask', 'allow', 'allow r0'],
    ['still runs what was approved where they ask the same', 'ask', 'ask', 'allow r0'],
    ['takes no single tap for what wants two by now', 'ask', 'ask-critical', 'deny rules-changed'],
    ['takes the two taps for what wants one by now', 'ask-critical', 'ask', 'allow r0'],
  ])('%s, after a tap on a card of before', async (_what, before, after, end) => {
    const gate = gateWith(policyOf(before));
    const verdict = decide(gate);
    const { answer } = await card();
    gate.prepareRules(rules(policyOf(after)))();
    answer(approved);
    expect((await verdict).kind).toBe(end.split(' ')[0]);
    expect(lines()).toEqual(['approval_requested ask r0', `approval_resolved ${end}`, `tool_decided ${end}`]);
    expect(asked).toHaveLength(1);
  });

  it('a rejection stays one, whatever they allow', async () => {
    const gate = gateWith(policyOf('ask'));
    const verdict = decide(gate);
    const { answer } = await card();
    gate.prepareRules(rules(policyOf('allow')))();
    answer({ kind: 'rejected', by: 'test:1' });
    expect(await verdict).toMatchObject({ kind: 'deny', rule: 'rejected' });
  });

  it.each<[string, Says, AuditRecord['event']]>([
    ['allowed', 'allow', 'tool_decided'],
    ['approved', 'ask', 'approval_resolved'],
    ['approved, and written down,', 'ask', 'tool_decided'],
  ])('denies what was just %s under those of before', async (_what, before, event) => {
    const gate = gateWith(policyOf(before));
    whileWriting[event] = gate.prepareRules(rules(policyOf('deny')));
    const verdict = decide(gate);
    if (before === 'ask') (await card()).answer(approved);
    expect(await verdict).toMatchObject({ kind: 'deny', rule: 'r0', layer: 'policy' });
    expect(lines().at(-1)).toBe('tool_decided deny r0');
  });

  it('asks about what was allowed when it was being written down', async () => {
    const gate = gateWith(policyOf('allow'));
    whileWriting.tool_decided = gate.prepareRules(rules(policyOf('ask')));
    const verdict = decide(gate);
    (await card()).answer(approved);
    expect(await verdict).toEqual({ kind: 'allow' });
    expect(lines().at(-1)).toBe('tool_decided allow r0');
  });

  it('looks at a vote’s call under the rules that it was begun with, and at what comes out under the new ones', async () => {
    const gate = gateWith(policyOf('allow'), {
      stricter: [
        {
          name: 'slow',
          vote: async () => {
            gate.prepareRules(rules(policyOf('deny')))();
            return undefined;
          },
        },
      ],
    });
    expect(await decide(gate)).toMatchObject({ kind: 'deny', rule: 'r0' });
  });

  it('denies in a directory that is not approved any more, also what a card of before approves', async () => {
    const gate = gateWith(policyOf('ask', 'allow'));
    const verdict = decide(gate);
    const { answer } = await card();
    gate.prepareRules(rules(policyOf('ask', 'allow'), { approvedDirectories: ['/elsewhere'] }))();
    expect(await decide(gate, 1)).toMatchObject({ layer: 'sandbox', rule: 'directory-not-approved' });
    answer(approved);
    expect(await verdict).toMatchObject({ kind: 'deny', rule: 'directory-not-approved' });
  });

  it('keeps a session that lost another directory in its own', async () => {
    const other = project.write('../other/file.txt', 'x');
    const context = { ...project.context(), directories: [project.directory, project.path('../other')] };
    const gate = gateWith({ ...policyOf('ask'), defaultAction: 'allow' });
    const { signal } = new AbortController();
    const read = (path: string) => gate.decide(project.call('Read', { file_path: path }), context, signal);
    expect(await read(other)).toEqual({ kind: 'allow' });
    const next = rules(
      { ...policyOf('ask'), defaultAction: 'allow' },
      { approvedDirectories: [project.directory] },
    );
    gate.prepareRules(next)();
    expect(await read(project.path('README.md'))).toEqual({ kind: 'allow' });
    expect(await read(other)).toMatchObject({ kind: 'deny', layer: 'sandbox' });
  });

  it('takes tool lists, time-out and own files with them, and nothing at all before they are put in place', async () => {
    const gate = gateWith(policyOf('ask', 'allow'));
    const commit = gate.prepareRules(
      rules(policyOf('ask', 'allow'), {
        toolFilter: { allowed: [], disallowed: ['Write'] },
        approvalTimeoutMs: 1234,
        sandbox: {
          ...project.sandbox,
          ownPaths: { untouchable: [], unwritable: [project.path('one.txt')] },
        },
      }),
    );
    const write = (): Promise<Verdict> =>
      gate.decide(
        project.call('Write', { file_path: 'a.ts', content: '' }),
        project.context(),
        new AbortController().signal,
      );
    expect(await write()).toMatchObject({ layer: 'policy' });
    commit();
    expect(await write()).toMatchObject({ layer: 'tools' });
    expect(await decide(gate)).toMatchObject({ layer: 'sandbox', rule: 'own-files' });
    gate.prepareRules(rules(policyOf('ask'), { approvalTimeoutMs: 1234 }))();
    void decide(gate);
    expect((await card()).request.timeoutMs).toBe(1234);
  });

  it('runs no call that the rules of that moment deny, whenever they are replaced', async () => {
    const says = constantFrom<Says>('allow', 'deny', 'ask', 'ask-critical');
    const someRules = tuple(says, says, says);
    const step = oneof(
      { weight: 3, arbitrary: recordOf({ do: constant('call' as const), which: nat(2) }) },
      { weight: 2, arbitrary: recordOf({ do: constant('reload' as const), to: someRules }) },
      {
        weight: 3,
        arbitrary: recordOf({ do: constant('answer' as const), which: nat(5), yes: anyBoolean() }),
      },
      { weight: 3, arbitrary: recordOf({ do: constant('pause' as const), turns: nat(3) }) },
    );
    let ran = 0;
    await assert(
      asyncProperty(someRules, array(step, { maxLength: 25 }), async (first, steps) => {
        asked = [];
        records = [];
        let now = policyOf(...first);
        const gate = gateWith(now);
        const wrong: string[] = [];
        const calls: Promise<void>[] = [];
        const judged = (index: number): string => {
          const { judge } = readyRules(rules(now), diskView);
          const footprint = project.footprint(project.bash(COMMANDS[index] ?? ''));
          return judge(footprint, project.context(), rememberingView(diskView)).action;
        };
        const heed = async (id: string, which: number): Promise<void> => {
          const call = { ...project.bash(COMMANDS[which] ?? ''), id };
          const { kind } = await gate.decide(call, project.context(), new AbortController().signal);
          if (kind !== 'allow') return;
          ran += 1;
          const said = judged(which);
          const last = records.findLast(
            (record): record is CallRecord => record.event === 'tool_decided' && record.call.id === id,
          );
          const wasAsked = last?.decision.layer === 'approval';
          if (said === 'deny' || (said === 'ask' && !wasAsked) || last?.decision.action !== 'allow')
            wrong.push(`${COMMANDS[which]} ran, though the rules said ${said}`);
        };
        for (const act of steps) {
          if (act.do === 'call') {
            calls.push(heed(`c${calls.length}`, act.which));
          } else if (act.do === 'reload') {
            now = policyOf(...act.to);
            gate.prepareRules(rules(now))();
          } else if (act.do === 'answer') {
            asked
              .at(act.which % Math.max(1, asked.length))
              ?.answer(act.yes ? approved : { kind: 'rejected', by: 'test:1' });
          } else for (let turn = 0; turn < act.turns; turn += 1) await Promise.resolve();
        }
        // Calls that are asked about once more want an answer, too.
        for (let round = 0; round < 200; round += 1) {
          for (const { answer } of asked) answer(approved);
          await nextTurn();
        }
        await Promise.all(calls);
        expect(wrong).toEqual([]);
      }),
      { numRuns: 80 },
    );
    expect(ran).toBeGreaterThan(20);
  });
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
