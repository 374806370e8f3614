import { checked } from './checked.ts';
import { program } from './program.ts';
import { flag, optional, reads, value } from './table.ts';
import type { Table } from './table.ts';

const everywhere = { '--help --version': flag };

/** Programs that show what a binary file holds: coreutils 9, util-linux 2, binutils 2, Xcode's tools. */
export const bytes = {
  od: program({
    options: {
      ...everywhere,
      '-a -b -c -d -D -e -f -F -h -H -i -I -l -L -o -O -s -v -x -X -B --output-duplicates --traditional':
        flag,
      '-A --address-radix -j --skip-bytes -N --read-bytes -t --format --endian': value,
      '-S': value,
      '-w --width --strings': optional,
    },
    operands: { rest: 'reads' },
  }),
  hexdump: hexdump(),
  hd: hexdump(),
  // -r is left out: it makes bytes of text.
  xxd: program({
    options: {
      '-a -autoskip -b -bits -C -capitalize -d -e -E -EBCDIC -h -help --help -i -include -p -ps -postscript':
        flag,
      '-plain -u -uppercase -upper -v -version --version': flag,
      '-c -cols -g -groupsize -l -len -n -name -o -s -seek -skip -R': value,
    },
    operands: { first: ['reads', 'writes'], rest: 'unlisted' },
  }),
  strings: withoutLists({
    options: {
      ...everywhere,
      '-a -f -h -o -v -V -w -d --all --data --print-file-name --include-all-whitespace': flag,
      '-n --bytes -t --radix -e --encoding -T --target -s --output-separator -U --unicode --arch': value,
    },
    operands: { rest: 'reads' },
    hasNumberOption: true,
  }),
  // --plugin is left out: it loads one.
  nm: withoutLists({
    options: {
      ...everywhere,
      '-a -A -B -C -D -g -h -j -l -m -n -o -p -P -r -s -S -u -U -v -V -W -x --debug-syms --extern-only': flag,
      '--print-file-name --no-demangle --dynamic --undefined-only --defined-only --line-numbers': flag,
      '--numeric-sort --no-sort --portability --size-sort --print-size --reverse-sort --print-armap --special-syms':
        flag,
      '--with-symbol-versions --synthetic --no-weak --just-symbol-name --quiet': flag,
      '--demangle': optional,
      '-f --format -t --radix --target -X --ifunc-chars --unicode --arch': value,
    },
    operands: { rest: 'reads', none: 'a.out' },
  }),
  objdump: withoutLists({
    options: {
      ...everywhere,
      '-a -f -p -h -x -d -D -S -s -g -e -G -t -T -r -R -l -F -C -w -z -H -v -V -i --archive-headers': flag,
      '--file-headers --private-headers --headers --section-headers --all-headers --disassemble-all --source':
        flag,
      '--full-contents --debugging --stabs --syms --dynamic-syms --reloc --dynamic-reloc --line-numbers':
        flag,
      '--wide --disassemble-zeroes --info --no-show-raw-insn --show-raw-insn --no-addresses --prefix-addresses':
        flag,
      '--disassemble --demangle --dwarf --source-comment --visualize-jumps': optional,
      '-b --target -m --architecture -j --section -M --disassembler-options --start-address --stop-address':
        value,
      '--insn-width --adjust-vma --disassembler-color': value,
    },
    operands: { rest: 'reads', none: 'a.out' },
  }),
  readelf: withoutLists({
    options: {
      ...everywhere,
      '-a -h -l -S -g -t -e -s -n -r -u -d -V -A -c -D -I -W -H -v -C -T -X -L --all --file-header': flag,
      '--program-headers --segments --section-headers --sections --section-groups --section-details': flag,
      '--headers --syms --symbols --dyn-syms --notes --relocs --unwind --dynamic --version-info': flag,
      '--arch-specific --archive-index --use-dynamic --histogram --wide --lint --silent-truncation': flag,
      '--demangle --debug-dump': optional,
      '-x --hex-dump -p --string-dump -R --relocated-dump -z': value,
    },
    operands: { rest: 'reads' },
  }),
  size: withoutLists({
    options: {
      ...everywhere,
      '-A -B -d -G -o -t -x -V -m -l --totals --common': flag,
      '--format --radix': value,
    },
    operands: { rest: 'reads', none: 'a.out' },
  }),
  // -f and -h show headers, -L the libraries, -t the text.
  otool: program({
    options: {
      '-a -f -h -l -L -D -t -x -d -o -r -S -T -M -H -G -R -I -c -C -P -v -V -X -m -j -Q -q': flag,
      '-arch -p': value,
      '-s': { takes: 'unlisted' },
    },
    operands: { rest: 'reads' },
  }),
  'c++filt': withoutLists({
    options: {
      ...everywhere,
      '-_ -n -p -t -i -r --strip-underscore --no-params --types': flag,
      '-s --format': value,
    },
    operands: { rest: 'data' },
  }),
  // It starts the program's own loader, which the file names.
  ldd: program({
    options: { ...everywhere, '-d -r -u -v --data-relocs --function-relocs --unused --verbose': flag },
    operands: { rest: 'runsFile' },
  }),
  lipo: program({
    options: {
      '-info -detailed_info -archs': flag,
      '-verify_arch': { takes: 'flag', operands: 'data' },
    },
    operands: { first: ['reads'], rest: 'reads' },
  }),
  plutil: program({
    options: { '-p -lint -help -s -n': flag },
    operands: { rest: 'reads' },
  }),
};

/** `@file` stands for the words that are in the file, and these could be any options. */
function withoutLists(table: Table): ReturnType<typeof program> {
  return checked(table, (words) => {
    const list = words.find((word) => word.startsWith('@'));
    return list === undefined ? undefined : `what stands in ${list.slice(1, 60)} is taken for options`;
  });
}

function hexdump(): ReturnType<typeof program> {
  return program({
    options: {
      ...everywhere,
      '-b -c -C -d -h -o -v -V -x -X --one-byte-octal --one-byte-char --canonical --two-bytes-decimal': flag,
      '--two-bytes-octal --no-squeezing --two-bytes-hex --one-byte-hex': flag,
      '-e --format -n --length -s --skip': value,
      '-L --color': optional,
      '-f --format-file': reads,
    },
    operands: { rest: 'reads' },
  });
}
