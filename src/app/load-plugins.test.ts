import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSettings } from '../config/load-settings.ts';
import { silentLog } from '../util/log.ts';
import { checkPlugins, loadPlugins } from './load-plugins.ts';
import type { ChosenPlugin } from './plugin-host.ts';

const GOOD = `export const plugin = { name: 'good', initialize() {} };\n`;

describe('loading plugins', () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-load-plugins-')));
    for (const name of ['home/.leashd', 'start', 'project'])
      mkdirSync(join(folder, name), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const put = (path: string, text: string): string => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const load = async (environment: Record<string, string> = {}): Promise<readonly ChosenPlugin[]> => {
    const { settings } = loadSettings({
      startDirectory: join(folder, 'start'),
      homeDirectory: join(folder, 'home'),
      environment,
    });
    return loadPlugins({
      settings: settings.plugins,
      approvedDirectories: [join(folder, 'project')],
      log: silentLog,
    });
  };
  const namesOf = (chosen: readonly ChosenPlugin[]): string[] => chosen.map(({ plugin }) => plugin.name);

  it('takes a file from the folder of config.yaml, with its options', async () => {
    put('home/.leashd/plugins/good.mjs', GOOD);
    put('home/.leashd/config.yaml', 'plugins:\n  - module: ./plugins/good.mjs\n    options: { limit: 5 }\n');
    const [chosen] = await load();
    expect(chosen).toMatchObject({ plugin: { name: 'good' }, options: { limit: 5 } });
  });

  it('takes a file from the start directory, a default export and a class', async () => {
    put('start/good.mjs', GOOD);
    put('start/whole.mjs', `class P { name = 'whole'; initialize() {} }\nexport default new P();\n`);
    expect(namesOf(await load({ LEASHD_PLUGINS: './good.mjs, ./whole.mjs' }))).toEqual(['good', 'whole']);
  });

  it('takes a package that is installed where it was named', async () => {
    put('home/.leashd/config.yaml', 'plugins: [leashd-good]\n');
    put(
      'home/.leashd/node_modules/leashd-good/package.json',
      '{ "name": "leashd-good", "exports": "./x.mjs" }',
    );
    put('home/.leashd/node_modules/leashd-good/x.mjs', GOOD);
    expect(namesOf(await load())).toEqual(['good']);
  });

  it.each([
    ['./nowhere.mjs', 'PLUGIN_NOT_FOUND', /nowhere\.mjs is not there/],
    ['no-such-package', 'PLUGIN_NOT_FOUND', /no-such-package is not installed/],
    ['fs', 'PLUGIN_NOT_FOUND', /fs is not installed/],
    ['./broken.mjs', 'PLUGIN_BROKEN', /broken\.mjs can't be loaded: out of order/],
    ['./empty.mjs', 'PLUGIN_INVALID', /exports neither "plugin" nor a default/],
    [
      './odd.mjs',
      'PLUGIN_INVALID',
      /name: expected at most 40.*initialize: expected a function.*vote: expected/,
    ],
  ])('refuses %s', async (module, code, message) => {
    put('start/broken.mjs', `throw new Error('out of order');\n`);
    put('start/empty.mjs', `export const other = 1;\n`);
    put('start/odd.mjs', `export const plugin = { name: 'Not So', vote: true };\n`);
    await expect(load({ LEASHD_PLUGINS: module })).rejects.toMatchObject({
      code,
      fault: 'person',
      message: expect.stringMatching(message) as string,
    });
  });

  it('refuses what the agent could rewrite, and loads none of it', async () => {
    const trap = join(folder, 'trap');
    const text = `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(trap)}, '');\n${GOOD}`;
    const inside = put('project/good.mjs', text);
    const outside = put('start/good.mjs', text);
    symlinkSync(inside, join(folder, 'start', 'link-in.mjs'));
    symlinkSync(outside, join(folder, 'project', 'link-out.mjs'));
    symlinkSync(join(folder, 'project'), join(folder, 'start', 'by-folder'));
    for (const module of [inside, './link-in.mjs', '../project/link-out.mjs', './by-folder/good.mjs']) {
      await expect(load({ LEASHD_PLUGINS: module })).rejects.toMatchObject({ code: 'PLUGIN_REWRITABLE' });
    }
    expect(() => realpathSync(trap)).toThrow('ENOENT');
  });

  it('refuses two of one name', () => {
    const plugin = { name: 'same', initialize: () => {} };
    const two = [plugin, { ...plugin }].map((one) => ({ plugin: one, options: {} }));
    expect(() => checkPlugins(two)).toThrow('two plugins are called same');
  });
});
