import type { Word } from '../types.ts';
import { program } from './program.ts';
import { flag, optional, reads, value, writes } from './table.ts';
import type { OptionRule, ProgramReading, Table } from './table.ts';

const everywhere = { '--help --version': flag };
const inTree: OptionRule = { takes: 'flag', operands: 'readsTree' };
const narrowing: OptionRule = { takes: 'data', narrows: true };
const instead: OptionRule = { takes: 'data', dropsFirst: true };

/** Programs that read text and print text: GNU coreutils 9, diffutils 3, grep 3, ripgrep 14. */
export const text = {
  sort: program({
    options: {
      ...everywhere,
      '-b -c -C -d -f -g -h -i -m -M -n -r -R -s -u -V -z --unique --reverse --numeric-sort --ignore-case':
        flag,
      '--ignore-leading-blanks --dictionary-order --general-numeric-sort --human-numeric-sort --stable': flag,
      '--ignore-nonprinting --month-sort --version-sort --zero-terminated --merge --random-sort --debug':
        flag,
      '--check': optional,
      '-k --key -t --field-separator -S --buffer-size --parallel --sort --batch-size': value,
      // What it puts there has names that nobody can guess, and is gone afterwards.
      '-T --temporary-directory': value,
      '-o --output': writes,
      '--random-source': reads,
    },
    operands: { rest: 'reads' },
  }),
  uniq: program({
    options: {
      ...everywhere,
      '-c -d -D -i -u -z --count --repeated --ignore-case --unique --zero-terminated': flag,
      '--all-repeated --group': optional,
      '-f --skip-fields -s --skip-chars -w --check-chars': value,
    },
    operands: { first: ['reads', 'writes'], rest: 'unlisted' },
  }),
  cut: program({
    options: {
      ...everywhere,
      '-n -s -w -z --complement --only-delimited --zero-terminated': flag,
      '-b --bytes -c --characters -d --delimiter -f --fields --output-delimiter': value,
    },
    operands: { rest: 'reads' },
  }),
  tr: program({
    options: {
      ...everywhere,
      '-c -C -d -s -t -u --complement --delete --squeeze-repeats --truncate-set1': flag,
    },
    operands: { rest: 'data' },
  }),
  nl: program({
    options: {
      ...everywhere,
      '-p --no-renumber': flag,
      '-b -d -f -h -i -l -n -s -v -w --body-numbering --section-delimiter --footer-numbering': value,
      '--header-numbering --line-increment --join-blank-lines --number-format --number-separator': value,
      '--starting-line-number --number-width': value,
    },
    operands: { rest: 'reads' },
  }),
  tac: program({
    options: { ...everywhere, '-b -r --before --regex': flag, '-s --separator': value },
    operands: { rest: 'reads' },
  }),
  grep: grep(),
  egrep: grep(),
  fgrep: grep(),
  zgrep: grep(),
  ggrep: grep(),
  rg: readRg,
};

