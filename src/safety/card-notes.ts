import { createHash } from 'node:crypto';
import { filesRun } from './contents-digest.ts';
import { shortPath } from './describe.ts';
import type { FileView } from './file-view.ts';
import { readInput } from './tool-inputs.ts';
import type { Footprint, ToolCall } from './types.ts';

const LARGEST_FILE = 4 * 1024 * 1024;
const MOST_FILES = 3;

/** What a person can't read off the command itself: where it leads, which files it runs, with what favours. */
export function headNotes(
  call: ToolCall,
  footprint: Footprint,
  directory: string,
  view: FileView,
): readonly string[] {
  return [
    ...placesNote(call, footprint, directory),
    ...linkNotes(footprint, directory, call),
    ...runNotes(footprint, directory, view),
    ...favourNotes(call),
  ];
}

function placesNote(call: ToolCall, { commands }: Footprint, directory: string): string[] {
  const places = commands.flatMap(({ cwd }) => (cwd.kind === 'static' ? [cwd.value] : (cwd.values ?? [])));
  const others = [...new Set(places)].filter((place) => place !== call.directory && place !== '');
  if (others.length === 0) return [];
  const shown = others
    .slice(0, MOST_FILES)
    .map((place) => (place === directory ? place : shortPath(place, directory)));
  const more = others.length > MOST_FILES ? ` and ${others.length - MOST_FILES} more` : '';
  return [`↪️ Goes to ${shown.join(', ')}${more}`];
}

/** A change of a file that is called otherwise than it really is. */
function linkNotes({ effects }: Footprint, directory: string, call: ToolCall): string[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== 'write' && effect.kind !== 'delete') return [];
    const { given, real } = effect.path;
    const isPlain = given.startsWith('~') || given.split('/').includes('..') || /^\.?\/?$/.test(given);
    const asText = given.startsWith('/') ? given : `${call.directory}/${given.replace(/^\.\//, '')}`;
    if (isPlain || asText === real || effect.command !== undefined) return [];
    return [`🔗 ${given} leads to ${shortPath(real, directory)}`];
  });
}

function runNotes(footprint: Footprint, directory: string, view: FileView): string[] {
  const files = filesRun(footprint, view);
  const notes = files.slice(0, MOST_FILES).flatMap((path) => {
    const text = textOf(path, view);
    if (text === undefined) return [];
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 12);
    return [`📜 Rests on ${shortPath(path, directory)}, ${text.split('\n').length} lines, sha256 ${digest}`];
  });
  return files.length > MOST_FILES ? [...notes, `📜 and on ${files.length - MOST_FILES} more files`] : notes;
}

function textOf(path: string, view: FileView): string | undefined {
  try {
    return view.read(path, LARGEST_FILE);
  } catch {
    return undefined;
  }
}

function favourNotes(call: ToolCall): string[] {
  if (call.tool !== 'Bash') return [];
  const { run_in_background: isInBackground, dangerouslyDisableSandbox: isFree } = readInput(
    'Bash',
    call.input,
  );
  return [
    ...(isInBackground === true ? ['▶️ Goes on in the background after the answer'] : []),
    ...(isFree === true ? ["⚠️ Asks to run without the agent's own sandbox"] : []),
  ];
}
