import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineBench } from '../../../test/fixtures/engine-bench.ts';
import type { PuppetTurn } from '../../../test/fixtures/puppet-agent.ts';
import type { Session } from '../ports/store.ts';
import type { Workspace } from '../ports/workspace.ts';
import type { Engine } from '../engine.ts';
import { newId } from '../../util/ids.ts';

const shop: Workspace = {
  name: 'shop',
  description: 'API and front end',
  directories: ['/projects/app', '/projects/site/web'],
};
const blog: Workspace = { name: 'blog', directories: ['/projects/site/blog'] };

describe('workspaces', () => {
  let bench: EngineBench;
  let engine: Engine;
  beforeEach(async () => {
    bench = new EngineBench();
    engine = await start([shop, blog]);
  });
  afterEach(() => bench.dispose());

  const start = (workspaces: readonly Workspace[]): Promise<Engine> =>
    bench.start({ settings: { workspaces } });
  const send = (name: string, args = '') => bench.connector.act({ kind: 'command', name, args });
  async function said(name: string, args = ''): Promise<string> {
    const before = bench.connector.sent.length;
    await send(name, args);
    await engine.idle();
    return bench.connector.sent.slice(before).join('\n');
  }
  async function turn(text: string): Promise<PuppetTurn> {
    const index = bench.agent.turns.length;
    await bench.connector.write(text);
    const begun = await bench.agent.turn(index);
    begun.finish();
    await engine.idle();
    return begun;
  }
  const session = async (): Promise<Session | undefined> =>
    bench.stores.sessions.current(bench.connector.chat);
  const changes = () => bench.audited.filter(({ event }) => event === 'directory_changed');

  it('give agent and gate their directories alone, and the agent their names', async () => {
    expect(await said('workspace', 'shop')).toBe('🗂 `shop`: `/projects/app`, `/projects/site/web`.');
    const { options } = await turn('hello');
    expect(options).toMatchObject({ directory: '/projects/app', otherDirectories: ['/projects/site/web'] });
    expect(options.instructions).toContain(
      'the workspace “shop” (API and front end). Its directories are: app in /projects/app, web in /projects/site/web.',
    );
    await options.gate(
      { id: 'c1', tool: 'Read', input: {}, directory: '/projects/app' },
      new AbortController().signal,
    );
    expect(bench.gated.at(-1)?.directories).toEqual(['/projects/app', '/projects/site/web']);
    expect(await said('status')).toContain('**Workspace** 🗂 `shop`: `/projects/app`, `/projects/site/web`');
    expect(changes()).toEqual([
      expect.objectContaining({
        from: '/projects/app',
        to: '/projects/app',
        toWorkspace: 'shop',
        directories: ['/projects/app', '/projects/site/web'],
        by: 'test:1',
      }),
    ]);
  });

  it('have a session of their own to come back to, apart from the directory they start in', async () => {
    await turn('in the directory');
    const plain = await session();
    await said('ws', 'shop');
    const { options } = await turn('in the workspace');
    expect(options.resume).toBeUndefined();
    const inShop = await session();
    expect(await said('dir', 'app')).toBe(
      '📁 `/projects/app`, going on after 1 turn. The workspace `shop` is left.',
    );
    expect((await session())?.id).toBe(plain?.id);
    expect((await session())?.workspace).toBeUndefined();
    expect(await said('ws', '1')).toContain('going on after 1 turn');
    expect(await session()).toMatchObject({ id: inShop?.id, workspace: 'shop' });
    expect((await turn('again')).options.resume).toBe('agent-1');
    expect((await session())?.turns).toBe(2);
  });

  it('are left for the directory around the one they start in', async () => {
    await said('ws', 'blog');
    expect(await said('ws', 'none')).toBe('📁 `/projects/site`. The workspace `blog` is left.');
    expect(await said('ws', 'none')).toContain('where Claude works already');
    expect(changes()).toHaveLength(2);
  });

  it('are chosen with buttons, which mark the present one', async () => {
    await said('ws', 'blog');
    await send('ws');
    await bench.connector.until(() => bench.connector.prompts.length === 1);
    const [shown] = bench.connector.prompts;
    expect(shown?.view.choices.map(({ label }) => label)).toEqual(['shop', '• blog', 'No workspace']);
    expect(shown?.view.body.text).toContain(
      '1. shop – API and front end: /projects/app, /projects/site/web\n2. • blog: /projects/site/blog\n3. no workspace',
    );
    await bench.connector.tap(shown?.view.id ?? newId(), 'd0');
    await engine.idle();
    expect(shown?.outcome).toBe('Workspace: shop');
    expect((await session())?.workspace).toBe('shop');
  });

  it('end the grants, also where the directory stays the same', async () => {
    await bench.approve('git push');
    expect(await said('ws', 'shop')).toContain('One grant has ended.');
    await bench.approve('git push');
    expect(await said('ws', 'none')).toContain('One grant has ended.');
    expect(bench.remembered.grantsOf('test:1')).toEqual([]);
  });

  it.each([
    ['shpo', 'No workspace is called “shpo”. Did you mean shop?'],
    ['3', 'No workspace is called “3”.'],
  ])('are not found as %s', async (name, words) => {
    expect(await said('ws', name)).toContain(words);
    expect(bench.agent.closed + changes().length).toBe(0);
  });

  it('are listed in words where nobody can tap, and /help and unknown names know /ws', async () => {
    Object.assign(bench.connector, { canPrompt: false });
    expect(await said('ws')).toContain('In words: /workspace <name, number or none>');
    expect(await said('dir')).toContain('In words: /dir <number or name>');
    expect(bench.connector.prompts).toEqual([]);
    expect(await said('help')).toContain('/workspace (/ws) [name, number or none] – Work in');
    expect(await said('wss')).toContain('Did you mean /ws?');
  });

  it('say so where there are none', async () => {
    const bare = new EngineBench();
    const own = await bare.start();
    await bare.connector.act({ kind: 'command', name: 'ws', args: 'shop' });
    await own.idle();
    expect(bare.connector.sent).toEqual([expect.stringContaining('There are no workspaces')]);
    await bare.dispose();
  });

  it('are entered between turns only, and a message that comes meanwhile waits for it', async () => {
    const written = Promise.withResolvers<void>();
    const latestIn = bench.stores.sessions.latestIn.bind(bench.stores.sessions);
    bench.stores.sessions.latestIn = async (...where) => {
      await written.promise;
      return latestIn(...where);
    };
    await send('ws', 'shop');
    await send('ws', 'blog');
    await bench.connector.write('work there');
    written.resolve();
    const begun = await bench.agent.turn(0);
    expect(begun.options.directory).toBe('/projects/site/blog');
    await send('ws', 'shop');
    await bench.connector.until(() =>
      bench.connector.sent.some((text) => text.includes('Claude is working')),
    );
    begun.finish();
    await engine.idle();
    expect(bench.agent.turns).toHaveLength(1);
    expect(changes()).toMatchObject([
      { toWorkspace: 'shop' },
      { fromWorkspace: 'shop', toWorkspace: 'blog', from: '/projects/app' },
    ]);
    expect((await session())?.workspace).toBe('blog');
  });

  it('wait for an answer that is only on its way', async () => {
    const delivered = Promise.withResolvers<void>();
    const { connector } = bench;
    const openReply = connector.openReply.bind(connector);
    connector.openReply = (chat) => {
      const reply = openReply(chat);
      return { ...reply, finish: (...given) => delivered.promise.then(() => reply.finish(...given)) };
    };
    await connector.write('one');
    (await bench.agent.turn(0)).finish();
    await new Promise<void>((resolve) => bench.events.on('turn.finished', () => resolve()));
    await send('ws', 'shop');
    delivered.resolve();
    await engine.idle();
    expect(connector.sent).toEqual([expect.stringContaining('🗂 `shop`')]);
  });

  it('that can not be stored are not entered, and the log says so', async () => {
    await turn('one');
    const before = await session();
    const save = bench.stores.sessions.save.bind(bench.stores.sessions);
    bench.stores.sessions.save = () => Promise.reject(new Error('the disk is full'));
    expect(await said('ws', 'shop')).toContain('the disk is full');
    bench.stores.sessions.save = save;
    expect(await session()).toEqual(before);
    expect(changes()).toMatchObject([
      { toWorkspace: 'shop' },
      { fromWorkspace: 'shop', to: '/projects/app' },
    ]);
    expect((await turn('two')).options.otherDirectories).toEqual(['/projects/site']);
  });

  it('that can not be written down are not entered', async () => {
    await bench.approve('git push');
    bench.auditFault = new Error('disk full');
    expect(await said('ws', 'shop')).toContain('disk full');
    expect(bench.remembered.grantsOf('test:1')).toHaveLength(1);
    expect((await session())?.workspace).toBeUndefined();
  });

  it('stay over /clear', async () => {
    await said('ws', 'shop');
    await turn('one');
    await said('clear');
    expect(await session()).toMatchObject({
      workspace: 'shop',
      otherDirectories: ['/projects/site/web'],
      turns: 0,
    });
    expect((await turn('two')).options.otherDirectories).toEqual(['/projects/site/web']);
  });

  it.each([
    {
      what: 'with other directories',
      now: { ...shop, directories: ['/projects/app', '/projects/site'] } as Workspace,
      words:
        'The workspace `shop` has other directories now. The conversation goes on in 🗂 `shop`: `/projects/app`, `/projects/site`.',
      place: { workspace: 'shop', directory: '/projects/app', turns: 2 },
      directories: ['/projects/app', '/projects/site'],
    },
    {
      what: 'with another directory to start in',
      now: { ...shop, directories: ['/projects/site/web', '/projects/app'] } as Workspace,
      words: 'This is a fresh conversation in 🗂 `shop`',
      place: { workspace: 'shop', directory: '/projects/site/web', turns: 1 },
      directories: ['/projects/site/web', '/projects/app'],
    },
    {
      what: 'that is gone',
      now: blog,
      words: 'There is no workspace `shop` any more. This is a fresh conversation in 📁 `/projects/app`.',
      place: { directory: '/projects/app', turns: 1 },
      directories: ['/projects/app', '/projects/site'],
    },
  ])('$what at the next start: the session leaves the old one in words, without grants', async (changed) => {
    await said('ws', 'shop');
    await turn('one');
    await said('plan');
    await bench.approve('git push');
    await engine.stop('restart');
    engine = await start([changed.now]);
    const { options } = await turn('two');
    expect([options.directory, ...options.otherDirectories]).toEqual(changed.directories);
    expect(bench.connector.sent.join('\n')).toContain(changed.words);
    // Nobody has asked for more than that.
    expect(await session()).toMatchObject({ ...changed.place, mode: 'plan' });
    expect(bench.remembered.grantsOf('test:1')).toEqual([]);
    expect(changes()).toHaveLength(2);
  });
});

