import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../../test/fixtures/manual-clock.ts';
import type { ManualClock } from '../../../test/fixtures/manual-clock.ts';
import { builtInPolicy, SafetyProject } from '../../../test/fixtures/safety-project.ts';
import { openStores } from '../../storage/open-stores.ts';
import type { OpenedStores } from '../../storage/open-stores.ts';
import { silentLog } from '../../util/log.ts';
import type { AuditRecord } from '../audit/audit-record.ts';
import { createGatekeeper } from './gatekeeper.ts';
import type { DecisionRecord, GatekeeperOptions } from './gatekeeper.ts';
import { GrantBook } from '../grants/grant-book.ts';
import { RememberedApprovals } from '../grants/remembered.ts';
import { RuleBook } from '../grants/rule-book.ts';
import type { StricterVoter } from './stricter-votes.ts';
import type { ApprovalAnswer, ApprovalRequest } from '../approval.ts';
import type { GateContext, ModeRules, ToolCall, Verdict } from '../types.ts';

let project: SafetyProject;
let clock: ManualClock;
let stores: OpenedStores;
let audited: AuditRecord[];
let decided: DecisionRecord[];
let asked: ApprovalRequest[];
let warnings: string[];
let remembered: RememberedApprovals;
let brokenEvent: string | undefined;

beforeEach(() => {
  project = new SafetyProject();
  project.write('package.json', '{}');
  clock = manualClock();
  stores = openStores({ path: ':memory:', log: silentLog, clock });
  audited = [];
  decided = [];
  asked = [];
  warnings = [];
  brokenEvent = undefined;
  remembered = open();
});
afterEach(async () => {
  await remembered.close();
  await stores.close();
  project.remove();
});

const log = { ...silentLog, warn: (event: string) => void warnings.push(event) };
const audit = {
  record: async (record: AuditRecord): Promise<void> => {
    if (record.event === brokenEvent) throw new Error('disk full');
    audited.push(record);
  },
};
const open = (): RememberedApprovals => {
  const base = { audit, clock, log, home: project.home };
  return new RememberedApprovals({
    grants: new GrantBook({ ...base, store: stores.grants }),
    rules: new RuleBook({ ...base, folder: join(project.base, 'state/rules') }),
  });
};

type Choose = (request: ApprovalRequest) => ApprovalAnswer | Promise<ApprovalAnswer>;
const once: Choose = () => ({ kind: 'approved', by: 'terminal:ada' });
/** Approves, and takes the first offer whose label fits. */
const take =
  (label: RegExp): Choose =>
  ({ offers }) => {
    const offer = offers.find((one) => label.test(one.label));
    if (offer === undefined)
      throw new Error(`no ${label.source} among ${offers.map((one) => one.label).join(' | ')}`);
    return { kind: 'approved', by: 'terminal:ada', offer: offer.id };
  };

async function decide(
  call: ToolCall,
  choose: Choose = once,
  changes: Partial<GatekeeperOptions> & { readonly context?: GateContext } = {},
): Promise<Verdict> {
  const { context = project.context(), ...options } = changes;
  const gate = createGatekeeper({
    policy: builtInPolicy('default', 'dev-tools'),
    sandbox: project.sandbox,
    audit,
    approver: {
      ask: async (request) => {
        asked.push(request);
        return choose(request);
      },
    },
    clock,
    log,
    redact: (text) => text,
    remembered,
    onDecided: (record) => void decided.push(record),
    ...options,
  });
  return gate.decide(call, context, new AbortController().signal);
}

const build = (): ToolCall => project.bash('npm run build');
const events = (): string[] => audited.map(({ event }) => event);

