import { program } from './program.ts';
import { flag, optional, value } from './table.ts';

const everywhere = { '--help --version': flag };

/** Checksums and encodings. `-c` is left out: it reads the files that a list names. */
export const checksums = {
  md5sum: digest(),
  sha1sum: digest(),
  sha224sum: digest(),
  sha256sum: digest(),
  sha384sum: digest(),
  sha512sum: digest(),
  b2sum: program({
    options: { ...everywhere, '-b -t -z --binary --text --tag --zero': flag, '-l --length': value },
    operands: { rest: 'reads' },
  }),
  b3sum: program({
    options: { ...everywhere, '--no-mmap --no-names --raw --tag': flag, '-l --length --num-threads': value },
    operands: { rest: 'reads' },
  }),
  shasum: program({
    options: {
      ...everywhere,
      '-b -t -U -0 -h -v --binary --text --UNIVERSAL --01 --tag': flag,
      '-a --algorithm': value,
    },
    operands: { rest: 'reads' },
  }),
  // BSD and macOS.
  md5: program({ options: { '-n -p -q -r -t -x': flag, '-s': value }, operands: { rest: 'reads' } }),
  cksum: program({
    options: {
      ...everywhere,
      '-z --zero --tag --untagged --raw --base64 --debug': flag,
      '-a --algorithm -l --length -o': value,
    },
    operands: { rest: 'reads' },
  }),
  sum: program({ options: { ...everywhere, '-r -s --sysv': flag }, operands: { rest: 'reads' } }),
  base64: encoding(),
  base32: encoding(),
  basenc: program({
    options: {
      ...everywhere,
      '-d -D -i --decode --ignore-garbage --base64 --base64url --base32 --base32hex --base16 --base2msbf':
        flag,
      '--base2lsbf --base58 --z85': flag,
      '-w --wrap': value,
    },
    operands: { rest: 'reads' },
  }),
};

function digest(): ReturnType<typeof program> {
  const options = { ...everywhere, '-b -t -z --binary --text --tag --zero': flag };
  return program({ options, operands: { rest: 'reads' } });
}

// macOS: -i names the input, -o the output, where GNU's -i ignores garbage. Whatever follows -i is read either way.
function encoding(): ReturnType<typeof program> {
  return program({
    options: {
      ...everywhere,
      '-h -d -D --decode --ignore-garbage': flag,
      '-i': { takes: 'reads' },
      '--input': { takes: 'reads' },
      '-o --output': { takes: 'writes' },
      '-w --wrap -b --break': value,
      '-u -e -n --encode --noerrcheck --copyright': flag,
      '--color': optional,
    },
    operands: { rest: 'reads' },
  });
}
