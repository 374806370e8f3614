import { realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { PluginSetting } from '../config/plugins.ts';
import type { Plugin } from '../core/ports/plugin.ts';
import { messageOf, PersonError } from '../errors.ts';
import type { Log } from '../util/log.ts';
import type { ChosenPlugin } from './plugin-host.ts';
import { packageRoot } from './version.ts';

export interface LoadPluginsOptions {
  readonly settings: readonly PluginSetting[];
  /** Absolute real paths: what lies in them, the agent can rewrite. */
  readonly approvedDirectories: readonly string[];
  readonly log: Log;
}

const method = z.custom((value) => typeof value === 'function', { error: 'expected a function' });
const optionalMethod = method.optional();
const pluginShape = z.looseObject(
  {
    name: z
      .string({ error: 'expected text' })
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, { error: 'expected at most 40 of a-z, 0-9 and -' }),
    initialize: method,
    start: optionalMethod,
    stop: optionalMethod,
    vote: optionalMethod,
  },
  { error: 'expected an object' },
);

/**
 * The plugins that the settings name, loaded but not begun.
 * @throws PersonError for a module that is not there, that the agent could rewrite, or that holds no plugin.
 */
export async function loadPlugins(options: LoadPluginsOptions): Promise<readonly ChosenPlugin[]> {
  const chosen: ChosenPlugin[] = [];
  for (const setting of options.settings) {
    const file = locate(setting);
    refuseRewritable(file, options.approvedDirectories);
    const plugin = readPlugin(await importModule(file), setting.module);
    options.log.info('plugin_loaded', { plugin: plugin.name, file });
    chosen.push({ plugin, options: setting.options });
  }
  return chosen;
}

/** @throws PersonError for one that the agent could rewrite in directories that are to be approved. */
export function checkPluginPlaces({
  settings,
  approvedDirectories,
}: Pick<LoadPluginsOptions, 'settings' | 'approvedDirectories'>): void {
  for (const setting of settings) refuseRewritable(locate(setting), approvedDirectories);
}

/** @throws PersonError for what is no plugin, and for two of one name. */
export function checkPlugins(chosen: readonly ChosenPlugin[]): readonly ChosenPlugin[] {
  const names = new Set<string>();
  for (const { plugin } of chosen) {
    assertPlugin(plugin, 'a plugin');
    if (names.has(plugin.name)) {
      throw new PersonError('PLUGIN_TWICE', `two plugins are called ${plugin.name}`, {
        hint: 'Each needs a name of its own: it is the name of its folder too.',
      });
    }
    names.add(plugin.name);
  }
  return chosen;
}

/** The absolute path of the module's file. */
function locate({ module, from }: PluginSetting): string {
  if (path.isAbsolute(module)) {
    if (statSync(module, { throwIfNoEntry: false })?.isFile() === true) return module;
    throw notFound(module, 'is not there, or is no file');
  }
  // Beside leashd itself is where `npm install -g` puts what belongs to it.
  for (const folder of [from, packageRoot]) {
    const file = resolvePackage(module, folder);
    if (file !== undefined) return file;
  }
  throw notFound(module, `is not installed where ${from} would find it`);
}

function notFound(module: string, problem: string): PersonError {
  return new PersonError('PLUGIN_NOT_FOUND', `LEASHD_PLUGINS: ${module} ${problem}`, {
    hint: 'Name a file (./plugin.js, ~/.leashd/plugin.js), or a package that is installed there.',
  });
}

function resolvePackage(name: string, folder: string): string | undefined {
  try {
    const file = createRequire(path.join(folder, 'plugins.js')).resolve(name);
    return path.isAbsolute(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

/** Whoever can rewrite a plugin is leashd, the next time it starts. */
function refuseRewritable(file: string, approvedDirectories: readonly string[]): void {
  const places = [file, path.join(realpathSync(path.dirname(file)), path.basename(file)), realpathSync(file)];
  const inside = approvedDirectories.find((directory) => places.some((place) => isWithin(place, directory)));
  if (inside === undefined) return;
  throw new PersonError(
    'PLUGIN_REWRITABLE',
    `LEASHD_PLUGINS: ${file} lies in ${inside}, where the agent may write, so it could rewrite what holds it`,
    { hint: 'Keep plugins outside of the approved directories, for example in ~/.leashd/plugins.' },
  );
}

function isWithin(place: string, directory: string): boolean {
  return place === directory || place.startsWith(directory === '/' ? '/' : `${directory}/`);
}

async function importModule(file: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (cause) {
    throw new PersonError('PLUGIN_BROKEN', `LEASHD_PLUGINS: ${file} can't be loaded: ${messageOf(cause)}`, {
      hint: 'It has to be a JavaScript module that this version of Node.js can import.',
      cause,
    });
  }
}

function readPlugin(module: unknown, name: string): Plugin {
  const { plugin, default: whole } = z.looseObject({}).parse(module);
  const found = plugin ?? whole;
  if (found === undefined) {
    throw new PersonError(
      'PLUGIN_INVALID',
      `LEASHD_PLUGINS: ${name} exports neither "plugin" nor a default`,
      {
        hint: 'Write: export const plugin = { name, initialize(context) { … } }',
      },
    );
  }
  return assertPlugin(found, `LEASHD_PLUGINS: ${name}`);
}

function assertPlugin(found: unknown, subject: string): Plugin {
  const read = pluginShape.safeParse(found);
  // The object itself, not a copy: a class keeps its methods on its prototype.
  if (read.success) return found as Plugin;
  const problems = read.error.issues.map(({ path: at, message }) => [...at.map(String), message].join(': '));
  throw new PersonError('PLUGIN_INVALID', `${subject} is no plugin: ${problems.join('; ')}`, {
    hint: 'A plugin has a name and initialize(context), and may have start(), stop() and vote(question).',
  });
}