describe('an approval that is remembered', () => {
  it('lets the next call like it pass without a question, as the audit log says', async () => {
    expect(await decide(build(), take(/exactly npm run build, this chat, 1 hour/))).toEqual({
      kind: 'allow',
    });
    expect(events()).toEqual(['approval_requested', 'approval_resolved', 'grant_made', 'tool_decided']);
    expect(decided[0]?.remembering?.kind).toBe('granted');
    expect(await decide(build())).toEqual({ kind: 'allow' });
    expect(asked).toHaveLength(1);
    const [grant] = remembered.grantsOf('terminal:local');
    expect(audited.at(-1)).toMatchObject({
      event: 'tool_decided',
      grant: grant?.id,
      decision: { action: 'allow', layer: 'grant', rule: grant?.id },
    });
    await decide(project.bash('npm run deploy'));
    expect(asked).toHaveLength(2);
  });

  it('covers it until its time is over, or the file it runs is another one', async () => {
    await decide(build(), take(/1 hour/));
    clock.advance(3_599_000);
    await decide(build());
    expect(asked).toHaveLength(1);
    clock.advance(1000);
    await decide(build(), take(/until \/clear/));
    expect(asked).toHaveLength(2);
    project.write('package.json', '{"scripts":{"build":"x"}}');
    await decide(build());
    expect(asked).toHaveLength(3);
  });

  it('covers it in no other chat and no other directory', async () => {
    await decide(build(), take(/1 hour/));
    await decide(build(), once, { context: { ...project.context(), chat: 'terminal:other' } });
    expect(asked).toHaveLength(2);
    const elsewhere = { ...project.context(), directories: [project.home, project.directory] };
    await decide(build(), once, { context: elsewhere });
    expect(asked).toHaveLength(3);
  });

  it('is over with the conversation, and once it is taken back', async () => {
    await decide(build(), take(/until \/clear/));
    await remembered.endAll('terminal:local', 'clear');
    await decide(build(), take(/1 hour/));
    expect(asked).toHaveLength(2);
    const [grant] = remembered.grantsOf('terminal:local');
    await remembered.revoke('terminal:local', grant?.id ?? '', 'terminal:ada');
    await decide(build());
    expect(asked).toHaveLength(3);
  });

  it('outlives a restart', async () => {
    await decide(build(), take(/1 hour/));
    await remembered.close();
    remembered = open();
    await remembered.open();
    await decide(build());
    expect(asked).toHaveLength(1);
  });

  it('becomes a rule of the project with Always, and can be taken back', async () => {
    await decide(build(), take(/always/));
    expect(remembered.rulesOf(project.directory)).toMatchObject([{ name: 'always-npm-run-build' }]);
    expect(events()).toEqual(['approval_requested', 'approval_resolved', 'rule_added', 'tool_decided']);
    await decide(build());
    expect(asked).toHaveLength(1);
    expect(audited.at(-1)).toMatchObject({ ownRule: 'always-npm-run-build' });
    await remembered.removeRule(project.directory, 'always-npm-run-build', 'terminal:local', 'terminal:ada');
    await decide(build());
    expect(asked).toHaveLength(2);
  });

  it('is none when the audit log can’t take it: the call runs once, as approved', async () => {
    brokenEvent = 'grant_made';
    expect(await decide(build(), take(/1 hour/))).toEqual({ kind: 'allow' });
    expect(decided[0]?.remembering).toMatchObject({ kind: 'failed', reason: 'disk full' });
    expect(warnings).toContain('grant_not_made');
    brokenEvent = undefined;
    await decide(build());
    expect(asked).toHaveLength(2);
  });

  it('is none when the audit log takes it after the person was told so', async () => {
    let write = (): void => {};
    const slow = {
      record: async (record: AuditRecord): Promise<void> => {
        if (record.event === 'grant_made') await new Promise<void>((resolve) => (write = resolve));
        audited.push(record);
      },
    };
    const base = { audit: slow, clock, log, home: project.home };
    remembered = new RememberedApprovals({
      grants: new GrantBook({ ...base, store: stores.grants }),
      rules: new RuleBook({ ...base, folder: join(project.base, 'state/rules') }),
    });
    const verdict = decide(build(), take(/1 hour/));
    await expect.poll(() => events()).toContain('approval_resolved');
    await expect
      .poll(() => {
        clock.advance(1000);
        return decided[0]?.remembering?.kind;
      })
      .toBe('failed');
    expect(await verdict).toEqual({ kind: 'allow' });
    write();
    await expect.poll(() => events()).toContain('grant_revoked');
    expect(remembered.grantsOf('terminal:local')).toEqual([]);
    expect(await stores.grants.load()).toEqual([]);
  });

  it('is not offered where a secret would have to be kept with it', async () => {
    const redact = (text: string): string => text.replaceAll('hunter2', '[redacted]');
    await decide(project.bash('curl https://ada:hunter2@example.com/x'), once, { redact });
    expect(asked[0]?.offers.map(({ label }) => label).join()).not.toMatch(/exactly|hunter2/);
    await decide(project.bash('curl https://example.com/x'), once, { redact });
    expect(asked[1]?.offers.map(({ label }) => label).join()).toMatch(/exactly/);
  });

  it('is none when the answer names no offer of the card, or the call is void', async () => {
    await decide(build(), () => ({ kind: 'approved', by: 'terminal:ada', offer: 'g99' }));
    expect(decided[0]?.remembering).toMatchObject({ kind: 'failed' });
    const verdict = await decide(build(), (request) => {
      project.write('package.json', '{"changed":true}');
      return take(/1 hour/)(request);
    });
    expect(verdict).toMatchObject({ kind: 'deny', rule: 'changed-since-shown' });
    expect(remembered.grantsOf('terminal:local')).toEqual([]);
  });

  it('never loosens plan mode, a denial, the sandbox or a stricter policy', async () => {
    await decide(build(), take(/1 hour/));
    const plan: ModeRules = { name: 'plan', mayChange: false, grants: [] };
    expect(await decide(build(), once, { context: project.context(plan) })).toMatchObject({ layer: 'mode' });
    expect(await decide(project.bash('npm run build; sudo ls'))).toMatchObject({ rule: 'no-privilege' });
    expect(asked).toHaveLength(1);
    await decide(project.bash('npm run build; curl http://127.0.0.1'));
    expect(asked).toHaveLength(2);
    expect(asked[1]).toMatchObject({ decision: { layer: 'sandbox' }, offers: [], kindDigest: undefined });
  });

  it('holds for the card that was shown, even when a grant was made meanwhile', async () => {
    const verdict = await decide(build(), async (request) => {
      await decide(build(), take(/1 hour/));
      return once(request);
    });
    expect(verdict).toEqual({ kind: 'allow' });
  });
});

