import type { Word } from '../types.ts';
import { program } from './program.ts';
import { flag, optional, reads, value, writes } from './table.ts';
import type { OptionRule, ProgramReading, Touch } from './table.ts';
import { readTar } from './tar.ts';
import { effectsOf, notKnown, programOfWords, together } from './word-patterns.ts';

const everywhere = { '--help --version': flag };
const PRINTS = 'what it prints are the files in the archive, whatever these hold';
const EXTRACTS = 'which files it writes stands in the archive';

/** gzip 1, bzip2, xz 5, zstd, lz4, Info-ZIP 6, 7-Zip, GNU tar 1.35 and bsdtar. */
export const archives = {
  tar: readTar,
  gtar: readTar,
  bsdtar: readTar,
  gzip: compressor(),
  pigz: compressor(),
  gunzip: compressor(),
  bzip2: compressor(),
  bunzip2: compressor(),
  xz: compressor(),
  unxz: compressor(),
  lzma: compressor(),
  unlzma: compressor(),
  zstd: zstandard(),
  unzstd: zstandard(),
  zcat: shower(),
  gzcat: shower(),
  bzcat: shower(),
  xzcat: shower(),
  zstdcat: shower(),
  unzip: readUnzip,
  zipinfo: program({
    options: { '-1 -2 -s -m -l -v -h -M -t -T -C -z -Z -x': flag, '--help': flag },
    operands: { first: ['reads'], rest: 'data' },
  }),
  '7z': readSevenZip,
  '7za': readSevenZip,
  '7zr': readSevenZip,
  '7zz': readSevenZip,
  ar: readAr,
  // -T and -TT are left out: they run a program; so is -@, which reads names.
  zip: program({
    options: {
      '-r -q -v -j -u -f -y -X -D -o -0 -1 -2 -3 -4 -5 -6 -7 -8 -9 -g -l -S --recurse-paths --quiet': flag,
      '-h -L --help --version --symlinks --junk-paths': flag,
      '-m --move': { takes: 'flag', operands: 'deletesTree' },
      '-d --delete': { takes: 'flag', operands: 'data' },
      '-x --exclude -i --include': value,
    },
    operands: { first: ['writes'], rest: 'readsTree' },
  }),
  unrar: programOfWords([
    [/^(?:l|lb|lt|la|v|vb|vt|t)$/, 'data'],
    [/^[^-@].*\.rar$/i, 'reads'],
  ]),
  // macOS: encodings of files with two forks. Without -c they put the new file beside the old.
  binhex: forkEncoder(),
  applesingle: forkEncoder(),
  macbinary: forkEncoder(),
};

function forkEncoder(): ReturnType<typeof program> {
  const toOutput: OptionRule = { takes: 'flag', operands: 'reads' };
  const coder = {
    options: { '-c --pipe --to-stdout': toOutput, '-v --verbose': flag },
    operands: { rest: 'unlisted' },
  } as const;
  return program({
    options: { '-h --help -V --version': flag },
    operands: { rest: 'unlisted' },
    subcommands: { probe: { operands: { rest: 'reads' } }, encode: coder, decode: coder },
  });
}

/** Without `-c` they put a new file beside each one and delete the old. */
function compressor(): (words: readonly Word[]) => ProgramReading {
  return (words) => {
    const values = words.map((word) => (word.kind === 'static' ? word.value : ''));
    const end = values.indexOf('--');
    const options = end < 0 ? values : values.slice(0, end);
    // Of -t, -l, -d and -z the last one counts, while -c stays.
    const onlyShows = options.some((text) => TO_OUTPUT.test(text)) || /^[tl]$/.test(lastMode(options) ?? '');
    const reading = (onlyShows ? showsCompressed : compresses)(words);
    return onlyShows ? reading : { ...reading, touches: reading.touches.flatMap((touch) => besides(touch)) };
  };
}

const TO_OUTPUT = /^(?:-(?=[^-]*c)[cdfhklnNqtvVzser0-9]+|--stdout|--to-stdout)$/;
const LONG_MODES = new Map([
  ['--list', 'l'],
  ['--test', 't'],
  ['--decompress', 'd'],
  ['--uncompress', 'd'],
  ['--compress', 'z'],
]);

/** The letter of the mode that stands last; undefined where none does, or options with values stand in between. */
function lastMode(options: readonly string[]): string | undefined {
  const letters = options.flatMap((text) => {
    if (!text.startsWith('-') || text.startsWith('--')) return LONG_MODES.get(text) ?? [];
    return /^-[cdfhklnNqtvVzser0-9]+$/.test(text)
      ? Array.from(text).filter((letter) => 'ltdz'.includes(letter))
      : ['?'];
  });
  return letters.includes('?') ? undefined : letters.at(-1);
}

function besides(touch: Touch): Touch[] {
  if (touch.kind !== 'delete') return [touch];
  const { path } = touch;
  const bare = path.replace(/\.(?:gz|tgz|bz2|xz|lzma|Z)$/, '');
  return [touch, { kind: 'write', path: bare === path ? `${path}.gz` : bare }];
}

const compressorOptions = {
  ...everywhere,
  '-c -d -f -h -k -l -n -N -q -t -v -V -z -s -1 -2 -3 -4 -5 -6 -7 -8 -9 -0 -e -L --stdout --to-stdout': flag,
  '--decompress --uncompress --compress --force --keep --list --no-name --name --quiet --test --verbose':
    flag,
  '--fast --best --rsyncable --small --extreme --robot --no-sparse --ignore-check --single-stream': flag,
  '-T --threads -M --memory -F --format -C --check -S --suffix -p --processes': value,
} as const;
const showsCompressed = program({
  options: { ...compressorOptions, '-r --recursive': { takes: 'flag', operands: 'readsTree' } },
  operands: { rest: 'reads' },
});
const compresses = program({
  options: { ...compressorOptions, '-r --recursive': { takes: 'flag', operands: 'deletesTree' } },
  operands: { rest: 'deletes' },
});

