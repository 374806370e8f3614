import { isMap, isNode, isScalar, type Document } from 'yaml';
import { messageOf } from '../errors.ts';
import { readSource } from './read-source.ts';
import { parseYaml, type Position } from './yaml-source.ts';

/** A value as YAML has it (text, number, list, mapping), with the places of its key and of itself. */
type ConfigEntry = { readonly value: unknown; readonly key: Position; readonly at: Position };

export type ConfigFile = {
  readonly path: string;
  readonly isShared: boolean;
  readonly entries: ReadonlyMap<string, ConfigEntry>;
  readonly faults: readonly (Position & { readonly problem: string })[];
};

const START: Position = { line: 1, column: 1 };

/**
 * Reads config.yaml: a mapping of settings. A file that is not there, or holds only comments, is an empty one.
 * @param text what would stand there, when it is not to be read from the disk
 */
export function readConfigFile(path: string, text?: string): ConfigFile {
  if (text !== undefined) return { path, isShared: false, ...readMapping(text) };
  const source = readSource(path);
  if (source.kind === 'missing') return { path, isShared: false, entries: new Map(), faults: [] };
  if (source.kind === 'fault') {
    return { path, isShared: false, entries: new Map(), faults: [{ ...START, problem: source.problem }] };
  }
  return { path, isShared: source.isShared, ...readMapping(source.text) };
}

function readMapping(text: string): Pick<ConfigFile, 'entries' | 'faults'> {
  const { document, positionOf, faults: broken } = parseYaml(text);
  if (broken.length > 0) return { entries: new Map(), faults: broken };
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) return { entries: new Map(), faults: [] };
  if (!isMap(root)) {
    const at = positionOf(root.range[0]);
    return { entries: new Map(), faults: [{ ...at, problem: 'expected a mapping, as in `max_turns: 25`' }] };
  }
  const entries = new Map<string, ConfigEntry>();
  const faults: (Position & { problem: string })[] = [];
  for (const { key, value } of root.items) {
    const at = positionOf(isNode(value) ? value.range?.[0] : key.range?.[0]);
    const keyAt = positionOf(isNode(key) ? key.range?.[0] : undefined);
    if (!isScalar(key) || typeof key.value !== 'string') {
      faults.push({ ...keyAt, problem: 'expected the name of a setting' });
      continue;
    }
    const read = plainValue(value, document);
    if ('problem' in read) faults.push({ ...at, problem: read.problem });
    else entries.set(key.value, { value: read.value, key: keyAt, at });
  }
  return { entries, faults };
}

function plainValue(node: unknown, document: Document): { value: unknown } | { problem: string } {
  if (!isNode(node)) return { value: node };
  try {
    return { value: node.toJS(document) as unknown };
  } catch (error) {
    // An alias without its anchor, or aliases that would unfold into something huge.
    return { problem: `can't be read: ${messageOf(error)}` };
  }
}
