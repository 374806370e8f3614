import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../../test/fixtures/manual-clock.ts';
import type { ManualClock } from '../../../test/fixtures/manual-clock.ts';
import { offersFor } from '../../../test/fixtures/granting.ts';
import { builtInPolicy, SafetyProject } from '../../../test/fixtures/safety-project.ts';
import { openStores } from '../../storage/open-stores.ts';
import type { OpenedStores } from '../../storage/open-stores.ts';
import { silentLog } from '../../util/log.ts';
import type { AuditRecord } from '../audit/audit-record.ts';
import { GrantBook, LONGEST_GRANT_MS } from './grant-book.ts';
import type { Grant, GrantOffer, GrantStore } from './grant.ts';
import type { GateContext, ToolCall } from '../types.ts';

const HOUR_MS = 3_600_000;
let project: SafetyProject;
let clock: ManualClock;
let stores: OpenedStores;
let records: AuditRecord[];
let warnings: string[];
let call: ToolCall;

beforeEach(() => {
  project = new SafetyProject();
  clock = manualClock();
  stores = openStores({ path: ':memory:', log: silentLog, clock });
  records = [];
  warnings = [];
  call = project.bash('git push origin main');
});
afterEach(async () => {
  await stores.close();
  project.remove();
});

const log = { ...silentLog, warn: (event: string) => void warnings.push(event) };
const audit = { record: async (record: AuditRecord) => void records.push(record) };
const book = (store: GrantStore = stores.grants): GrantBook =>
  new GrantBook({ store, audit, clock, log, home: project.home });
const offer = (kind: 'time' | 'until-clear' = 'time'): GrantOffer => {
  const all = offersFor(project, builtInPolicy('default'), call);
  const found = all.find(({ length, terms }) => length.kind === kind && terms.words === 'git push to origin');
  if (found === undefined) throw new Error('no such offer');
  return found;
};
const make = async (from: GrantBook, kind?: 'time' | 'until-clear', context?: GateContext): Promise<Grant> =>
  from.make(offer(kind), context ?? project.context(), call, 'terminal:ada');
const events = (): string[] => records.map(({ event }) => event);
const chat = 'terminal:local';

describe('a grant', () => {
  it('lives for its time, in its chat, and is in the audit log before it counts', async () => {
    const grants = book();
    const made = await make(grants);
    expect(records).toMatchObject([
      {
        event: 'grant_made',
        grant: made.id,
        words: 'git push to origin',
        by: 'terminal:ada',
        call: 'call-1',
      },
    ]);
    expect(grants.live(chat)).toEqual([made]);
    expect(grants.live('terminal:other')).toEqual([]);
    expect(grants.coverings({ ...project.context(), chat: 'terminal:other' })).toEqual([]);
    expect(grants.coverings(project.context())).toHaveLength(1);
    clock.advance(HOUR_MS - 1);
    expect(grants.live(chat)).toHaveLength(1);
    clock.advance(1);
    expect(grants.live(chat)).toEqual([]);
    await grants.close();
    expect(events()).toEqual(['grant_made', 'grant_ended']);
    expect(await stores.grants.load()).toEqual([]);
  });

  it('does not come to life when all were ended while it was written down', async () => {
    const slow = Promise.withResolvers<void>();
    const grants = book({
      load: async () => [],
      save: async (grant) => {
        await slow.promise;
        await stores.grants.save(grant);
      },
      remove: async (id) => stores.grants.remove(id),
    });
    const making = make(grants);
    await grants.endAll(chat, 'clear');
    slow.resolve();
    await expect(making).rejects.toThrow('ended meanwhile');
    expect(grants.live(chat)).toEqual([]);
    expect(await stores.grants.load()).toEqual([]);
    expect(records.at(-1)).toMatchObject({ event: 'grant_ended', why: 'clear' });
    expect((await make(book())).words).toBe('git push to origin');
  });

  it('never lives longer than a day', async () => {
    const grants = book();
    const made = await make(grants, 'until-clear');
    expect(made.until - made.madeAt).toBe(LONGEST_GRANT_MS);
    const long = { ...offer(), length: { kind: 'time', ms: 10 * LONGEST_GRANT_MS } } as const;
    const other = await grants.make(long, project.context(), call, 'terminal:ada');
    expect(other.until - other.madeAt).toBe(LONGEST_GRANT_MS);
  });

  it('does not live longer when the clock is set back, and is over when it is set ahead', async () => {
    let shiftMs = 0;
    const set = { ...clock, now: () => clock.now() + shiftMs, advance: (ms: number) => clock.advance(ms) };
    const grants = new GrantBook({
      store: stores.grants,
      audit,
      clock: { now: set.now, monotonic: () => clock.monotonic(), after: () => ({ cancel: () => {} }) },
      log,
      home: project.home,
    });
    await make(grants);
    shiftMs = -HOUR_MS;
    clock.advance(HOUR_MS);
    expect(grants.live(chat)).toEqual([]);
    shiftMs = 0;
    await make(grants);
    shiftMs = 2 * HOUR_MS;
    expect(grants.live(chat)).toEqual([]);
  });

  it('outlives the process, for the rest of its time', async () => {
    const before = book();
    const made = await make(before);
    clock.advance(HOUR_MS / 2);
    await before.close();
    const after = book();
    await after.open();
    expect(after.live(chat)).toEqual([made]);
    clock.advance(HOUR_MS / 2);
    expect(after.live(chat)).toEqual([]);
    const later = book();
    await later.open();
    expect(later.live(chat)).toEqual([]);
  });

  it('ends with the conversation, with the directory, and by being taken back', async () => {
    const grants = book();
    const made = await make(grants);
    await make(grants, 'until-clear');
    expect(await grants.revoke('terminal:other', made.id, 'terminal:eve')).toBe(false);
    expect(await grants.revoke(chat, made.id, 'terminal:ada')).toBe(true);
    expect(await grants.revoke(chat, made.id, 'terminal:ada')).toBe(false);
    expect(grants.live(chat)).toHaveLength(1);
    expect(await grants.endAll(chat, 'clear')).toBe(1);
    expect(grants.live(chat)).toEqual([]);
    await make(grants);
    expect(grants.coverings({ ...project.context(), directories: [project.path('src')] })).toEqual([]);
    expect(grants.coverings(project.context())).toEqual([]);
    await grants.close();
    expect(events()).toEqual([
      'grant_made',
      'grant_made',
      'grant_revoked',
      'grant_ended',
      'grant_made',
      'grant_ended',
    ]);
    expect(await stores.grants.load()).toEqual([]);
  });
});

