import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SeenMessage } from '../fixtures/bot-api/messages.ts';
import type { Person } from '../fixtures/bot-api/person.ts';
import { text, useTool } from '../fixtures/messages-api/reply.ts';
import { startLeashd } from './leashd-process.ts';
import { createRig, type Rig } from './rig.ts';
import { labels, Talk } from './talk.ts';

describe('killed with an open card', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig();
    await rig.start();
  }, 40_000);
  afterAll(() => rig.dispose());
  afterEach(() => rig.model.reset());

  const at = (id: number) => rig.owner.chat.messages().find((message) => message.id === id);

  it('runs nothing, says so on the card and to the tap that came meanwhile', async () => {
    const file = join(rig.project, 'gone.js');
    rig.model.enqueue(useTool('Write', { file_path: file, content: 'x\n' }), text('Written.'));
    rig.owner.send('write it');
    const card = await rig.card();
    await rig.leashd.stop('SIGKILL');
    const tap = rig.owner.tap('✅ Approve', { message: card.id });
    expect(tap.answer()).toBeUndefined();

    await rig.start();
    const closed = 'Closed: leashd was restarted; nothing was run';
    await rig.telegram.waitFor(() => at(card.id)?.text.includes(closed));
    expect(at(card.id)?.keyboard).toEqual([]);
    await rig.telegram.waitFor(() => tap.answer());
    expect(tap.answer()?.text).toContain(closed);
    expect(existsSync(file)).toBe(false);
    const refused = () => rig.auditLines().filter(({ event }) => event === 'tap_refused');
    // A refused tap changes nothing, so it is answered before its line is on disk.
    await expect.poll(refused, { timeout: 5_000 }).toMatchObject([{ why: 'closed' }]);
  }, 40_000);

  it('takes the next card as if nothing had been', async () => {
    const file = join(rig.project, 'there.js');
    rig.model.enqueue(useTool('Write', { file_path: file, content: 'x\n' }), text('Written now.'));
    rig.owner.send('write the other');
    const card = await rig.sees(
      ({ text: words, keyboard }) => keyboard.length > 0 && words.includes('there.js'),
    );
    const tap = rig.owner.tap('✅ Approve', { message: card.id });
    await rig.sees((message) => message.text.includes('Written now.'));
    expect(existsSync(file)).toBe(true);
    expect(tap.answer()?.text).toBe('✅ Approve');
    expect(at(card.id)?.text).toMatch(/Approved by Ada, \d\d:\d\d$/);

    const button = card.keyboard.flat()[0]?.data ?? '';
    const [again, forged] = [button, 'p:AAAA:approve'].map((data) => rig.owner.forgeTap(card.id, data));
    await rig.telegram.waitFor(() => again?.answer() && forged?.answer());
    expect(again?.answer()?.text).toMatch(/^Already approved by Ada at \d\d:\d\d$/);
    expect(forged?.answer()?.text).toContain('knows no such question');
    const resolved = rig.auditLines().findLast(({ event }) => event === 'approval_resolved');
    expect(resolved).toMatchObject({ answer: 'approved', prompt: button.split(':')[1] });
  }, 40_000);
});

const CRITICAL = `rules:
  - name: careful
    commands: [rm]
    action: require_approval
    risk_level: critical
    reason: It can't be brought back
`;