describe('/dir on a phone', () => {
  let bench: EngineBench;
  beforeEach(() => {
    bench = new EngineBench();
  });
  afterEach(() => bench.dispose());

  const approvedDirectories = [
    ...Array.from({ length: 28 }, (_, index) => `/home/ada/customers/customer-${index + 1}/api`),
    '/home/ada/web',
  ];

  it('has a button for each directory, told apart by as much of its path as it takes', async () => {
    const engine = await bench.start({ settings: { approvedDirectories: approvedDirectories.slice(8) } });
    await bench.connector.act({ kind: 'command', name: 'dir', args: '' });
    await bench.connector.until(() => bench.connector.prompts.length === 1);
    const view = bench.connector.prompts[0]?.view;
    expect(view?.choices.map(({ label }) => label).slice(0, 2)).toEqual([
      '• customer-9/api',
      'customer-10/api',
    ]);
    expect(view?.choices.at(-1)?.label).toBe('web');
    // It holds up nothing.
    await bench.connector.act({ kind: 'command', name: 'pending', args: '' });
    await bench.connector.until(() => bench.connector.sent.length === 1);
    expect(bench.connector.sent).toEqual(['Nothing waits for you.']);
    await bench.connector.tap(view?.id ?? newId(), 'd20');
    await engine.idle();
    expect((await bench.stores.sessions.current(bench.connector.chat))?.directory).toBe('/home/ada/web');
  });

  it('names what is one of many, what is none, and those that have no button', async () => {
    const engine = await bench.start({ settings: { approvedDirectories } });
    const said = async (args: string): Promise<string> => {
      await bench.connector.act({ kind: 'command', name: 'dir', args });
      await engine.idle();
      return bench.connector.sent.at(-1) ?? '';
    };
    expect(await said('api')).toMatch(/^More than one approved directory is called “api”; write more/);
    expect(await said('customer-12/ap')).toMatch(
      /^No approved directory is called .* Did you mean customer-1?2\/api\?/,
    );
    expect(await said('nothing')).toContain('… and 5 more');
    expect(await said('29')).toBe('📁 `/home/ada/web`.');
    expect(await said('customer-28/api')).toBe('📁 `/home/ada/customers/customer-28/api`.');
  });
});
