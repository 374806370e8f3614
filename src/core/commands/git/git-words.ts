import { formatCount } from '../../../util/figures.ts';
import { code, concat, join, plain, pre, type RichText } from '../../../util/rich-text.ts';
import { KIND_WORDS } from '../../merge/merge-instruction.ts';
import { shownName } from '../../ports/git.ts';
import type { Commit, FileChange, FileStat, Head, Refused, UnmergedKind } from '../../ports/git-data.ts';
import { clip } from '../../../util/clip.ts';

/** UTF-16 units of a path in a list. */
const LONGEST_PATH = 160;
const LONGEST_SUBJECT = 90;
/** On a button; the end of a path tells more than its beginning. */
const LONGEST_LABEL = 32;

export function refusedText(refused: Refused, hide: (text: string) => string): RichText {
  const { reason, hint, words } = refused;
  const said = words === undefined ? [] : ['\n\n', pre(hide(words))];
  return concat(`⛔ ${reason} ${hint}`, ...said);
}

const LETTERS = {
  added: 'A',
  modified: 'M',
  deleted: 'D',
  renamed: 'R',
  copied: 'C',
  'type-changed': 'T',
} as const satisfies Record<FileChange['change'], string>;

/** `M src/app.ts`, `R old.ts → new.ts`. */
export function changeLine({ change, path, from }: FileChange): RichText {
  const moved = from === undefined ? [] : [pathText(from), ' → '];
  return concat(`${LETTERS[change]} `, ...moved, pathText(path));
}

export function pathText(path: string): RichText {
  return code(cutStart(shownName(path), LONGEST_PATH));
}

export function pathLabel(path: string): string {
  return cutStart(shownName(path), LONGEST_LABEL);
}

function cutStart(name: string, most: number): string {
  if (name.length <= most) return name;
  // Half a pair at the cut would be shown as a question mark.
  return `…${name.slice(1 - most).replace(/^[\uDC00-\uDFFF]/, '')}`;
}

export function conflictLine({ path, conflict }: { path: string; conflict: UnmergedKind }): RichText {
  return concat('⚠️ ', pathText(path), ` ${KIND_WORDS[conflict]}`);
}

/** A heading with its lines, at most `most` of them. */
export function listText(heading: string, lines: readonly RichText[], most: number): RichText {
  const shown = lines.slice(0, most);
  const rest = lines.length > most ? `\n… and ${lines.length - most} more` : '';
  return concat(`${heading}\n`, join(shown, '\n'), rest);
}

/** `M src/app.ts +3 −1`. */
export function statLine(stat: FileStat): RichText {
  const { added, removed } = stat;
  const lines = added === undefined ? ' (binary)' : ` +${added} −${removed ?? 0}`;
  return concat(changeLine(stat), stat.isConflicted ? ' ⚠️ in conflict' : lines);
}

/** `3 files, +12 −4`. */
export function statSum(files: readonly FileStat[]): string {
  const sum = (of: 'added' | 'removed'): number => files.reduce((total, file) => total + (file[of] ?? 0), 0);
  return `${formatCount(files.length, 'file')}, +${sum('added')} −${sum('removed')}`;
}

/** `1a2b3c4 Fix the total`. */
export function commitLine({ short, subject }: Commit, hide: (text: string) => string): RichText {
  return concat(code(short), ` ${subjectText(subject, hide)}`);
}

export function subjectText(subject: string, hide: (text: string) => string): string {
  return clip(shownName(hide(subject)), LONGEST_SUBJECT);
}

export function headText(head: Head): RichText {
  switch (head.kind) {
    case 'branch':
      return code(shownName(head.branch));
    case 'unborn':
      return concat(code(shownName(head.branch)), ' (no commit yet)');
    case 'detached':
      return concat('no branch, at ', code(head.commit.slice(0, 10)));
    default:
      return head satisfies never;
  }
}

/** Sections below each other; what is empty is left out. */
export function sections(...parts: readonly (RichText | string | undefined)[]): RichText {
  const there = parts.filter(
    (part) => part !== undefined && (typeof part === 'string' ? part : part.text) !== '',
  );
  return join(
    there.map((part) => (typeof part === 'string' ? plain(part) : (part ?? plain('')))),
    '\n\n',
  );
}
