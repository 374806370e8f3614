import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineBench } from '../../test/fixtures/engine-bench.ts';
import type { PuppetTurn } from '../../test/fixtures/puppet-agent.ts';
import type { Engine } from './engine.ts';
import type { ToolCall } from './ports/gate.ts';
import type { Session } from './ports/store.ts';

const APP = '/projects/app';
const SITE = '/projects/site';
const call = (directory = APP): ToolCall => ({ id: 'c1', tool: 'Read', input: {}, directory });
const { signal } = new AbortController();

describe('an engine whose settings are replaced', () => {
  let bench: EngineBench;
  let engine: Engine;
  beforeEach(async () => {
    bench = new EngineBench();
    engine = await bench.start();
  });
  afterEach(() => bench.dispose());

  async function begun(text: string): Promise<PuppetTurn> {
    const index = bench.agent.turns.length;
    await bench.connector.write(text);
    return bench.agent.turn(index);
  }
  async function turn(text: string): Promise<PuppetTurn> {
    const running = await begun(text);
    running.finish();
    await engine.idle();
    return running;
  }
  async function said(name: string, args = ''): Promise<string> {
    const before = bench.connector.sent.length;
    await bench.connector.act({ kind: 'command', name, args });
    await engine.idle();
    return bench.connector.sent.slice(before).join('\n');
  }
  const session = (): Promise<Session | undefined> => bench.stores.sessions.current(bench.connector.chat);

  it('lets a running turn end as it was begun, and renews the agent at the next one, with its session', async () => {
    const running = await begun('one');
    bench.reload({ systemPrompt: 'Be thorough.', maxTurns: 7 });
    running.emit({ kind: 'text', delta: 'Still here.' });
    expect(await running.options.gate(call(), signal)).toEqual({ kind: 'allow' });
    running.finish();
    await engine.idle();
    expect(bench.lastReply()).toBe('Still here.');
    expect(bench.agent.closed).toBe(0);

    const { options } = await turn('two');
    expect(bench.agent.closed).toBe(1);
    expect(options).toMatchObject({ maxTurns: 7, resume: 'agent-1' });
    expect(options.instructions).toContain('Be thorough.');
    await turn('three');
    expect(bench.agent.opened).toHaveLength(2);
  });

  it('keeps the agent where nothing that it was started with has changed', async () => {
    await turn('one');
    bench.reload({ turnTimeoutMs: 5_000, isStreaming: false, agentIdleMs: 1_000, rateLimitBurst: 9 });
    await turn('two');
    expect(bench.agent.opened).toHaveLength(1);
    bench.clock.advance(1_000);
    expect(bench.agent.closed).toBe(1);
  });

  it('renews an agent that was started on other terms', async () => {
    await turn('one');
    bench.reload({ agentTerms: 'other files are closed' });
    await turn('two');
    expect(bench.agent.opened).toHaveLength(2);
  });

  it('takes time-outs, limits and the mode of new sessions from then on', async () => {
    bench.reload({
      turnTimeoutMs: 5_000,
      defaultMode: 'plan',
      approvalTimeoutMs: 7_000,
      rateLimitRpm: 1,
      rateLimitBurst: 1,
    });
    const running = await begun('slow');
    expect(running.options.gateTimeoutMs).toBe(37_000);
    expect((await session())?.mode).toBe('plan');
    bench.clock.advance(5_000);
    await engine.idle();
    expect(bench.lastReply()).toContain('stopped after 5 s');
    await bench.connector.write('too fast');
    expect(bench.connector.sent.at(-1)).toContain('That was too fast');
  });

  it('holds today to another budget at once', async () => {
    bench.reload({ budgets: { perDayUsd: 0.005 } });
    await turn('one');
    bench.reload({ budgets: { perDayUsd: 50 } });
    expect(await said('status')).toContain('of $50.00');
    bench.reload({ budgets: { perDayUsd: 0.005 } });
    await bench.connector.write('two');
    await bench.connector.until(() => bench.connector.prompts.length > 0);
    expect(bench.agent.turns).toHaveLength(1);
  });

  it('says in /status since when they hold, once they were replaced', async () => {
    expect(await said('status')).not.toContain('Settings and policies');
    bench.reload({ reloadedAt: new Date(2026, 10, 23, 14, 3).getTime() });
    expect(await said('status')).toContain(
      '**Settings and policies** hold since 2026-11-23 14:03 (reloaded)',
    );
  });

  describe('without a directory that was approved', () => {
    it('denies what its agent wants to do, lets the turn end there, and closes the agent then', async () => {
      const running = await begun('one');
      bench.reload({ approvedDirectories: [SITE] });
      expect(await running.options.gate(call(), signal)).toMatchObject({
        kind: 'deny',
        rule: 'directory-not-approved',
      });
      // What looks at the session meanwhile does not take it away.
      await bench.connector.act({ kind: 'command', name: 'status', args: '' });
      await bench.connector.until(() => bench.connector.sent.length === 1);
      expect(bench.connector.sent[0]).toContain(`**Directory** \`${APP}\``);
      running.emit({ kind: 'text', delta: 'I could not.' });
      running.finish();
      await engine.idle();
      expect(bench.lastReply()).toBe('I could not.\n\n⛔ `Read` (directory-not-approved)');
      expect(await session()).toMatchObject({ directory: APP, turns: 1 });
      expect(bench.agent.closed).toBe(1);
    });

    it('begins the next turn in the first approved one, says so, and ends the grants', async () => {
      await turn('one');
      await bench.approve('git push');
      bench.reload({ approvedDirectories: [SITE] });
      expect(bench.agent.closed).toBe(1);
      const { options } = await turn('two');
      expect(options).toMatchObject({ directory: SITE, resume: undefined });
      expect(bench.connector.sent).toEqual([
        `\`${APP}\` is not approved any more. This is a fresh conversation in 📁 \`${SITE}\`.`,
      ]);
      expect(bench.remembered.grantsOf('test:1')).toEqual([]);
      expect(bench.audited).toContainEqual(
        expect.objectContaining({ event: 'directory_changed', from: APP, to: SITE }),
      );
    });

    it('denies what an old card approves', async () => {
      bench.asks = true;
      const running = await begun('one');
      const verdict = running.options.gate(call(), signal);
      await bench.connector.until(() => bench.connector.prompts.length === 1);
      bench.reload({ approvedDirectories: [SITE] });
      const id = bench.connector.prompts[0]?.view.id;
      if (id) await bench.connector.tap(id, 'approve');
      expect(await verdict).toMatchObject({ kind: 'deny', rule: 'directory-not-approved' });
      running.finish();
      await engine.idle();
    });
  });

  it('gives the agent a directory that was added, from its next turn on', async () => {
    await turn('one');
    bench.reload({ approvedDirectories: [APP, SITE, '/projects/new'] });
    const { options } = await turn('two');
    expect(options).toMatchObject({
      directory: APP,
      otherDirectories: [SITE, '/projects/new'],
      resume: 'agent-1',
    });
    expect(bench.connector.sent).toEqual([]);
  });

  it('leaves a workspace that is another one by then', async () => {
    const shop = { name: 'shop', directories: [APP, SITE] } as const;
    bench.reload({ workspaces: [shop] });
    await said('ws', 'shop');
    await turn('one');
    bench.reload({ workspaces: [{ ...shop, directories: [APP] }] });
    const { options } = await turn('two');
    expect(options).toMatchObject({ directory: APP, otherDirectories: [] });
    expect(bench.connector.sent.at(-1)).toContain('The workspace `shop` has other directories now.');
  });

  it('tells the chats that it knows of what happens to leashd itself', async () => {
    await engine.announce('before anybody wrote');
    await turn('one');
    await engine.announce('🔄 Holds now.');
    expect(bench.connector.sent).toEqual(['🔄 Holds now.']);
  });
});
