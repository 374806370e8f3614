import { posix } from 'node:path';

export type SourceFile = { readonly path: string; readonly text: string };

/**
 * The doors: a room, and the rooms it may import from. Its own files and what `EVERYWHERE` lists are always open.
 * The longest matching room counts, so a folder inside a room can have doors of its own.
 */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  'src/util': [],
  'src/errors.ts': [],
  'src/safety': [],
  'src/core': [],
  // The words of the gate and the audit belong to safety; two ports hand them on.
  'src/core/ports/gate.ts': ['src/safety/types.ts', 'src/safety/approval.ts'],
  'src/core/ports/grants.ts': ['src/safety/grants/grant.ts'],
  'src/core/ports/audit.ts': ['src/safety/audit/audit-record.ts'],
  'src/process': [],
  'src/markdown': [],
  'src/log': [],
  'src/config': ['src/core/modes/modes.ts', 'src/core/ports/workspace.ts'],
  'src/storage': ['src/core/ports'],
  'src/agents/claude': ['src/core/ports', 'src/process'],
  'src/agents/scripted': ['src/core/ports', 'src/process'],
  'src/connectors/telegram': ['src/core/ports', 'src/markdown'],
  'src/git': ['src/core/ports', 'src/process'],
  'src/workflows/test': ['src/core/ports'],
  'src/connectors/terminal': ['src/core/ports', 'src/markdown'],
  // For authors of connectors, agents and stores.
  'src/testing': ['src/core', 'src/storage/open-stores.ts', 'src/storage/compose-stores.ts'],
  'src/app': ['src'],
  'src/cli': ['src/app', 'src/config'],
  'src/index.ts': ['src'],
};

const EVERYWHERE = ['src/util', 'src/errors.ts'];

/** Third-party families and privileged built-ins, and the one room each lives in. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  grammy: ['src/connectors/telegram'],
  '@grammyjs/': ['src/connectors/telegram'],
  '@anthropic-ai/': ['src/agents/claude'],
  '@playwright/': ['src/agents/claude'],
  marked: ['src/markdown'],
  unbash: ['src/safety/shell'],
  re2js: ['src/safety/policy'],
  picomatch: ['src/safety'],
  diff: ['src/safety'],
  yaml: ['src/safety/policy', 'src/config', 'src/workflows/test'],
  pino: ['src/log'],
  commander: ['src/cli'],
  '@clack/': ['src/cli'],
  uqr: ['src/cli'],
  'node:sqlite': ['src/storage/database.ts'],
  'node:child_process': ['src/process'],
  zod: ['src'],
  'node:': ['src'],
};

const IMPORT =
  /^\s*(?:(?:import|export)\b[^'";]*?\bfrom|import)\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;

/** One sentence for each import that has no door. Tests beside the files may import what they like. */
export function findDoorFaults(files: readonly SourceFile[], builtins: ReadonlySet<string>): string[] {
  return files
    .filter(({ path }) => !path.endsWith('.test.ts'))
    .flatMap((file) => importsOf(file.text).flatMap((target) => faultsOf(file.path, target, builtins)));
}

/** What a file imports, as it is written there; comments don't count. */
export function importsOf(text: string): string[] {
  const withoutComments = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
  return [...withoutComments.matchAll(IMPORT)].flatMap(([, fixed, dynamic]) => fixed ?? dynamic ?? []);
}

function faultsOf(from: string, target: string, builtins: ReadonlySet<string>): string[] {
  return target.startsWith('.') ? roomFault(from, target) : homeFault(from, target, builtins);
}

function roomFault(from: string, target: string): string[] {
  const to = posix.join(posix.dirname(from), target);
  const room = longestPrefix(from, Object.keys(DOORS));
  if (room === undefined) return [`${from}: stands in no room; give it one in scripts/door-rules.ts`];
  const own = room.endsWith('.ts') ? posix.dirname(room) : room;
  const open = [own, ...EVERYWHERE, ...(DOORS[room] ?? [])];
  if (longestPrefix(to, open) !== undefined) return [];
  return [`${from}: imports ${to}, but from ${room} the doors lead only to ${open.join(', ')}`];
}

function homeFault(from: string, target: string, builtins: ReadonlySet<string>): string[] {
  if (!target.startsWith('node:') && builtins.has(target))
    return [`${from}: write node:${target} for the built-in ${target}`];
  const family = longestPrefix(target, Object.keys(HOMES));
  if (family === undefined) return [`${from}: imports ${target}, which has no home in scripts/door-rules.ts`];
  const homes = HOMES[family] ?? [];
  if (longestPrefix(from, homes) !== undefined) return [];
  return [`${from}: imports ${target}, whose home is ${homes.join(', ')}`];
}

/** `src/core` is a prefix of `src/core/x.ts`, not of `src/core-x.ts`; names that end in / or : match as they stand. */
function longestPrefix(path: string, prefixes: readonly string[]): string | undefined {
  const isPrefix = (prefix: string): boolean =>
    path === prefix || path.startsWith(/[/:]$/.test(prefix) ? prefix : `${prefix}/`);
  return prefixes.filter(isPrefix).sort((a, b) => b.length - a.length)[0];
}
