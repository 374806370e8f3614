import type { Word } from '../types.ts';
import { program } from './program.ts';
import { flag, optional, reads, value } from './table.ts';
import type { ProgramReading, Table } from './table.ts';
import { effectsOf, notKnown, together } from './word-patterns.ts';

/** `tar tf a.tar`, `tar -tf a.tar`, `tar --list --file=a.tar`; GNU tar 1.35 and bsdtar. */
export function readTar(words: readonly Word[]): ProgramReading {
  const dashed = withDashes(words);
  const operation = operationOf(dashed);
  if (operation === 'list') return lists(dashed);
  if (operation === 'create') return creates(dashed);
  if (operation === 'extract') {
    return together(extracts(dashed), into(dashed), notKnown('which files it writes stands in the archive'));
  }
  return notKnown('what tar does there is not known');
}

const TAKES_VALUE = new Set(['f', 'C', 'b', 'T', 'X', 'I', 'F', 'g', 'H', 'K', 'L', 'N', 'V']);

/** In the old style the first word is letters, and their values follow in turn. */
function withDashes(words: readonly Word[]): readonly Word[] {
  const [first, ...rest] = words;
  if (first?.kind !== 'static' || !/^[a-zA-Z]+$/.test(first.value)) return words;
  const values = [...rest];
  const options: Word[] = [];
  for (const letter of first.value) {
    options.push(literal(`-${letter}`));
    const next = TAKES_VALUE.has(letter) ? values.shift() : undefined;
    if (next !== undefined) options.push(next);
  }
  return [...options, ...values];
}

function literal(text: string): Word {
  return { kind: 'static', value: text, text };
}

function operationOf(words: readonly Word[]): 'list' | 'create' | 'extract' | undefined {
  const found = new Set<'list' | 'create' | 'extract' | 'other'>();
  for (const word of words) {
    if (word.kind === 'unknown') continue;
    const { value: text } = word;
    if (text === '--') break;
    // The letters ahead of one that takes a value.
    const letters = /^-([^-][a-zA-Z]*)/.exec(text)?.[1]?.replace(/[fCbTXIFgHKLNV].*$/, '') ?? '';
    if (letters.includes('t') || text === '--list') found.add('list');
    if (letters.includes('c') || text === '--create') found.add('create');
    if (letters.includes('x') || text === '--extract' || text === '--get') found.add('extract');
    if (/[ruAd]/.test(letters)) found.add('other');
    if (/^--(?:help|version|usage)$/.test(text)) found.add('list');
  }
  const [only] = found;
  return found.size === 1 && only !== 'other' ? only : undefined;
}

/**
 * Left out, as they run something: --checkpoint-action --to-command -I --use-compress-program -F --info-script
 * --new-volume-script --rsh-command --rmt-command; --index-file writes. A file `host:x` is asked of a host.
 */
const options: NonNullable<Table['options']> = {
  '--help --version --usage -t --list -c --create -x --extract --get -v --verbose -z --gzip -j --bzip2': flag,
  '-J --xz -Z --compress --zstd --lzma --lzip --lzop -a --auto-compress -p --preserve-permissions': flag,
  '--same-permissions -m --touch -k --keep-old-files --keep-newer-files --overwrite -h --dereference': flag,
  '-l --one-file-system -O --to-stdout -o --no-same-owner --no-same-permissions --same-owner -P': flag,
  '--absolute-names -S --sparse -w --interactive -n --seek -R --block-number -i --ignore-zeros -B': flag,
  '--wildcards --no-wildcards --wildcards-match-slash --anchored --no-anchored --ignore-case --full-time':
    flag,
  '--utc --numeric-owner --no-recursion --recursion --null --totals --show-defaults --no-xattrs --xattrs':
    flag,
  '--exclude-vcs --exclude-backups --exclude-caches --exclude-vcs-ignores --no-auto-compress --force-local':
    flag,
  '--skip-old-files --no-acls --acls --no-selinux --selinux --hard-dereference --dirs-only -q -H': flag,
  '--occurrence --checkpoint --warning --quoting-style': optional,
  '--exclude --strip-components --mode --owner --group --mtime --sort --format --transform --xform -b': value,
  '--blocking-factor --pax-option -N --newer --after-date --newer-mtime -V --label --level --include -K':
    value,
  '--starting-file --exclude-tag --no-quote-chars --quote-chars': value,
  '-X --exclude-from': reads,
};

// -C where nothing is extracted is where the names are looked for.
const lists = program({
  options: { ...options, '-f --file': { takes: 'remoteOrReads' }, '-C --cd --directory': value },
  operands: { rest: 'data' },
});
const creates = program({
  options: {
    ...options,
    '-f --file': { takes: 'remoteOrWrites' },
    '-C --cd --directory': { takes: 'readsTree' },
    '-T --files-from': { takes: 'unlisted' },
    '--remove-files': { takes: 'flag', operands: 'deletesTree' },
  },
  operands: { rest: 'readsTree' },
});
const extracts = program({
  options: {
    ...options,
    '-f --file': { takes: 'remoteOrReads' },
    '-C --cd --directory': { takes: 'writes' },
  },
  operands: { rest: 'data' },
});

/** Without -C it writes here. */
function into(words: readonly Word[]): ProgramReading {
  const named = words.some(
    (word) => word.kind === 'static' && /^(?:-[a-zA-Z]*C|--directory|--cd)/.test(word.value),
  );
  return effectsOf(named ? [] : [{ kind: 'write', path: '.' }]);
}
