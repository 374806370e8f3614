import { createHash } from 'node:crypto';
import { filesRun } from '../gate/contents-digest.ts';
import { shortPath } from './describe.ts';
import type { FileView } from '../file-view.ts';
import { readInput } from '../footprint/tool-inputs.ts';
import type { Footprint, ToolCall } from '../types.ts';

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
    const shown = shortPath(path, directory);
    const bytes = bytesOf(path, view);
    if (bytes === undefined)
      return isFile(path, view) ? [`📜 Runs ${shown}, which is too large to count here`] : [];
    const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
    return [
      `📜 Holds for ${shown} as it is now: ${lines(Buffer.from(bytes).toString('utf8'))}, sha256 ${digest}`,
    ];
  });
  return files.length > MOST_FILES
    ? [...notes, `📜 and for ${filesInWords(files.length - MOST_FILES)}`]
    : notes;
}

function lines(text: string): string {
  const count = text.replace(/\n$/, '').split('\n').length;
  return `${count} ${count === 1 ? 'line' : 'lines'}`;
}

function filesInWords(count: number): string {
  return count === 1 ? 'one more file' : `${count} more files`;
}

function bytesOf(path: string, view: FileView): Uint8Array | undefined {
  try {
    return view.bytes(path, LARGEST_FILE);
  } catch {
    return undefined;
  }
}

function isFile(path: string, view: FileView): boolean {
  try {
    return view.kind(path) === 'file';
  } catch {
    return false;
  }
}

function favourNotes(call: ToolCall): string[] {
  if (call.tool !== 'Bash') return [];
  const { run_in_background: isInBackground, dangerouslyDisableSandbox: isFree } = readInput(
    'Bash',
    call.input,
  );
  return [
    ...(isInBackground === true ? ['▶️ Keeps running in the background'] : []),
    ...(isFree === true ? ["⚠️ Asks to run without the agent's own sandbox"] : []),
  ];
}
