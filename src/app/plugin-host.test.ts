import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../test/fixtures/manual-clock.ts';
import { EventBus } from '../core/events/event-bus.ts';
import type { Plugin, PluginContext, Vote, VoteQuestion } from '../core/ports/plugin.ts';
import { silentLog, type Log } from '../util/log.ts';
import { PluginHost } from './plugin-host.ts';

const plugin = (name: string, parts: Partial<Plugin> = {}): Plugin => ({
  name,
  initialize: () => {},
  ...parts,
});
const never = (): Promise<never> => new Promise(() => {});

describe('plugins', () => {
  let folder: string;
  let faults: unknown[];
  const clock = manualClock();
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'leashd-plugins-'));
    faults = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const logOf = (fields: object): Log => ({
    ...silentLog,
    error: (event, more) => void faults.push({ event, ...fields, ...more }),
    with: (more) => logOf({ ...fields, ...more }),
  });
  const bus = new EventBus({ log: silentLog });
  const host = (...plugins: readonly Plugin[]): PluginHost =>
    new PluginHost({
      plugins: plugins.map((one) => ({ plugin: one, options: { limit: 5 } })),
      stateDir: folder,
      version: '1.2.3',
      clock,
      log: logOf({}),
    });

  it('get their options, a folder of their own and the version', async () => {
    const given: PluginContext[] = [];
    await host(plugin('one', { initialize: (context) => void given.push(context) })).initialize(bus);
    expect(given[0]).toMatchObject({
      options: { limit: 5 },
      version: '1.2.3',
      stateDirectory: join(folder, 'plugins', 'one'),
    });
    expect(statSync(join(folder, 'plugins', 'one')).mode & 0o777).toBe(0o700);
  });

  it('begin in the order of the settings and stop in the reverse one', async () => {
    const order: string[] = [];
    const noisy = (name: string): Plugin =>
      plugin(name, {
        initialize: () => void order.push(`initialize ${name}`),
        start: () => void order.push(`start ${name}`),
        stop: async () => void order.push(`stop ${name}`),
      });
    const both = host(noisy('a'), noisy('b'));
    await both.initialize(bus);
    await both.start();
    await both.stop(1000);
    expect(order).toEqual(['initialize a', 'initialize b', 'start a', 'start b', 'stop b', 'stop a']);
  });

  it('are left out when they can not begin, and no handler of theirs stays', async () => {
    const seen: string[] = [];
    const broken = plugin('broken', {
      initialize: ({ events }) => {
        events.on('engine.stopped', () => seen.push('broken'));
        throw new Error('no network');
      },
      start: () => void seen.push('started'),
      stop: () => void seen.push('stopped'),
    });
    const fine = plugin('fine', {
      initialize: ({ events }) => void events.on('engine.stopped', () => seen.push('fine')),
    });
    const both = host(broken, fine);
    await both.initialize(bus);
    await both.start();
    bus.emit('engine.stopped', { reason: 'test' });
    await both.stop(1000);
    bus.emit('engine.stopped', { reason: 'again' });
    expect(seen).toEqual(['fine']);
    expect(faults).toEqual([
      { event: 'plugin_failed', plugin: 'broken', step: 'initialize', reason: 'no network' },
    ]);
  });

  it.each(['initialize', 'start'] as const)('with a vote must %s, or leashd does not start', async (step) => {
    const voter = plugin('voter', {
      [step]: () => Promise.reject(new Error('no key')),
      vote: () => undefined,
    });
    const one = host(voter);
    const begun = one.initialize(bus).then(() => one.start());
    await expect(begun).rejects.toMatchObject({
      code: 'PLUGIN_FAILED',
      message: `the plugin voter failed to ${step}: no key`,
    });
  });

  it('that do not come to an end are given up', async () => {
    const slow = host(plugin('slow', { initialize: never }));
    const begun = slow.initialize(bus);
    clock.advance(10_000);
    await begun;
    expect(faults).toMatchObject([
      { plugin: 'slow', step: 'initialize', reason: 'it took longer than 10 s' },
    ]);

    const stuck = host(plugin('stuck', { stop: never }));
    await stuck.initialize(bus);
    const stopped = stuck.stop(600);
    clock.advance(600);
    await stopped;
    expect(faults.at(-1)).toMatchObject({ plugin: 'stuck', step: 'stop' });
  });

  it('hear what happens as copies, and their faults reach nobody else', async () => {
    const reached = Promise.withResolvers<unknown>();
    const logged = Promise.withResolvers<void>();
    const payload = { connectors: ['test'] };
    const rude = plugin('rude', {
      initialize: ({ events }) => {
        events.on('engine.started', (event) => {
          (event.connectors as string[]).push('changed');
          throw new Error('thrown');
        });
        events.onAny(async () => {
          await Promise.resolve();
          queueMicrotask(() => logged.resolve());
          throw new Error('rejected');
        });
      },
    });
    const polite = plugin('polite', {
      initialize: ({ events }) => void events.onAny((event) => reached.resolve(event)),
    });
    await host(rude, polite).initialize(bus);
    bus.emit('engine.started', payload);
    expect(await reached.promise).toEqual({ name: 'engine.started', payload: { connectors: ['test'] } });
    await logged.promise;
    expect(payload).toEqual({ connectors: ['test'] });
    const reasons = faults.map((fault) => (fault as { reason: string }).reason);
    expect(reasons.toSorted()).toEqual(['rejected', 'thrown']);
  });
});

describe('votes of plugins', () => {
  it('are those of the plugins that have one, with the call, its footprint and for whom', async () => {
    const asked: unknown[] = [];
    class Voter implements Plugin {
      readonly name = 'voter';
      readonly #reason = 'it is Friday';
      initialize(): void {}
      vote(question: VoteQuestion): Vote {
        asked.push(question);
        return { action: 'ask', reason: this.#reason };
      }
    }
    const plugins = [plugin('watcher'), new Voter()].map((one) => ({ plugin: one, options: {} }));
    const { voters } = new PluginHost({
      plugins,
      stateDir: '/nowhere',
      version: '1',
      clock: manualClock(),
      log: silentLog,
    });
    const call = { id: '1', tool: 'Bash', input: { command: 'ls' }, directory: '/p' };
    const footprint = { tool: 'Bash', commands: [], effects: [], unknowns: [], digest: 'd' };
    const mode = { name: 'default', mayChange: true, grants: [] };
    const context = { chat: 'test:1', session: 's', turn: 't', directories: ['/p'], mode };
    expect(voters.map(({ name }) => name)).toEqual(['voter']);
    expect(await voters[0]?.vote(call, footprint, context)).toEqual({
      action: 'ask',
      reason: 'it is Friday',
    });
    expect(asked).toEqual([{ call, footprint, context }]);
  });
});