describe('a grant that can’t be written down', () => {
  it('is none when the audit log refuses it', async () => {
    const refusing = { record: () => Promise.reject(new Error('disk full')) };
    const grants = new GrantBook({ store: stores.grants, audit: refusing, clock, log, home: project.home });
    await expect(make(grants)).rejects.toThrow('disk full');
    expect(grants.coverings(project.context())).toEqual([]);
    expect(await stores.grants.load()).toEqual([]);
  });

  it('is none when the store refuses it, and the log says so', async () => {
    const grants = book({
      ...stores.grants,
      load: async () => [],
      remove: async () => {},
      save: () => Promise.reject(new Error('no')),
    });
    await expect(make(grants)).rejects.toThrow('no');
    expect(grants.coverings(project.context())).toEqual([]);
    expect(events()).toEqual(['grant_made', 'grant_ended']);
  });
});

it.each<[string, (grant: Grant) => unknown]>([
  ['nothing', () => undefined],
  ['no object', () => 7],
  ['another id', (grant) => ({ ...grant, id: 'other' })],
  ['rules that deny', (grant) => ({ ...grant, rules: [{ name: 'x', action: 'deny', tool: 'Bash' }] })],
  [
    'rules that ask',
    (grant) => ({ ...grant, rules: [{ name: 'x', action: 'require_approval', tool: 'Bash' }] }),
  ],
  [
    'rules that can’t be read',
    (grant) => ({ ...grant, rules: [{ name: 'x', action: 'allow', nonsense: 1 }] }),
  ],
  ['rules that match everything', (grant) => ({ ...grant, rules: [{ name: 'x', action: 'allow' }] })],
  ['no rules', (grant) => ({ ...grant, rules: [] })],
  ['two days', (grant) => ({ ...grant, until: grant.until + 2 * LONGEST_GRANT_MS })],
  [
    'a beginning in the future',
    (grant) => ({ ...grant, madeAt: grant.madeAt + 1000, until: grant.until + 1000 }),
  ],
  ['an end in the past', (grant) => ({ ...grant, until: grant.madeAt })],
])('drops a stored grant with %s, and says so', async (_, change) => {
  const made = await make(book());
  const removed: string[] = [];
  const grants = book({
    load: async () => [{ id: made.id, value: change(made) }],
    save: async () => {},
    remove: async (id) => void removed.push(id),
  });
  await grants.open();
  expect(grants.live(chat)).toEqual([]);
  expect(removed).toEqual([made.id]);
  expect(warnings).toEqual(['grant_dropped']);
});
