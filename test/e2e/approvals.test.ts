import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SeenMessage } from '../fixtures/bot-api/messages.ts';
import type { Person } from '../fixtures/bot-api/person.ts';
import { message, text, toolUse, useTool, type Reply } from '../fixtures/messages-api/reply.ts';
import { startLeashd } from './leashd-process.ts';
import { createRig, OWNER_ID, type Rig } from './rig.ts';
import { labels, Talk } from './talk.ts';

const BOB_ID = 5151;
const CORA_ID = 6161;
const GROUP_ID = -100_777;
const SHARED = {
  LEASHD_ALLOWED_USER_IDS: `${OWNER_ID},${BOB_ID},${CORA_ID}`,
  LEASHD_APPROVER_IDS: `${OWNER_ID},${CORA_ID}`,
};
const CRITICAL = `rules:
  - name: careful
    commands: [rm]
    action: require_approval
    risk_level: critical
    reason: It can't be brought back
`;

const dataOf = ({ keyboard }: SeenMessage, label: string): string =>
  keyboard.flat().find((button) => button.label === label)?.data ?? '';
const touch = (name: string): Reply => useTool('Bash', { command: `touch ${name}` }, { id: `call_${name}` });

describe('approvals in three chats by four people, with the real claude', () => {
  let rig: Rig;
  let bob: Person;
  let eve: Person;
  let cora: Person;
  let own: Talk;
  let hers: Talk;
  let group: Talk;
  let policy = '';
  beforeAll(async () => {
    rig = await createRig();
    bob = rig.telegram.person(BOB_ID, 'Bob');
    cora = rig.telegram.person(CORA_ID, 'Cora');
    eve = rig.telegram.person(666, 'Eve');
    own = new Talk(rig, rig.owner.chat, 'In private');
    hers = new Talk(rig, cora.chat, 'Hers');
    group = new Talk(rig, rig.telegram.chat(GROUP_ID, { title: 'Shop' }), 'In the group');
    policy = join(rig.home.home, 'critical.yaml');
    writeFileSync(policy, CRITICAL);
    await rig.start({ ...SHARED, LEASHD_POLICY_FILES: `${policy},default.yaml,dev-tools.yaml` });
  }, 40_000);
  afterAll(() => rig.dispose());

  const has = (name: string): boolean => existsSync(join(rig.project, name));
  /** What the audit says of a call, in order. */
  const logged = (call: string) => rig.auditLines().filter((line) => line['call'] === `call_${call}`);
  const decided = (call: string) => logged(call).find(({ event }) => event === 'tool_decided');
  const refusedTaps = () => rig.auditLines().filter(({ event }) => event === 'tap_refused');
  const by = `telegram:${OWNER_ID}`;

  async function rejectAndReply(): Promise<void> {
    const first = await own.card('touch yes.txt');
    expect(has('yes.txt')).toBe(false);
    rig.owner.tap('✅ Approve', { message: first.id });
    const second = await own.card('touch no.txt');
    expect(has('yes.txt')).toBe(true);
    rig.owner.tap('❌ Reject', { message: second.id });
    const third = await own.card('touch why.txt');
    rig.owner.reply(third.id, 'call it because.txt');
    await own.says('Three answers.');
    await own.closes(first, /✅ Approved by Ada, \d\d:\d\d$/);
    await own.closes(second, /❌ Rejected by Ada, \d\d:\d\d$/);
    await own.closes(third, /❌ Rejected by Ada, \d\d:\d\d: call it because\.txt$/);
    expect([has('no.txt'), has('why.txt')]).toEqual([false, false]);
    expect(rig.model.lastToolResult('call_why.txt')?.text).toContain('call it because.txt');
    expect(logged('yes.txt').map(({ event }) => event)).toEqual([
      'approval_requested',
      'approval_resolved',
      'tool_decided',
    ]);
    expect(decided('yes.txt')).toMatchObject({
      decision: 'allow',
      layer: 'approval',
      answer: 'approved',
      by,
    });
    for (const call of ['no.txt', 'why.txt'])
      expect(decided(call)).toMatchObject({ decision: 'deny', layer: 'approval', answer: 'rejected', by });
  }

  async function similar(): Promise<void> {
    const card = await own.card('touch again.txt');
    rig.owner.tap('🔁 Approve similar…', { message: card.id });
    const offer = /exactly touch again\.txt, this chat, 1 hour/;
    await own.turns(card, (now) => labels(now).some((label) => offer.test(label)));
    rig.owner.tap(offer, { message: card.id });
    await own.says('Touched again.');
    await own.closes(card, /✅ Approved by Ada, \d\d:\d\d · .*exactly touch again\.txt, this chat, 1 hour$/);
    expect(own.chat.messages().filter(({ text: words }) => words.includes('\ntouch again.txt'))).toHaveLength(
      1,
    );
    const made = rig.auditLines().find(({ event }) => event === 'grant_made');
    expect(made).toMatchObject({ chat: by, by, call: 'call_again.txt' });
    expect(logged('twice')).toMatchObject([
      { event: 'tool_decided', decision: 'allow', layer: 'grant', grant: made?.['grant'] },
    ]);
    expect(rig.model.lastToolResult('call_twice')?.isError).toBe(false);
  }

  async function critical(): Promise<void> {
    const card = await hers.card('rm -r build');
    expect(labels(card)).toEqual(['✅ Approve', '❌ Reject']);
    cora.tap('✅ Approve', { message: card.id });
    const sure = 'Yes, delete all of build';
    await hers.turns(card, (now) => labels(now).includes(sure));
    expect([has('build'), decided('critical')]).toEqual([true, undefined]);
    cora.tap(sure, { message: card.id });
    await hers.says('Gone for good.');
    await hers.closes(card, /✅ Approved by Cora/);
    expect(decided('critical')).toMatchObject({
      decision: 'allow',
      risk: 'critical',
      answer: 'approved',
      by: `telegram:${CORA_ID}`,
    });
  }

  it.concurrent(
    'a tap approves or rejects, a reply says why not, and a choice covers the next',
    async () => {
      own.begin(
        rig.owner,
        'three',
        touch('yes.txt'),
        touch('no.txt'),
        touch('why.txt'),
        text('Three answers.'),
      );
      await rejectAndReply();
      const same = useTool('Bash', { command: 'touch again.txt' }, { id: 'call_twice' });
      own.begin(rig.owner, 'similar', touch('again.txt'), same, text('Touched again.'));
      await similar();
      expect(has('again.txt')).toBe(true);
    },
    60_000,
  );

  it.concurrent(
    'what is critical takes two taps, and one takes all of a kind that helpers ask for at once',
    async () => {
      mkdirSync(join(rig.project, 'build'));
      const destroy = useTool('Bash', { command: 'rm -r build' }, { id: 'call_critical' });
      hers.begin(cora, 'destroy', destroy, text('Gone for good.'));
      await critical();
      expect(has('build')).toBe(false);
      await parallel();
    },
    60_000,
  );

  it.concurrent(
    'in a group only approvers’ taps count, each once, and none from elsewhere',
    async () => {
      group.begin(bob, 'make it', touch('shared.txt'), text('Shared.'));
      const card = await group.card('touch shared.txt');
      const place = { chat: GROUP_ID, message: card.id };
      const approve = dataOf(card, '✅ Approve');
      const bobs = [bob.tap('✅ Approve', place), bob.tap('🔁 Approve similar…', place)];
      bob.reply(card.id, 'do as I say', { chat: GROUP_ID });
      const eves = eve.tap('✅ Approve', place);
      // The group's question, under a message of the private chat.
      const anywhere = await rig.telegram.waitFor(() => own.chat.messages().find(({ from }) => from.isBot));
      const forged = rig.owner.forgeTap(anywhere.id, approve);
      const unknown = rig.owner.forgeTap(card.id, 'p:AAAA:approve', { chat: GROUP_ID });
      await rig.telegram.waitFor(() => [...bobs, eves, forged, unknown].every((tap) => tap.answer()));
      for (const tap of bobs)
        expect(tap.answer()?.text).toContain(`Only ${by}, telegram:${CORA_ID} may approve here`);
      expect(forged.answer()?.text).toContain('belongs to another chat');
      expect(unknown.answer()?.text).toContain('knows no such question');
      await expect
        .poll(() => refusedTaps().map(({ why }) => why))
        .toEqual(
          expect.arrayContaining([
            'not-permitted',
            'not-permitted',
            'not-permitted',
            'other-chat',
            'unknown-prompt',
          ]),
        );
      expect([has('shared.txt'), decided('shared.txt')]).toEqual([false, undefined]);

      const [once, twice] = [rig.owner.tap('✅ Approve', place), rig.owner.tap('✅ Approve', place)];
      await group.says('Shared.');
      await group.closes(card, /✅ Approved by Ada, \d\d:\d\d$/);
      await rig.telegram.waitFor(() => once.answer() && twice.answer());
      expect(once.answer()?.text).toBe('✅ Approve');
      expect(twice.answer()?.text).toMatch(/^Already approved by Ada at \d\d:\d\d$/);
      const stale = rig.owner.forgeTap(card.id, dataOf(card, '❌ Reject'), { chat: GROUP_ID });
      await rig.telegram.waitFor(() => stale.answer());
      expect(stale.answer()?.text).toMatch(/^Already approved by Ada/);
      expect(has('shared.txt')).toBe(true);
      const resolved = logged('shared.txt').filter(({ event }) => event === 'approval_resolved');
      expect(resolved).toMatchObject([{ answer: 'approved', by, chat: `telegram:${GROUP_ID}` }]);
    },
    60_000,
  );

  async function parallel(): Promise<void> {
    const names = ['one', 'two', 'three'];
    for (const name of names) {
      const isHelper = (prompt: string, kind: string): boolean =>
        kind === 'subagent' && prompt.includes(`HELPER ${name}`);
      rig.model.on(({ kind, prompt }) => isHelper(prompt, kind), touch(`${name}.txt`), { times: 1 });
    }
    const helpers = names.map((name) =>
      toolUse('Agent', {
        description: name,
        prompt: `HELPER ${name}`,
        subagent_type: 'general-purpose',
        run_in_background: false,
      }),
    );
    hers.begin(cora, 'all three', message(helpers), text('All of them.'));
    const all = '✅ Approve all 3 like this';
    const isIt = (card: SeenMessage): boolean => labels(card).includes(all);
    const last = await rig.sees(isIt, hers);
    expect(names.filter((name) => has(`${name}.txt`))).toEqual([]);
    cora.tap(all, { message: last.id });
    await hers.says('All of them.');
    for (const name of names) {
      const card = await hers.says(`touch ${name}.txt`);
      await hers.closes(card, /✅ Approved by Cora, \d\d:\d\d · with 2 more like this$/);
      expect([name, has(`${name}.txt`)]).toEqual([name, true]);
      expect(decided(`${name}.txt`)).toMatchObject({
        decision: 'allow',
        answer: 'approved',
        by: `telegram:${CORA_ID}`,
        subagent: 'general-purpose',
      });
    }
    const prompts = names.map((name) => decided(`${name}.txt`)?.['prompt']);
    expect(new Set(prompts).size).toBe(3);
  }

  it('nobody’s answer is a no, a tap that comes too late is told so, and the log is whole', async () => {
    await rig.leashd.stop();
    await rig.start({ ...SHARED, LEASHD_APPROVAL_TIMEOUT_SECONDS: '1' });
    own.begin(rig.owner, 'late', touch('late.txt'), text('Nobody was there.'));
    const card = await own.card('touch late.txt');
    await own.says('Nobody was there.');
    await own.closes(card, /⌛ Denied, \d\d:\d\d: nobody answered in time$/);
    const late = rig.owner.forgeTap(card.id, dataOf(card, '✅ Approve'));
    await rig.telegram.waitFor(() => late.answer());
    expect(late.answer()?.text).toMatch(/^Too late: nobody had answered by/);
    expect(has('late.txt')).toBe(false);
    expect(decided('late.txt')).toMatchObject({ decision: 'deny', layer: 'approval', answer: 'timed-out' });

    await rig.leashd.stop();
    const start = join(rig.home.home, 'leashd-start');
    const path = join(start, '.leashd', 'audit.jsonl');
    const verify = startLeashd({
      args: ['audit', 'verify', path],
      directory: start,
      environment: rig.home.environment,
    });
    expect([await verify.exited(), verify.output()]).toEqual([0, expect.stringContaining('✓ whole')]);
    expect(readFileSync(path, 'utf8')).not.toContain(rig.telegram.token);
  }, 40_000);
});
