import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { isAlias, isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import type { Workspace } from '../core/ports/workspace.ts';
import { PersonError } from '../errors.ts';
import { nearest } from '../util/nearest.ts';
import { describeFault, quote, type SettingFault } from './diagnostics.ts';
import { shortPath, type Places } from './origin.ts';
import { readSource } from './read-source.ts';
import { isWithin, why } from './resolve-paths.ts';
import { parseYaml, type YamlSource } from './yaml-source.ts';

export type WorkspacesOptions = Places & {
  /** Absolute; the file lies in it. It is the person's: no project can put anything there. */
  readonly stateDir: string;
  /** Absolute real paths. */
  readonly approvedDirectories: readonly string[];
};

/** In the state folder. */
export const WORKSPACES_FILE = 'workspaces.yaml';
const NAME = /^[a-z0-9_-]{1,32}$/;
/** `/workspace none` leaves a workspace. */
const RESERVED = 'none';
const LONGEST_DESCRIPTION = 200;
const MOST = 50;
const HINT = 'docs/conversation.md says what stands in it.';

/**
 * The workspaces that the person has put down; none where there is no such file.
 * @throws PersonError WORKSPACES_INVALID with every fault at once.
 */
export function loadWorkspaces(options: WorkspacesOptions): readonly Workspace[] {
  const file = path.join(options.stateDir, WORKSPACES_FILE);
  const source = readSource(file);
  if (source.kind === 'missing') return [];
  const faults: SettingFault[] = [];
  const where = shortPath(file, options);
  if (source.kind === 'fault') faults.push({ where, name: '', problem: source.problem });
  const yaml = parseYaml(source.kind === 'text' ? source.text : '');
  const reading = new Reading(options, yaml, (offset, name, problem) => {
    const { line, column } = yaml.positionOf(offset);
    faults.push({ where: `${where}:${line}:${column}`, name, problem });
  });
  for (const { line, column, problem } of yaml.faults)
    faults.push({ where: `${where}:${line}:${column}`, name: '', problem });
  const workspaces = faults.length > 0 ? [] : reading.all();
  if (faults.length === 0) return workspaces;
  const lines = faults.map((fault) => `  ${describeFault(fault)}`);
  throw new PersonError('WORKSPACES_INVALID', `${where} is wrong:\n${lines.join('\n')}`, { hint: HINT });
}

/** `at`: an offset in the file. `name`: which key is meant, empty for none. */
type Complain = (at: number | undefined, name: string, problem: string) => void;
type Key = { readonly name: string; readonly at: number | undefined };

class Reading {
  readonly #options: WorkspacesOptions;
  readonly #yaml: YamlSource;
  readonly #complain: Complain;

  constructor(options: WorkspacesOptions, yaml: YamlSource, complain: Complain) {
    this.#options = options;
    this.#yaml = yaml;
    this.#complain = complain;
  }

  all(): readonly Workspace[] {
    const { contents } = this.#yaml.document;
    if (isNothing(contents)) return [];
    const example = 'expected a mapping, as in `workspaces: { shop: [~/code/api, ~/code/web] }`';
    if (!isMap(contents)) return this.#nothing(contents, '', example);
    const root = this.#fields(contents, '', ['workspaces']);
    const mapping = root.get('workspaces');
    if (isNothing(mapping)) return [];
    if (!isMap(mapping)) return this.#nothing(mapping, 'workspaces', example);
    if (mapping.items.length > MOST) {
      const problem = `expected at most ${MOST} workspaces, got ${mapping.items.length}`;
      return this.#nothing(mapping, 'workspaces', problem);
    }
    return mapping.items.flatMap(({ key, value }) => {
      const name = this.#key(key);
      return name === undefined ? [] : this.#workspace(name, value);
    });
  }

  #workspace({ name, at }: Key, node: unknown): Workspace[] {
    if (!NAME.test(name) || name === RESERVED) {
      const expected =
        name === RESERVED
          ? 'another name (`/workspace none` leaves a workspace)'
          : 'a name of 1 to 32 of a-z, 0-9, - and _';
      this.#complain(at, '', `expected ${expected}, got ${quote(name)}`);
      return [];
    }
    const isShort = !isMap(node);
    const fields = isShort
      ? new Map<string, unknown>()
      : this.#fields(node, name, ['directories', 'description']);
    const description = this.#description(fields.get('description'), name);
    const list = isShort ? node : fields.get('directories');
    const directories = this.#directories(list, isShort ? name : `${name}.directories`, offsetOf(list) ?? at);
    const [first, ...others] = directories;
    if (first === undefined) return [];
    return [{ name, ...(description === undefined ? {} : { description }), directories: [first, ...others] }];
  }

  #description(node: unknown, name: string): string | undefined {
    if (isNothing(node)) return undefined;
    const text =
      isScalar(node) && typeof node.value === 'string' ? node.value.replaceAll(/\s+/g, ' ').trim() : '';
    if (text !== '' && text.length <= LONGEST_DESCRIPTION) return text;
    const expected = `expected text of at most ${LONGEST_DESCRIPTION} characters`;
    this.#complain(offsetOf(node), `${name}.description`, `${expected}, got ${shown(node)}`);
    return undefined;
  }

  #directories(node: unknown, name: string, at: number | undefined): readonly string[] {
    if (!isSeq(node) || node.items.length === 0) {
      const got = isSeq(node) ? 'an empty list' : shown(node);
      this.#complain(at, name, `expected a list of directories, got ${got}`);
      return [];
    }
    const found = new Set<string>();
    for (const item of node.items) {
      const real = this.#directory(item);
      const problem =
        real.kind === 'found' && found.has(real.path)
          ? `expected each directory once, got ${shown(item)} again`
          : real.problem;
      if (problem !== undefined) this.#complain(offsetOf(item), name, problem);
      else if (real.kind === 'found') found.add(real.path);
    }
    // With one of them wrong it would be another workspace.
    return found.size === node.items.length ? [...found] : [];
  }

  /** Its real path, inside the approved directories, as links lead. */
  #directory(
    node: unknown,
  ): { kind: 'found'; path: string; problem?: undefined } | { kind: 'fault'; problem: string } {
    const { homeDirectory, approvedDirectories } = this.#options;
    const given = isScalar(node) && typeof node.value === 'string' ? node.value.trim() : '';
    const absolute = given === '~' || given.startsWith('~/') ? homeDirectory + given.slice(1) : given;
    if (!path.isAbsolute(absolute) || absolute.includes('\0'))
      return fault(`expected a path that begins with / or ~/, got ${shown(node)}`);
    const named = JSON.stringify(path.normalize(absolute));
    try {
      const real = realpathSync(absolute);
      if (!statSync(real).isDirectory()) return fault(`expected a directory, but ${named} is a file`);
      if (approvedDirectories.some((directory) => isWithin(real, directory)))
        return { kind: 'found', path: real };
      const led = real === path.resolve(absolute) ? '' : ` (it leads to ${JSON.stringify(real)})`;
      const list = approvedDirectories.join(', ');
      return fault(`expected a directory inside those that are approved (${list}), got ${named}${led}`);
    } catch (error) {
      return fault(`expected a directory that exists, but ${named} ${why(error)}`);
    }
  }

  /** What stands in a mapping, by its keys; unknown ones are faults. */
  #fields(mapping: YAMLMap, inside: string, known: readonly string[]): ReadonlyMap<string, unknown> {
    const fields = new Map<string, unknown>();
    for (const { key, value } of mapping.items) {
      const found = this.#key(key);
      if (found === undefined) continue;
      if (known.includes(found.name)) fields.set(found.name, value);
      else {
        const meant = nearest(found.name, known);
        const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
        this.#complain(found.at, inside, `expected ${known.join(' or ')}, got ${quote(found.name)}${hint}`);
      }
    }
    return fields;
  }

  #key(key: unknown): Key | undefined {
    const at = offsetOf(key);
    if (isScalar(key) && (typeof key.value === 'string' || typeof key.value === 'number'))
      return { name: String(key.value), at };
    this.#complain(at, '', `expected a name, got ${shown(key)}`);
    return undefined;
  }

  #nothing(node: unknown, name: string, problem: string): readonly never[] {
    this.#complain(offsetOf(node), name, problem);
    return [];
  }
}

function fault(problem: string): { kind: 'fault'; problem: string } {
  return { kind: 'fault', problem };
}

function isNothing(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}

function shown(node: unknown): string {
  if (isAlias(node)) return 'an alias';
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  return quote(isScalar(node) ? node.value : undefined);
}

function offsetOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
}
