import { forEachChild } from 'unbash';
import type { Command, SyntaxNode } from 'unbash';
import { posix } from 'node:path';
import { LeashdError } from '../../errors.ts';
import type { FileView } from '../file-view.ts';
import type { Word } from '../types.ts';
import type { Budget } from './budget.ts';
import { endsIn, moved } from './scope.ts';
import type { Outcome, Scope } from './scope.ts';

const MOVERS = new Set(['cd', 'pushd', 'popd', 'eval', 'source', '.']);
const FORWARDERS = new Set(['command', 'builtin']);

export type Moving = { readonly home: string; readonly view: FileView };

/** Where the shell stands after `cd`, `pushd` and `popd`; undefined for any other program. */
export function moveOf(
  program: string,
  words: readonly Word[],
  scope: Scope,
  moving: Moving,
): Outcome | undefined {
  if (program === 'cd') return changed(words, scope, moving);
  if (program === 'pushd') {
    const outcome = words.length === 1 ? changed(words, scope, moving) : nowhere(scope);
    return { ...outcome, ok: outcome.ok && { ...outcome.ok, stack: [...scope.stack, scope.places] } };
  }
  if (program !== 'popd') return undefined;
  if (words.length > 0) return nowhere(scope);
  return { ok: { ...moved(scope, scope.stack.at(-1)), stack: scope.stack.slice(0, -1) }, fail: scope };
}

function nowhere(scope: Scope): Outcome {
  return endsIn({ ...moved(scope, undefined), stack: [] });
}

function changed(words: readonly Word[], scope: Scope, { home, view }: Moving): Outcome {
  const operands = words.filter((word) => word.kind !== 'static' || !/^(?:-[LPe]+|--)$/.test(word.value));
  const isPhysical = words.some((word) => word.kind === 'static' && /^-\w*P/.test(word.value));
  const [target, ...others] = operands;
  if (others.length > 0) return nowhere(scope);
  if (target === undefined)
    return { ok: moved(scope, [home]), fail: isFolder(home, view) ? undefined : scope };
  const isBack = target.kind === 'static' && target.value === '-';
  const given = target.kind === 'static' ? [target.value] : target.values;
  const names = isBack ? scope.previous : given;
  if (names === undefined || scope.places === undefined) {
    const isAbsolute = names?.every((name) => name.startsWith('/')) === true;
    return isAbsolute && !isPhysical
      ? { ok: moved(scope, names), fail: scope }
      : { ok: moved(scope, undefined), fail: scope };
  }
  const folders = scope.places.flatMap((place) =>
    names.map((name) => folderAt(place, name, isPhysical, view)),
  );
  if (folders.some((folder) => folder === undefined) || folders.length > 4)
    return { ok: moved(scope, undefined), fail: scope };
  const known = folders.filter((folder) => folder !== undefined);
  return {
    ok: moved(scope, known),
    fail: known.every((folder) => isFolder(folder, view)) ? undefined : scope,
  };
}

/** `cd` takes `..` off the name of the folder, links or not, unless `-P` is given. */
function folderAt(place: string, name: string, isPhysical: boolean, view: FileView): string | undefined {
  if (name === '') return place;
  const joined = name.startsWith('/') ? name : `${place}/${name}`;
  const folder = posix.normalize(joined).replace(/(?!^)\/$/, '');
  if (!isPhysical) return folder;
  try {
    return joined.includes('..') ? undefined : view.real(folder);
  } catch (error) {
    if (!(error instanceof LeashdError)) throw error;
    return undefined;
  }
}

function isFolder(path: string, view: FileView): boolean {
  try {
    const real = view.real(path);
    return real !== undefined && view.kind(real) === 'directory';
  } catch (error) {
    if (!(error instanceof LeashdError)) throw error;
    return false;
  }
}

/**
 * Whether what stands below a node can leave the shell elsewhere: not what runs in a subshell, a pipe, a
 * substitution or the background. `functions` are names that may do so when they are called. What is too large to be
 * looked through may do so.
 */
export function leaks(node: SyntaxNode, functions: ReadonlySet<string>, budget: Budget): boolean {
  const ahead: SyntaxNode[] = [node];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    if (!budget.spend('steps')) return true;
    if (next.type === 'Subshell' || next.type === 'CommandExpansion' || next.type === 'ProcessSubstitution')
      continue;
    if (next.type === 'Pipeline' && next.commands.length > 1) continue;
    if (next.type === 'Statement' && next.background === true) continue;
    if (next.type === 'Command' && isMover(next, functions)) return true;
    forEachChild(next, (child) => ahead.push(child));
  }
  return false;
}

function isMover({ name, args }: Command, functions: ReadonlySet<string>): boolean {
  if (name === undefined) return false;
  if (name.parts !== undefined || MOVERS.has(name.value) || functions.has(name.value)) return true;
  return FORWARDERS.has(name.value) && args.some((word) => !/^-[vV]$/.test(word.text));
}
