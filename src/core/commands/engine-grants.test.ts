import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineBench } from '../../../test/fixtures/engine-bench.ts';
import { bob } from '../../../test/fixtures/prompt-bench.ts';
import { openTo } from '../access/open-to.ts';
import type { Engine } from '../engine.ts';
import { ada, type ShownPrompt } from '../../../test/fixtures/recording-connector.ts';

describe('what was approved in advance', () => {
  let bench: EngineBench;
  let engine: Engine;
  beforeEach(async () => {
    bench = new EngineBench();
    engine = await bench.start();
  });
  afterEach(() => bench.dispose());

  const send = (name: string, args = ''): Promise<unknown> =>
    bench.connector.act({ kind: 'command', name, args });
  const said = async (name: string, args = ''): Promise<string> => {
    await send(name, args);
    await engine.idle();
    return bench.connector.sent.at(-1) ?? '';
  };
  const shown = async (count: number): Promise<ShownPrompt> => {
    await bench.connector.until(() => bench.connector.prompts.length >= count);
    const prompt = bench.connector.prompts[count - 1];
    if (!prompt) throw new Error('nothing was shown');
    return prompt;
  };
  const labels = ({ view }: ShownPrompt): string[] => view.choices.map(({ label }) => label);
  const grants = (): string[] => bench.remembered.grantsOf('test:1').map(({ words }) => words);
  const rules = (): string[] => bench.remembered.rulesOf('/projects/app').map(({ words }) => words);
  const audited = (event: string): unknown[] => bench.audited.filter((record) => record.event === event);

  it('/grants lists what lives, and revokes one by one with a tap', async () => {
    await bench.approve('git push');
    bench.clock.advance(600_000);
    await bench.approve('npm test');
    await send('grants');
    const list = await shown(1);
    expect(list.view.body.text).toContain('1. git push · 50 min left\n2. npm test · 1 h left');
    expect(labels(list)).toEqual(['🚫 1. git push', '🚫 2. npm test', '🚫 Revoke all 2', 'Done']);
    await bench.connector.tap(list.view.id, '0');
    const rest = await shown(2);
    expect(grants()).toEqual(['npm test']);
    expect(rest.view.body.text).toMatch(/^🚫 Revoked: git push\n\n1 grant.*\n1\. npm test/);
    expect(audited('grant_revoked')).toMatchObject([{ words: 'git push', by: ada.id, chat: 'test:1' }]);
    await bench.connector.tap(rest.view.id, '0');
    await engine.idle();
    expect(grants()).toEqual([]);
    expect(bench.connector.sent.at(-1)).toMatch(/^🚫 Revoked: npm test\n\nNo grants live/);
  });

  it('a button revokes what stands beside it, also when another has ended meanwhile', async () => {
    await bench.approve('git push');
    await bench.approve('npm test');
    await bench.approve('ls');
    await send('grants');
    const list = await shown(1);
    await bench.remembered.revoke('test:1', bench.remembered.grantsOf('test:1')[0]?.id ?? '', ada.id);
    await bench.connector.tap(list.view.id, '1');
    const rest = await shown(2);
    expect(grants()).toEqual(['ls']);
    await bench.connector.tap(rest.view.id, 'keep');
    await engine.idle();
    expect(grants()).toEqual(['ls']);
  });

  it('/grants revoke takes a number, an id, or all', async () => {
    for (const words of ['one', 'two', 'three', 'four']) await bench.approve(words);
    expect(await said('grants', 'revoke 2')).toBe('🚫 Revoked: two');
    const [first] = bench.remembered.grantsOf('test:1');
    expect(await said('grants', `revoke ${first?.id ?? ''}`)).toBe('🚫 Revoked: one');
    expect(await said('grants', 'revoke 7')).toContain('There is no “7”; nothing was changed.');
    expect(await said('grants', 'make ls')).toContain('/grants revoke <number, id or all>');
    expect(grants()).toEqual(['three', 'four']);
    expect(await said('grants', 'revoke all')).toBe('🚫 Revoked: three\n🚫 Revoked: four');
    expect(grants()).toEqual([]);
    expect(await said('grants')).toContain('No grants live in this chat');
  });

  it.each([{ asksOneByOne: true }, { canPrompt: false }])(
    'lists in words where buttons would be in the way: %j',
    async (kind) => {
      Object.assign(bench.connector, kind);
      await bench.approve('git push');
      expect(await said('grants')).toMatch(/1\. git push · 1 h left\n\nIn words: \/grants revoke <number/);
      expect(bench.connector.prompts).toEqual([]);
    },
  );

  it('a grant that is revoked counts no longer, though that can not be written down', async () => {
    await bench.approve('git push');
    bench.auditFault = new Error('disk full');
    expect(await said('grants', 'revoke 1')).toBe(
      '⚠️ git push: it counts no longer, but that could not be written down (disk full).',
    );
    expect(grants()).toEqual([]);
  });

  it('the list holds up no turn and is not among what is pending', async () => {
    await bench.approve('git push');
    await bench.connector.write('work');
    const turn = await bench.agent.turn(0);
    await send('grants');
    await shown(1);
    await send('pending');
    await bench.connector.until(() => bench.connector.sent.length > 0);
    expect(bench.connector.sent).toEqual(['Nothing waits for you.']);
    await bench.connector.write('more');
    bench.clock.advance(1_000);
    expect((await shown(2)).view.body.text).toContain('still working');
    // The watch on the turn goes on: it is the turn that ends here.
    bench.clock.advance(60_000);
    turn.finish();
    (await bench.agent.turn(1)).finish();
    await bench.connector.until(() => bench.connector.replies[0]?.final !== undefined);
    expect(bench.connector.replies[0]?.final?.markdown).toContain('stopped after 1 min');
  });

  it('anyone who may talk may revoke: it only makes the leash tighter', async () => {
    const other = new EngineBench();
    const both = await other.start({ access: openTo([ada.id, bob.id]), approvers: [ada.id] });
    await other.approve('git push');
    await other.connector.act({ kind: 'command', name: 'grants', args: 'revoke 1' }, { person: bob });
    await both.idle();
    expect(other.remembered.grantsOf('test:1')).toEqual([]);
    expect(other.audited.at(-1)).toMatchObject({ event: 'grant_revoked', by: bob.id });
    await other.dispose();
  });

  it('/rules lists what Always made, says where it stands, and removes it', async () => {
    expect(await said('rules')).toContain('There are no rules of your own for /projects/app');
    await bench.approve('npm run build', { kind: 'always' });
    await bench.approve('npm run lint', { kind: 'always' });
    const file = bench.remembered.rulesFile('/projects/app');
    expect(existsSync(file)).toBe(true);
    await send('rules');
    const list = await shown(1);
    expect(list.view.body.text).toContain(
      `in ${file}:\n1. npm run build · always-npm-run-build\n2. npm run lint`,
    );
    await bench.connector.tap(list.view.id, '0');
    const rest = await shown(2);
    expect(rules()).toEqual(['npm run lint']);
    await bench.connector.tap(rest.view.id, 'keep');
    expect(await said('rules', 'remove always-npm-run-lint')).toBe('🚫 Removed: npm run lint');
    expect(rules()).toEqual([]);
    expect(audited('rule_removed')).toHaveLength(2);
  });

  it('/pending names what waits and puts the cards with their buttons below', async () => {
    bench.asks = true;
    await bench.connector.write('work');
    const turn = await bench.agent.turn(0);
    const verdicts = ['Write', 'Edit'].map((tool) =>
      turn.options.gate(
        { id: tool, tool, input: {}, directory: '/projects/app' },
        new AbortController().signal,
      ),
    );
    await shown(2);
    bench.clock.advance(60_000);
    await send('pending');
    await shown(4);
    expect(bench.connector.sent).toEqual([
      '2 questions wait for you:\n1. uses Write · asked 1 min ago, 4 min left\n2. uses Edit · asked 1 min ago, 4 min left',
    ]);
    await send('status');
    await bench.connector.until(() => bench.connector.sent.length > 1);
    expect(bench.connector.sent.at(-1)).toContain('**Pending** `uses Write` and 1 more: /pending');
    const [above, , write, edit] = bench.connector.prompts;
    expect(above?.outcome).toContain('below');
    expect([write?.view.body.text, edit?.view.body.text]).toEqual(['May it Write?', 'May it Edit?']);
    for (const card of [write, edit]) if (card) await bench.connector.tap(card.view.id, 'approve');
    expect(await Promise.all(verdicts)).toEqual([{ kind: 'allow' }, { kind: 'allow' }]);
    turn.finish();
    await engine.idle();
    expect(await said('pending')).toBe('Nothing waits for you.');
  });

  it('/status says what is pending, what is granted, and how the commands run', async () => {
    const other = new EngineBench();
    const own = await other.start({ settings: { osSandbox: "Claude's commands run in the OS sandbox." } });
    await other.approve('git push');
    await other.connector.act({ kind: 'command', name: 'status', args: '' });
    await own.idle();
    const [status] = other.connector.sent;
    expect(status).toContain('**Pending** nothing');
    expect(status).toContain('1 grant: /grants, 0 rules: /rules');
    expect(status).toContain("**OS sandbox** Claude's commands run in the OS sandbox.");
    await other.dispose();
    expect(await said('status')).not.toContain('OS sandbox');
  });

  it('/clear ends questions, agent and grants, writes it down once, and says so', async () => {
    bench.asks = true;
    await bench.approve('git push');
    await bench.approve('npm test');
    await bench.connector.write('work');
    const turn = await bench.agent.turn(0);
    const verdict = turn.options.gate(
      { id: 'c1', tool: 'Write', input: {}, directory: '/projects/app' },
      new AbortController().signal,
    );
    await shown(1);
    expect(await said('clear')).toBe('🧹 A fresh conversation in `/projects/app`. 2 grants have ended.');
    expect(await verdict).toMatchObject({ kind: 'deny' });
    expect(bench.agent.closed).toBe(1);
    expect(grants()).toEqual([]);
    expect(audited('grant_ended')).toMatchObject([{ why: 'clear' }, { why: 'clear' }]);
    expect(audited('session_ended')).toMatchObject([{ why: 'cleared', by: ada.id, chat: 'test:1' }]);
  });

  it('/clear that can not be written down ends the grants, keeps the conversation, and says so', async () => {
    await bench.approve('git push');
    await bench.connector.write('one');
    (await bench.agent.turn(0)).finish();
    await engine.idle();
    const before = await bench.stores.sessions.current(bench.connector.chat);
    bench.auditFault = new Error('disk full');
    expect(await said('clear')).toContain('the conversation is not forgotten: disk full');
    expect(grants()).toEqual([]);
    expect(await bench.stores.sessions.current(bench.connector.chat)).toEqual(before);
  });

  it('/dir ends the grants of the directory that is left, and only then', async () => {
    await bench.approve('git push');
    expect(await said('dir', 'app')).toContain('already');
    expect(grants()).toEqual(['git push']);
    expect(await said('dir', 'site')).toBe('📁 `/projects/site`. One grant has ended.');
    expect(grants()).toEqual([]);
    expect(audited('grant_ended')).toMatchObject([{ why: 'directory' }]);
    expect(audited('directory_changed')).toMatchObject([
      { chat: 'test:1', from: '/projects/app', to: '/projects/site', by: ada.id },
    ]);
  });

  it('/dir that can not be written down moves nowhere', async () => {
    await bench.approve('git push');
    bench.auditFault = new Error('disk full');
    expect(await said('dir', 'site')).toContain('disk full');
    expect(grants()).toEqual(['git push']);
    expect(await bench.stores.sessions.current(bench.connector.chat)).toMatchObject({
      directory: '/projects/app',
    });
  });

  it.each([
    ['plan', 'plan'],
    ['edit', 'auto'],
  ])('/%s is written down before it counts', async (command, mode) => {
    await said(command);
    expect(audited('mode_changed')).toMatchObject([
      { chat: 'test:1', from: 'default', to: mode, by: ada.id },
    ]);
    await said(command);
    expect(audited('mode_changed')).toHaveLength(1);
    await said('default');
    expect(audited('mode_changed')).toHaveLength(2);
    expect(await bench.stores.sessions.current(bench.connector.chat)).toMatchObject({ mode: 'default' });
  });

  it('a mode that can not be written down is not taken, and its text is not sent on', async () => {
    await said('plan');
    bench.auditFault = new Error('disk full');
    expect(await said('edit', 'then do it')).toBe(
      '⚠️ The mode is still **plan**: disk full. Your text was not sent on.',
    );
    expect(await bench.stores.sessions.current(bench.connector.chat)).toMatchObject({ mode: 'plan' });
    expect(bench.agent.turns).toHaveLength(0);
  });
});
