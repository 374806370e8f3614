import { posix } from 'node:path';
import type { FileView } from '../file-view.ts';
import type { OwnFiles } from './protected-paths.ts';
import type { Effect, Footprint, GateContext } from '../types.ts';

/** Where a run of tests stands, and what a project says about its tests: the project's, in leashd's own folder. */
const SESSION_FILE = '.leashd/test-session.md';
const SETTINGS_FILE = '.leashd/test.yaml';

type PathEffect = Extract<Effect, { readonly path: unknown }>;

/**
 * The two files in leashd's own folder that an agent's file tools may open, in the session's own directory alone: the
 * session file, to be read and written while a mode says so; the test settings, to be read. Never through a link, by a
 * command, or where that very file is leashd's own.
 */
export function isOpenFile(
  footprint: Footprint,
  effect: PathEffect,
  context: GateContext,
  own: OwnFiles,
  view: FileView,
): boolean {
  if (own.isNamed(effect.path.real) || ![undefined, 'file'].includes(view.kind(effect.path.real)))
    return false;
  return isSessionFile(footprint, effect, context) || isSettingsRead(footprint, effect, context);
}

/** Whether the call does nothing but write, or read, the file that the mode has opened. */
export function isSessionFile(footprint: Footprint, effect: PathEffect, context: GateContext): boolean {
  const { mode } = context;
  const tools = effect.kind === 'write' ? ['Write', 'Edit'] : ['Read'];
  return (
    mode.mayChange &&
    mode.writes?.includes(effect.path.real) === true &&
    tools.includes(footprint.tool) &&
    isJust(SESSION_FILE, footprint, effect, context)
  );
}

function isSettingsRead(footprint: Footprint, effect: PathEffect, context: GateContext): boolean {
  return footprint.tool === 'Read' && isJust(SETTINGS_FILE, footprint, effect, context);
}

/** The call does this and no more, to that file of the session's own directory, by its own name. */
function isJust(file: string, footprint: Footprint, effect: PathEffect, context: GateContext): boolean {
  const { commands, effects, unknowns } = footprint;
  const [directory] = context.directories;
  const { given, real } = effect.path;
  const name = posix.normalize(given);
  return (
    commands.length + unknowns.length === 0 &&
    effects.length === 1 &&
    (effect.kind === 'read' || effect.kind === 'write') &&
    directory !== undefined &&
    real === posix.join(directory, file) &&
    // A link has another name than what it leads to.
    (name === real || name === file)
  );
}