describe('the kind of a call', () => {
  const kinds = async (...calls: readonly ToolCall[]): Promise<(string | undefined)[]> => {
    for (const call of calls) await decide(call);
    return asked.map(({ kindDigest }) => kindDigest);
  };
  it('is the same for what differs only in what a person does not mind', async () => {
    const edit = (path: string): ToolCall => project.call('Write', { file_path: path, content: 'x' });
    const found = await kinds(edit('src/a.ts'), edit('src/b.ts'), edit('test/a.ts'));
    expect(found[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(found[1]).toBe(found[0]);
    expect(found[2]).not.toBe(found[0]);
  });

  it('is another one for another command, and none for what is never given in advance', async () => {
    const lines = [
      'git commit -m x',
      'git commit -m y',
      'git push origin a',
      'npm run a',
      'npm run b',
      'frobnicate',
    ];
    const found = await kinds(...lines.map((line) => project.bash(line)));
    expect(found[1]).toBe(found[0]);
    expect(new Set(found).size).toBe(5);
    expect(found[5]).toBeUndefined();
  });
});

describe('a plugin’s vote', () => {
  const voter = (vote: StricterVoter['vote']): { stricter: readonly StricterVoter[] } => ({
    stricter: [{ name: 'watch', vote }],
  });

  it('asks about what would pass, and denies what would be asked', async () => {
    const asks = voter(async () => ({ action: 'ask', reason: 'It is late' }));
    expect(await decide(project.bash('ls'), once, asks)).toEqual({ kind: 'allow' });
    expect(asked[0]).toMatchObject({
      decision: { layer: 'plugin', rule: 'watch', reason: 'It is late' },
      offers: [],
    });
    const denies = voter(() => ({ action: 'deny', reason: 'Not on Sundays' }));
    expect(await decide(build(), once, denies)).toMatchObject({
      kind: 'deny',
      layer: 'plugin',
      rule: 'watch',
    });
    expect(asked).toHaveLength(1);
  });

  it('counts more than a grant', async () => {
    await decide(build(), take(/1 hour/));
    await decide(
      build(),
      once,
      voter(() => ({ action: 'ask', reason: 'x' })),
    );
    expect(asked).toHaveLength(2);
    expect(audited.at(-1)).not.toHaveProperty('grant', expect.any(String));
  });

  it('is heard before a grant counts that may be taken back meanwhile', async () => {
    await decide(build(), take(/1 hour/));
    const [grant] = remembered.grantsOf('terminal:local');
    const late = voter(async () => {
      await remembered.revoke('terminal:local', grant?.id ?? '', 'terminal:ada');
      return undefined;
    });
    await decide(build(), once, late);
    expect(asked).toHaveLength(2);
  });

  it('never loosens: a denial stays one, and so does a question', async () => {
    const silent = voter(() => undefined);
    await decide(build(), once, silent);
    expect(asked).toHaveLength(1);
    const heard: string[] = [];
    const listening = voter(({ tool }) => {
      heard.push(tool);
      return { action: 'ask', reason: 'x' };
    });
    expect(await decide(project.bash('sudo ls'), once, listening)).toMatchObject({ rule: 'no-privilege' });
    expect(heard).toEqual([]);
  });

  it.each<[string, StricterVoter['vote']]>([
    [
      'throws',
      () => {
        throw new Error('x');
      },
    ],
    ['rejects', () => Promise.reject(new Error('x'))],
    ['says allow', () => ({ action: 'allow', reason: 'x' }) as never],
    ['says nonsense', () => 7 as never],
    ['gives no reason', () => ({ action: 'ask' }) as never],
  ])('that %s denies', async (_, vote) => {
    expect(await decide(project.bash('ls'), once, voter(vote))).toMatchObject({
      layer: 'fault',
      rule: 'plugin-failed',
    });
  });

  it('that does not come within two seconds denies', async () => {
    let verdict: Verdict | undefined;
    const waiting = decide(
      project.bash('ls'),
      once,
      voter(() => new Promise(() => {})),
    ).then((found) => (verdict = found));
    await expect
      .poll(() => {
        clock.advance(500);
        return verdict;
      })
      .toMatchObject({ rule: 'plugin-failed' });
    await waiting;
  });

  it('can’t change what is decided on', async () => {
    const meddling = voter((call, footprint) => {
      Object.assign(footprint, { effects: [] });
      Object.assign(call, { tool: 'Read' });
      return undefined;
    });
    await decide(build(), once, meddling);
    expect(asked[0]?.footprint.effects).not.toEqual([]);
    expect(asked[0]?.call.tool).toBe('Bash');
  });
});
