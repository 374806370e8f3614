import type { Word } from '../types.ts';
import { wordSet } from '../word-set.ts';
import type { ProgramReading, Touch } from './table.ts';

const TESTS_WITHOUT_VALUE = wordSet(`
  -empty -print -print0 -ls -prune -quit -not ! -a -and -o -or ( ) , -depth -d -xdev -mount -x -follow
  -daystart -executable -readable -writable -true -false -nouser -nogroup -noleaf -warn -nowarn
  -ignore_readdir_race -noignore_readdir_race
`);

const TESTS_WITH_VALUE = wordSet(`
  -name -iname -path -ipath -wholename -iwholename -regex -iregex -regextype -lname -ilname -type
  -xtype -maxdepth -mindepth -size -perm -user -group -uid -gid -links -inum -fstype -mtime -mmin
  -ctime -cmin -atime -amin -used -printf
`);

const TESTS_WITH_FILE = /^-(?:newer|anewer|cnewer|newer[aBcm][aBcmt]|samefile)$/;

/** `find [-H -L -P] [folder …] [expression]` of GNU findutils 4.9 and BSD: looks at names, unless told otherwise. */
export function readFind(words: readonly Word[]): ProgramReading {
  const touches: Touch[] = [];
  const unknowns: { about: 'option'; why: string }[] = [];
  const values = words.map((word) => (word.kind === 'static' ? word.value : undefined));
  let index = 0;
  while (/^-[HLP]$/.test(values[index] ?? '')) index += 1;
  const folders: string[] = [];
  for (; index < values.length && !isExpression(values[index]); index += 1) {
    const folder = values[index];
    if (folder !== undefined) folders.push(folder);
  }
  if (folders.length === 0) folders.push('.');
  let deletes = false;
  const names: string[] = [];
  for (; index < values.length; index += 1) {
    const test = values[index];
    if (test === undefined || TESTS_WITHOUT_VALUE.has(test)) continue;
    if (test === '-delete') deletes = true;
    else if (TESTS_WITH_VALUE.has(test)) {
      index += 1;
      const glob = values[index];
      if (glob !== undefined && /^-i?name$/.test(test)) names.push(glob);
    } else if (TESTS_WITH_FILE.test(test)) {
      index += 1;
      const file = values[index];
      // `-newermt '2 days ago'` compares with a time.
      if (file !== undefined && !test.endsWith('t')) touches.push({ kind: 'read', path: file });
    } else {
      unknowns.push({ about: 'option', why: `what find does with ${JSON.stringify(test)} is not known` });
      break;
    }
  }
  for (const folder of folders) {
    touches.push({ kind: 'read-tree', path: folder, reach: { contents: 'names' } });
    if (!deletes) continue;
    const reach = names.length > 0 ? ({ contents: 'all', only: names } as const) : undefined;
    touches.push({ kind: 'delete-tree', path: folder, reach });
  }
  return { touches, acts: [], unknowns };
}

function isExpression(word: string | undefined): boolean {
  return word !== undefined && (word.startsWith('-') || word === '(' || word === '!');
}