const rg: Table = {
  options: {
    ...everywhere,
    '-a -b -c -F -h -H -i -I -l -n -N -o -p -q -s -S -U -v -V -w -x -0 --text --byte-offset --count': flag,
    '--count-matches --fixed-strings --no-filename --with-filename --ignore-case --files-with-matches': flag,
    '--files-without-match --line-number --no-line-number --only-matching --pretty --quiet --smart-case':
      flag,
    '--case-sensitive --invert-match --word-regexp --line-regexp --multiline --multiline-dotall --null': flag,
    '--heading --no-heading --column --no-messages --trim --stats --json --vimgrep --crlf --pcre2 -P': flag,
    '--passthru --no-config --type-list --sort-files --one-file-system --glob-case-insensitive': flag,
    '--files': { takes: 'flag', operands: 'listsTree', dropsFirst: true },
    // Links lead anywhere, so -L is left out.
    '-. --hidden --no-ignore --no-ignore-vcs -u --unrestricted -uu -uuu': inTree,
    '-A --after-context -B --before-context -C --context -d --max-depth -E --encoding': value,
    '-g --glob --iglob': narrowing,
    '-t --type': value,
    '-j --threads -m --max-count -M --max-columns -r --replace -T --type-not --color --colors': value,
    '--sort --sortr --engine --max-filesize --field-match-separator --path-separator --context-separator':
      value,
    // --type-add is left out: it can name any files.
    '--dfa-size-limit --regex-size-limit --type-clear --field-context-separator': value,
    '--no-ignore-parent --no-ignore-dot --no-ignore-exclude --no-ignore-global --no-ignore-messages': flag,
    '--no-column --no-multiline --no-json --no-stats --no-trim --binary --mmap': flag,
    '--no-mmap --line-buffered --block-buffered --auto-hybrid-regex --no-pcre2 --include-zero --null-data':
      flag,
    '--stop-on-nonmatch --max-columns-preview --print0 --debug --trace --require-git --no-require-git': flag,
    '-e --regexp': instead,
    '-f --file': { takes: 'reads', dropsFirst: true },
    '--ignore-file': reads,
  },
  operands: { first: ['data'], rest: 'readsVisibleTree', none: '.' },
};
const visible = program(rg);
const hidden = program({ ...rg, operands: { ...rg.operands, rest: 'readsTree' } });

/** ripgrep's types that have dot files among them, or files that may hold credentials (ripgrep --type-list). */
const BROAD_TYPES = new Set(['all', 'config', 'json', 'yaml', 'toml', 'xml', 'txt', 'sh', 'protobuf']);

/** A glob or a type brings back the dot files that fit it, a glob also what .gitignore leaves out. */
function readRg(words: readonly Word[]): ProgramReading {
  const brings = words.some((word, index) => {
    const text = word.kind === 'static' ? word.value : '';
    const next = words[index + 1];
    const value = next?.kind === 'static' ? next.value : '';
    const [, glob] = /^(?:-[a-zA-Z0-9.]*g|--i?glob=)(.+)$/s.exec(text) ?? [];
    if (glob !== undefined) return !glob.replace(/^=/, '').startsWith('!');
    if (/^(?:-[a-zA-Z0-9.]*g|--i?glob)$/.test(text)) return !value.startsWith('!');
    const [, type] = /^(?:-[a-zA-Z0-9.]*t|--type=)(.+)$/s.exec(text) ?? [];
    if (type !== undefined) return BROAD_TYPES.has(type);
    return /^(?:-[a-zA-Z0-9.]*t|--type)$/.test(text) && (value === '' || BROAD_TYPES.has(value));
  });
  return (brings ? hidden : visible)(words);
}

function grep(): ReturnType<typeof program> {
  return program({
    options: {
      ...everywhere,
      '-a -b -c -E -F -G -h -H -i -I -l -L -n -o -P -q -s -T -U -v -V -w -x -y -z -Z --text --byte-offset':
        flag,
      '--count --extended-regexp --fixed-strings --basic-regexp --perl-regexp --no-filename --with-filename':
        flag,
      '--ignore-case --no-ignore-case --files-with-matches --files-without-match --line-number': flag,
      '--only-matching --quiet --silent --no-messages --invert-match --word-regexp --line-regexp --null':
        flag,
      '--initial-tab --line-buffered --null-data --binary': flag,
      // Links lead anywhere, so -R is left out.
      '-r --recursive': inTree,
      '--color --colour': optional,
      '-A --after-context -B --before-context -C --context -m --max-count --label --binary-files -D': value,
      '--exclude --exclude-dir --devices --group-separator': value,
      '--include': narrowing,
      '-d --directories': { takes: 'data', operands: 'readsTree' },
      '-e --regexp': instead,
      '-f --file': { takes: 'reads', dropsFirst: true },
      '--exclude-from': reads,
    },
    // In Claude Code's shell grep is ugrep, which goes into a folder unasked (seen with `type grep`, 2.1.330).
    operands: { first: ['data'], rest: 'searches', none: '.' },
    hasNumberOption: true,
  });
}
