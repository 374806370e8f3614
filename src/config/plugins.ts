import path from 'node:path';
import { z } from 'zod';
import { nearest } from '../util/nearest.ts';
import type { IssueParams } from './diagnostics.ts';
import type { Origin, Places } from './origin.ts';
import type { Resolved } from './resolve-paths.ts';

/** A plugin as somebody named it. */
export type PluginSetting = {
  /** The absolute path of a file, or the name of a package. */
  readonly module: string;
  /** Absolute: where the name of a package is looked up from. */
  readonly from: string;
  /** What the plugin is given; only the plugin knows what it means. */
  readonly options: Readonly<Record<string, unknown>>;
};

const KEYS = ['module', 'options'];
const EXPECTED =
  'modules with commas between them, or in YAML a list of modules and of mappings `{ module, options }`';

/** Modules, each alone or with options. What stands in the options is never quoted: it may hold keys. */
export const plugins: z.ZodType<readonly PluginSetting[]> = z
  .unknown()
  .transform((raw, context): readonly PluginSetting[] => {
    const read = itemsOf(raw).map(readItem);
    const params: IssueParams = { isWhole: true };
    const problems = read.flatMap((item) => (Array.isArray(item) ? item : []));
    for (const message of problems) context.addIssue({ code: 'custom', message, params });
    return read.flatMap((item) => (Array.isArray(item) ? [] : [item]));
  })
  .describe(EXPECTED);

/** Files become absolute: from the folder of config.yaml where they stand in it, else from the start directory. */
export function resolvePlugins(
  given: readonly PluginSetting[],
  { startDirectory, homeDirectory }: Places,
  origin: Origin,
): Resolved<readonly PluginSetting[]> {
  const from = origin.kind === 'file' ? path.dirname(origin.path) : startDirectory;
  const absolute = (module: string): string => {
    if (module.startsWith('~/')) return path.join(homeDirectory, module.slice(2));
    return /^\.{0,2}\//.test(module) ? path.resolve(from, module) : module;
  };
  return { value: given.map((one) => ({ ...one, module: absolute(one.module), from })) };
}

function itemsOf(raw: unknown): readonly unknown[] {
  if (typeof raw !== 'string') return Array.isArray(raw) ? (raw as unknown[]) : [raw];
  return raw
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** The plugin, or what is wrong with it. */
function readItem(item: unknown): PluginSetting | string[] {
  if (typeof item === 'string') return readModule(item, {});
  if (!isMapping(item)) return [`expected ${EXPECTED}`];
  const unknown = Object.keys(item).filter((key) => !KEYS.includes(key));
  if (unknown.length > 0) return unknown.map(describeUnknownKey);
  const { module, options = {} } = item;
  if (!isMapping(options)) return ['options: expected a mapping'];
  return typeof module === 'string' ? readModule(module, options) : ['module: expected a path or a package'];
}

function readModule(given: string, options: PluginSetting['options']): PluginSetting | string[] {
  const module = given.trim();
  if (module === '' || /[\0\\]|^~[^/]|^~$|^[a-z][a-z0-9+.-]+:/i.test(module)) {
    return [
      `expected a path (./plugin.js, ~/plugin.js) or the name of a package, got ${JSON.stringify(given)}`,
    ];
  }
  return { module, options, from: '' };
}

function describeUnknownKey(key: string): string {
  const meant = nearest(key, KEYS);
  const advice = meant === undefined ? `known are ${KEYS.join(', ')}` : `did you mean ${meant}?`;
  return `unknown key ${JSON.stringify(key)}; ${advice}`;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
