import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { FileView } from '../file-view.ts';
import { readInput } from '../footprint/tool-inputs.ts';
import type { ToolCall } from '../types.ts';

export type CardDiff = {
  /** "New file, 12 lines", "Overwrites 40 lines". */
  readonly note: string;
  /** A unified diff against the file as it is now. */
  readonly diff: string;
};

const LARGEST_FILE = 1024 * 1024;
// A diff of two large and different files can take minutes; what takes longer is shown as out and in.
const DIFF_TIMEOUT_MS = 300;

type Edit = {
  readonly old_string: string;
  readonly new_string: string;
  readonly replace_all?: boolean | null | undefined;
};

/** How Write, Edit and MultiEdit would change the file at `path`, which is shown as `shownPath`; undefined for other tools. */
export function diffOfCall(
  call: ToolCall,
  path: string,
  shownPath: string,
  view: FileView,
): CardDiff | undefined {
  const now = currentText(path, view);
  const change = changeOf(call, now, shownPath);
  if (change === undefined) return undefined;
  const facts = [
    ...(now.text?.includes('\0') === true ? ['a binary file'] : []),
    ...(now.text !== undefined && !isWholeText(path, now.text, view)
      ? ['it holds bytes that are no text, which are not to be seen here and may get lost']
      : []),
    ...fileFacts(path, view),
  ];
  return { ...change, note: [change.note, ...facts].join(' · ') };
}

function changeOf(call: ToolCall, now: Current, shownPath: string): CardDiff | undefined {
  switch (call.tool) {
    case 'Write': {
      const { content } = readInput('Write', call.input);
      return { note: noteOfWrite(now, content), diff: unified(shownPath, now.text ?? '', content) };
    }
    case 'Edit':
      return diffOfEdits([readInput('Edit', call.input)], now, shownPath);
    case 'MultiEdit':
      return diffOfEdits(readInput('MultiEdit', call.input).edits, now, shownPath);
    default:
      return undefined;
  }
}

function fileFacts(path: string, view: FileView): string[] {
  return view.isExecutable?.(path) === true ? ['the file can be run as a program'] : [];
}

type Current = { readonly exists: boolean; readonly text: string | undefined };

function currentText(path: string, view: FileView): Current {
  try {
    return { exists: view.kind(path) !== undefined, text: view.read(path, LARGEST_FILE) };
  } catch {
    return { exists: true, text: undefined };
  }
}

/** Bytes that are no text all look alike, so that a change of them would not be seen. */
function isWholeText(path: string, text: string, view: FileView): boolean {
  if (!text.includes('\uFFFD')) return true;
  const bytes = view.bytes(path, LARGEST_FILE);
  return bytes !== undefined && Buffer.from(text).equals(bytes);
}

function noteOfWrite(now: Current, content: string): string {
  if (!now.exists) return `New file, ${lines(content)}`;
  if (now.text === undefined) return `Overwrites a file that can't be shown, with ${lines(content)}`;
  return `Overwrites ${lines(now.text)} with ${lines(content)}`;
}

function diffOfEdits(edits: readonly Edit[], now: Current, shownPath: string): CardDiff {
  let text = now.text;
  for (const edit of edits) text = text === undefined ? undefined : applied(text, edit);
  if (now.text !== undefined && text !== undefined) {
    const places = placesOf(edits, now.text);
    const count = places === 1 ? 'One change' : `${places} changes`;
    return { note: `${count} in ${lines(now.text)}`, diff: unified(shownPath, now.text, text) };
  }
  const isNew = !now.exists && edits[0]?.old_string === '';
  const pieces = edits.map((edit) => unified(shownPath, edit.old_string, edit.new_string));
  const note = isNew ? 'New file' : 'The file as it is now does not have the text that is to be replaced';
  return { note, diff: pieces.join('\n') };
}

/** In how many places the edits, one after the other, replace something. */
function placesOf(edits: readonly Edit[], before: string): number {
  let text = before;
  let count = 0;
  for (const edit of edits) {
    const isAll = edit.replace_all === true && edit.old_string !== '';
    count += isAll ? text.split(edit.old_string).length - 1 : 1;
    text = applied(text, edit) ?? text;
  }
  return count;
}

/** As Claude Code edits: the first place, or all of them; undefined when there is none. */
function applied(
  text: string,
  { old_string: old, new_string: fresh, replace_all: all }: Edit,
): string | undefined {
  if (old === '') return text === '' ? fresh : undefined;
  if (!text.includes(old)) return undefined;
  return all === true ? text.replaceAll(old, () => fresh) : text.replace(old, () => fresh);
}

function unified(name: string, before: string, after: string): string {
  const patch = createTwoFilesPatch(name, name, before, after, undefined, undefined, {
    context: 3,
    timeout: DIFF_TIMEOUT_MS,
    headerOptions: FILE_HEADERS_ONLY,
  });
  if (patch === undefined)
    return `--- ${name}\n+++ ${name}\n${prefixed('-', before)}\n${prefixed('+', after)}`;
  return patch.trimEnd();
}

function prefixed(sign: string, text: string): string {
  return text
    .split('\n')
    .map((line) => sign + line)
    .join('\n');
}

function lines(text: string): string {
  const count = text === '' ? 0 : text.replace(/\n$/, '').split('\n').length;
  return `${count} ${count === 1 ? 'line' : 'lines'}`;
}