describe('killed in each state of a card at once', () => {
  const NAMES = ['menu', 'confirm', 'running', 'unmarked', 'unseen'] as const;
  type Name = (typeof NAMES)[number];
  const COMMANDS: Readonly<Record<Name, string>> = {
    menu: 'touch menu.txt',
    confirm: 'rm confirm.txt',
    running: 'echo ran >> running.txt && sleep 5',
    unmarked: 'echo ran >> unmarked.txt',
    unseen: 'touch unseen.txt',
  };
  const people = {} as Record<Name, Person>;
  const talks = {} as Record<Name, Talk>;
  const cards = {} as Record<Name, SeenMessage>;
  let rig: Rig;
  let settings: Record<string, string>;
  beforeAll(async () => {
    rig = await createRig();
    const ids = NAMES.map((name, index) => {
      people[name] = rig.telegram.person(100 + index, name);
      talks[name] = new Talk(rig, people[name].chat, `Chat ${name}`);
      return 100 + index;
    });
    const policy = join(rig.home.home, 'critical.yaml');
    writeFileSync(policy, CRITICAL);
    writeFileSync(join(rig.project, 'confirm.txt'), 'precious\n');
    settings = {
      LEASHD_ALLOWED_USER_IDS: ids.join(','),
      LEASHD_POLICY_FILES: `${policy},default.yaml,dev-tools.yaml`,
    };
    await rig.start(settings);
  }, 40_000);
  afterAll(() => rig.dispose());

  const written = (name: string): string => {
    const path = join(rig.project, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const logged = (name: Name) => rig.auditLines().filter((line) => line['call'] === `call_${name}`);
  const begin = (name: Name): void =>
    talks[name].begin(
      people[name],
      'do it',
      useTool('Bash', { command: COMMANDS[name] }, { id: `call_${name}` }),
      text(`Done with ${name}.`),
    );
  const tap = (name: Name, label: string) => people[name].tap(label, { message: cards[name].id });
  const open = async (name: Name): Promise<void> => {
    begin(name);
    cards[name] = await talks[name].card(COMMANDS[name]);
  };

  async function reachEachState(): Promise<void> {
    await Promise.all((['menu', 'confirm', 'running', 'unmarked'] as const).map(open));
    tap('menu', '🔁 Approve similar…');
    tap('confirm', '✅ Approve');
    await talks.menu.turns(cards.menu, (card) => labels(card).includes('← Back'));
    await talks.confirm.turns(cards.confirm, (card) =>
      labels(card).some((label) => label.startsWith('Yes, ')),
    );
    tap('running', '✅ Approve');
    await expect.poll(() => written('running.txt'), { timeout: 10_000 }).toBe('ran\n');
    rig.telegram.failNext('sendMessage', { delayMs: 20_000, drop: 'before' });
    begin('unseen');
    const isOnItsWay = () =>
      rig.telegram
        .calls('sendMessage')
        .some(({ params }) => String(params['text']).includes(COMMANDS.unseen));
    await rig.telegram.waitFor(isOnItsWay, 10_000);
    rig.telegram.failNext('editMessageText', { delayMs: 20_000, drop: 'before' });
    tap('unmarked', '✅ Approve');
    await expect.poll(() => logged('unmarked').map(({ event }) => event)).toContain('approval_resolved');
    await rig.leashd.stop('SIGKILL');
  }

  it('nothing runs twice or unasked, each card says what became of it, and the log is whole', async () => {
    await reachEachState();
    const running = written('running.txt');
    await rig.start(settings);
    const closed = /Closed: leashd was restarted; nothing was run$/;
    await talks.menu.closes(cards.menu, closed);
    await talks.confirm.closes(cards.confirm, closed);
    await talks.running.closes(cards.running, /✅ Approved by running, \d\d:\d\d$/);
    await talks.unmarked.closes(cards.unmarked, /✅ Approved by unmarked, \d\d:\d\d$/);
    expect(written('confirm.txt')).toBe('precious\n');
    expect([written('menu.txt'), existsSync(join(rig.project, 'unseen.txt'))]).toEqual(['', false]);

    // Each conversation goes on, and nothing that was decided before comes back.
    // But the offer to take up the turn that was cut off.
    const isOffer = (text: string) => text.startsWith('⚠️ leashd was stopped while it worked');
    const messages = talks.unseen.chat.messages();
    const open = messages.filter(({ text: words, keyboard }) => keyboard.length > 0 && !isOffer(words));
    expect(open).toEqual([]);
    talks.running.begin(people.running, 'and now?', text('As it was.'));
    await talks.running.says('As it was.');
    expect([written('running.txt'), running]).toEqual(['ran\n', 'ran\n']);
    // What Claude had been told to run by then, it may have run without leashd; once.
    const mayRun = logged('unmarked').some(({ event }) => event === 'tool_decided');
    expect(mayRun ? ['', 'ran\n'] : ['']).toContain(written('unmarked.txt'));
    for (const name of ['menu', 'confirm', 'unseen'] as const) {
      expect(logged(name).map(({ event }) => event)).toEqual(['approval_requested']);
    }
    for (const name of ['running', 'unmarked'] as const) {
      const approvals = logged(name).filter(({ event }) => event === 'approval_resolved');
      expect(approvals).toMatchObject([{ answer: 'approved', by: `telegram:${people[name].id}` }]);
    }

    await rig.leashd.stop();
    const start = join(rig.home.home, 'leashd-start');
    const args = ['audit', 'verify', join(start, '.leashd', 'audit.jsonl')];
    const verify = startLeashd({ args, directory: start, environment: rig.home.environment });
    expect([await verify.exited(), verify.output()]).toEqual([0, expect.stringContaining('✓ whole')]);
  }, 90_000);
});