/** Without `-c`, `-l` or `-t` it puts a new file beside each one. `--rm`, which deletes the old, is left out. */
function zstandard(): (words: readonly Word[]) => ProgramReading {
  const read = program({
    options: {
      ...everywhere,
      '-d -f -h -H -k -q -v -V -z -1 -2 -3 -4 -5 -6 -7 -8 -9 -19 --decompress --uncompress --compress': flag,
      '--force --keep --quiet --verbose --ultra --no-progress --check --no-check --single-thread': flag,
      '-c --stdout -l --list -t --test': { takes: 'flag', operands: 'reads' },
      '--fast --long --adapt': optional,
      '-T --threads -M --memory': value,
      '-D': reads,
      '-o': writes,
    },
    operands: { rest: 'writes' },
  });
  return (words) => {
    const texts = words.map((word) => (word.kind === 'static' ? word.value : ''));
    const shows = texts.some((text) => /^(?:-[a-zA-Z]*[lt][a-zA-Z]*|--list|--test)$/.test(text));
    const isUnclear =
      shows && !texts.some((text) => TO_OUTPUT.test(text)) && !/^[tl]$/.test(lastMode(texts) ?? '');
    return isUnclear
      ? together(read(words), notKnown('whether it only looks depends on the order'))
      : read(words);
  };
}

function shower(): ReturnType<typeof program> {
  return program({
    options: { ...everywhere, '-c -d -f -h -k -l -q -t -v -V -s --force --quiet --verbose': flag },
    operands: { rest: 'reads' },
  });
}

/** With `-l -v -t -z -Z -p -c` it lists, tests or prints; else it extracts into `-d` or here. */
function readUnzip(words: readonly Word[]): ProgramReading {
  const values = words.map((word) => (word.kind === 'static' ? word.value : ''));
  if (values.every((text) => /^(?:-hh?|--help|-v)$/.test(text))) return noFiles([]);
  if (values.some((text) => /^-[a-zA-Z]*[pc]/.test(text))) return together(showsZip(words), notKnown(PRINTS));
  if (values.some((text) => /^-[a-zA-Z]*[lvtzZ]/.test(text))) return showsZip(words);
  const at = values.indexOf('-d');
  const folder = at < 0 ? '.' : (values[at + 1] ?? '.');
  return together(extractsZip(words), effectsOf([{ kind: 'write', path: folder }]), notKnown(EXTRACTS));
}

const noFiles = program({ operands: { rest: 'unlisted' } });
// -P is left out, as a word behind it could look like an option, and -T, which changes the archive.
const zipFlags = {
  '-a -b -B -C -f -j -K -L -l -M -n -N -o -p -c -q -qq -s -t -u -U -UU -v -V -W -X -z -Z -1 -2 -m -h -hh':
    flag,
  '--help': flag,
  '-x': { takes: 'flag', operands: 'data' },
} as const;
const showsZip = program({ options: zipFlags, operands: { first: ['reads'], rest: 'data' } });
const extractsZip = program({
  options: { ...zipFlags, '-d': value },
  operands: { first: ['reads'], rest: 'data' },
});

/** `7z <command> <switches> <archive> <names>`; what begins with `-` is a switch, also behind the names. */
function readSevenZip(words: readonly Word[]): ProgramReading {
  const [command, ...rest] = words;
  if (command === undefined) return noFiles([]);
  const name = command.kind === 'static' ? command.value : '';
  if (/^(?:-h|--help|i|b)$/.test(name)) return sevenZipSwitches(rest);
  if (/^[lt]$/.test(name)) return sevenZipLists(rest);
  if (name === 'h') return sevenZipHashes(rest);
  return together(sevenZipChanges(rest), notKnown(EXTRACTS));
}

// -i@ and -x@ read lists, -w and -o name folders, -so and -si are the standard streams.
const SEVEN_ZIP_SWITCH =
  /^-(?:slt|scc|scs|scrc|sccUTF-8|ba|bd|bb\d?|bs[oep]\d|bt|mmt|mm|md|mx|p|r|r0|y|t|an|ssc|spf)(?:[-=]?[\w.*]*)?$/;
const sevenZipSwitches = programOfWords([[SEVEN_ZIP_SWITCH, 'data']]);
const sevenZipLists = programOfWords([
  [SEVEN_ZIP_SWITCH, 'data'],
  [/^[^-@]/, 'reads'],
]);
const sevenZipHashes = programOfWords([
  [SEVEN_ZIP_SWITCH, 'data'],
  [/^[^-@]/, 'readsTree'],
]);
const sevenZipChanges = programOfWords([
  [SEVEN_ZIP_SWITCH, 'data'],
  [/^-o(.+)$/, 'writes'],
  [/^[^-@]/, 'writes'],
]);

/** `ar t lib.a` lists, `ar p` prints; the other letters change the archive or extract. */
function readAr(words: readonly Word[]): ProgramReading {
  const [letters, ...rest] = words;
  if (letters?.kind === 'static' && /^(?:-?[tp][vOo]*|--help|--version|-V)$/.test(letters.value))
    return listsAr(rest);
  return notKnown('what ar changes is not known');
}

const listsAr = program({ operands: { first: ['reads'], rest: 'data' } });
