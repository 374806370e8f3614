import type { Word } from '../types.ts';
import { program } from './program.ts';
import { each } from './subcommands.ts';
import { flag, onlyShows, optional, reads, value } from './table.ts';
import { TableReading } from './table-reading.ts';
import type { ProgramReading, Table, Touch } from './table.ts';

const data: Table['operands'] = { rest: 'data' };
const none: Table['operands'] = { rest: 'unlisted' };
const help = { '-help --help': onlyShows };

/** openssl(1): looking at certificates, here and on servers. Keys, signatures and ciphers are left out. */
const openssl: Table = {
  options: { '--version': onlyShows, ...help },
  operands: none,
  subcommands: {
    ...each('version, help', { options: { '-a -v -b -o -f -p -d -e -m -r -c': flag }, operands: data }),
    list: {
      options: {
        '-commands -digest-commands -cipher-commands -digest-algorithms -cipher-algorithms -providers': flag,
        '-public-key-algorithms -public-key-methods -1 -disabled -verbose -engines': flag,
        '-options': value,
      },
      operands: none,
    },
    ciphers: { options: { ...help, '-v -V -s -tls1_2 -tls1_3 -stdname': flag }, operands: data },
    x509: {
      options: {
        ...help,
        '-noout -text -subject -issuer -dates -startdate -enddate -serial -fingerprint -pubkey -modulus':
          flag,
        '-purpose -hash -subject_hash -issuer_hash -email -ocsp_uri -alias -sha1 -sha256 -sha512 -md5': flag,
        '-inform -checkend -checkhost -checkip -checkemail -nameopt -certopt -ext': value,
        '-in': reads,
      },
      operands: none,
    },
    s_client: {
      options: {
        ...help,
        '-showcerts -brief -quiet -status -tls1 -tls1_1 -tls1_2 -tls1_3 -no_tls1_3 -prexit -debug -msg': flag,
        '-state -ign_eof -no_ign_eof -verify_return_error -4 -6 -trace': flag,
        '-servername -verify -verify_hostname -starttls -alpn -cipher -ciphersuites -name': value,
        '-connect -host': { takes: 'host' },
        '-port': value,
        '-CAfile -cert -key -CApath': reads,
      },
      operands: { rest: 'host' },
    },
  },
};
const readOpenssl = program(openssl);

/** Without `-noout` it prints the certificate itself, to be put somewhere. */
function opensslOf(words: readonly Word[]): ProgramReading {
  const reading = readOpenssl(words);
  const [first] = words;
  if (first?.kind !== 'static' || first.value !== 'x509') return reading;
  const isQuiet = words.some((word) => word.kind === 'static' && /^-(?:noout|help)$/.test(word.value));
  if (isQuiet)
    return new TableReading({ ...reading, touches: reading.touches.map((touch) => inItsFolder(touch)) });
  return { ...reading, unknowns: [...reading.unknowns, { about: 'option', why: 'it makes a certificate' }] };
}

/** Of a certificate it says what everybody may know, and of anything else nothing, whatever the file is called. */
function inItsFolder({ path }: Touch): Touch {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '.';
  return { kind: 'read-tree', path: folder, reach: { contents: 'names' } };
}

/** gpg(1): what lists and verifies. */
const gpg: Table = {
  options: {
    '-h --help --version': onlyShows,
    '-k -K --list-keys --list-public-keys --list-secret-keys --list-sigs --fingerprint --check-sigs': {
      takes: 'flag',
      operands: 'data',
    },
    '--verify --list-packets --show-keys': { takes: 'flag', operands: 'reads' },
    '-a -q -v --armor --quiet --verbose --with-colons --with-fingerprint --batch --no-tty': flag,
    '--keyid-format --status-fd': value,
    '--list-config': optional,
  },
  operands: none,
};

export const cryptography = { openssl: opensslOf, gpg: program(gpg), gpg2: program(gpg) };
