import type { UnknownWord, Word } from '../types.ts';
import { wordSet } from '../word-set.ts';
import { TableReading } from './table-reading.ts';
import type { ProgramReading } from './table.ts';

/** What only looks: it may run in a folder that is not known. */
const LOOKS = wordSet(`
  echo printf ls basename dirname stat cat head tail wc grep egrep fgrep file md5sum sha1sum sha256sum sha512sum
  shasum cksum md5 cut nl od xxd hexdump strings tac rev du
`);

export type EachFile = {
  readonly folders: readonly string[];
  /** Globs that the names fit; none means all. */
  readonly only: readonly string[];
  /** What stands for a file in the command, and begins every other form of it. */
  readonly placeholder: '{}' | '{';
  /** The command gets the file as its last word when no placeholder stands in it. */
  readonly appends: boolean;
  /** It runs in the folder of the file. */
  readonly isElsewhere: boolean;
};

/** What `find -exec` and `fd -x` do with the files they find: run a command on each. */
export function runOnEach(argv: readonly Word[], each: EachFile): ProgramReading {
  const { folders, only, placeholder, appends, isElsewhere } = each;
  const found: UnknownWord = {
    kind: 'unknown',
    why: 'they are the files that are found',
    text: '{}',
    found: { folders, only },
  };
  let isPlaced = false;
  const words = argv.map((word): Word => {
    if (word.kind === 'unknown' || !word.value.includes(placeholder)) return word;
    isPlaced = true;
    if (word.value === '{}') return found;
    const prefix = word.value.slice(0, word.value.indexOf(placeholder));
    return { kind: 'unknown', why: found.why, text: word.text, isOne: true, prefix };
  });
  const [program] = argv;
  if (program === undefined) return new TableReading({ touches: [], acts: [], unknowns: [] });
  const runs = [{ kind: 'words', argv: appends && !isPlaced ? [...words, found] : words } as const];
  const isKnown = !isElsewhere || (program.kind === 'static' && LOOKS.has(program.value));
  const why = 'it would run in folders that are not known';
  return new TableReading({ touches: [], runs, acts: [], unknowns: isKnown ? [] : [{ about: 'path', why }] });
}
