import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineBench } from '../../../test/fixtures/engine-bench.ts';
import { recordingConnector } from '../../../test/fixtures/recording-connector.ts';
import { COMMANDS } from '../commands/all.ts';
import type { Command, Invocation } from '../commands/command.ts';
import type { NextStep } from '../commands/command.ts';
import { personId, type Person } from '../ports/chat.ts';

const bob: Person = { id: personId('test', 2), name: 'Bob' };

describe('an answer with next steps', () => {
  let bench: EngineBench;
  let ran: string[];
  let offer: (invocation: Invocation) => Promise<void>;
  const trial: Command = {
    name: 'trial',
    summary: 'For this test',
    isAllowedDuringTurn: true,
    run: (invocation) => offer(invocation),
  };
  const step = (name: string, more: Partial<NextStep> = {}): NextStep => ({
    label: name,
    typed: `/trial ${name}`,
    run: async ({ inbound, args }) => void ran.push(`${inbound.person.name}: ${args}`),
    ...more,
  });

  beforeEach(() => {
    bench = new EngineBench();
    ran = [];
    offer = (invocation) => invocation.offer('**Done**', [step('look', { isReading: true }), step('change')]);
    (COMMANDS as Command[]).push(trial);
  });
  afterEach(async () => {
    (COMMANDS as Command[]).pop();
    await bench.dispose();
  });
  const act = (): Promise<unknown> => bench.connector.act({ kind: 'command', name: 'trial', args: '' });
  const shown = async (count: number) => {
    const { connector } = bench;
    await connector.until(() => connector.prompts.length >= count);
    const prompt = connector.prompts[count - 1];
    if (!prompt) throw new Error('nothing is shown');
    return prompt;
  };

  it('runs a tapped one once, as the person who tapped, and loses its buttons', async () => {
    const engine = await bench.start();
    await act();
    const { view } = await shown(1);
    expect(view.choices.map(({ label }) => label)).toEqual(['look', 'change']);
    // The command is answered: nothing is said to have been cut off after a restart.
    await engine.idle();
    expect(await bench.stores.inbox.unfinished()).toEqual([]);
    await bench.connector.tap(view.id, 's1');
    const { notice } = await bench.connector.tap(view.id, 's1');
    await engine.idle();
    expect(ran).toEqual(['Ada: change']);
    expect(notice).toBe('👉 Ada: change');
    expect(bench.connector.prompts[0]?.outcome).toBe('👉 Ada: change');
  });

  it('gives its buttons up for a newer one, and holds up no turn', async () => {
    await bench.start();
    await act();
    const first = await shown(1);
    await act();
    await shown(2);
    await bench.connector.until(() => first.outcome === '');
    const { notice } = await bench.connector.tap(first.view.id, 's0');
    expect(notice).toBe('A newer answer has taken these buttons’ place.');
    await bench.connector.write('work');
    await bench.agent.turn(0);
  });

  it('is said without its buttons where a newer one comes before it could be shown', async () => {
    await bench.start();
    const { connector } = bench;
    const gate = Promise.withResolvers<void>();
    const show = connector.showPrompt.bind(connector);
    const order: string[] = [];
    connector.showPrompt = async (chat, view) => {
      await gate.promise;
      order.push(`shown ${view.body.text}`);
      return show(chat, view);
    };
    const send = connector.send.bind(connector);
    connector.send = (chat, message) => {
      order.push('said');
      return send(chat, message);
    };
    offer = ({ offer: answer, args }) => answer(`answer ${args}`, [step('look')]);
    for (const args of ['1', '2', '3']) await connector.act({ kind: 'command', name: 'trial', args });
    gate.resolve();
    await connector.until(() => order.length === 3);
    expect(order).toEqual(['shown answer 1', 'said', 'shown answer 3']);
    expect(connector.sent).toEqual(['answer 2']);
    await connector.until(() => connector.prompts[0]?.outcome === '');
    expect(connector.prompts.map(({ outcome }) => outcome)).toEqual(['', undefined]);
  });

  it('lets others than approvers only look', async () => {
    const engine = await bench.start({ approvers: [bob.id] });
    await act();
    const { view } = await shown(1);
    const { notice } = await bench.connector.tap(view.id, 's1');
    expect(notice).toBe('Only those who may approve can do that; nothing was changed.');
    await bench.connector.tap(view.id, 's0');
    await engine.idle();
    expect(ran).toEqual(['Ada: look']);
  });

  it('changes nothing while Claude works', async () => {
    const { connector, agent } = bench;
    await bench.start();
    await act();
    const { view } = await shown(1);
    await connector.write('work');
    const turn = await agent.turn(0);
    await connector.tap(view.id, 's1');
    await connector.until(() =>
      connector.sent.includes('Claude is working. /stop it first, then /trial change.'),
    );
    expect(ran).toEqual([]);
    turn.finish();
  });

  it('asks twice where it is told to, and says what went wrong', async () => {
    const { connector } = bench;
    const run = (): Promise<void> => Promise.reject(new Error('no disk'));
    offer = (invocation) => invocation.offer('Done', [step('drop', { confirm: 'Really', run })]);
    await bench.start();
    await act();
    const { view } = await shown(1);
    await connector.tap(view.id, 's0');
    expect(connector.sent).toEqual([]);
    await connector.tap(view.id, 'sure-s0');
    await connector.until(() => connector.sent.includes('⚠️ /trial drop failed: no disk'));
  });

  it('hands a text to the agent from a tap', async () => {
    offer = (invocation) =>
      invocation.offer('Done', [step('go', { run: async ({ submit }) => submit('resolve it') })]);
    const engine = await bench.start();
    await act();
    await bench.connector.tap((await shown(1)).view.id, 's0');
    const turn = await bench.agent.turn(0);
    expect(turn.text).toBe('resolve it');
    turn.finish();
    await engine.idle();
    expect(await bench.stores.inbox.unfinished()).toEqual([]);
  });

  it('stands in words where nobody can tap, and below what is too long for one message', async () => {
    const connector = recordingConnector({ canPrompt: false });
    const engine = await bench.start({ connector });
    await connector.act({ kind: 'command', name: 'trial', args: '' });
    await engine.idle();
    expect(connector.sent).toEqual(['**Done**\n\nNext: /trial look, /trial change']);

    const other = recordingConnector();
    offer = (invocation) => invocation.offer('long '.repeat(1000), [step('look')]);
    await bench.start({ connector: other });
    await other.act({ kind: 'command', name: 'trial', args: '' });
    await other.until(() => other.prompts.length === 1);
    expect(other.sent.length).toBe(1);
    expect(other.prompts[0]?.view.body.text).toBe('What next?');
  });
});
