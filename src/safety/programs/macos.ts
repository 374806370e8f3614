import type { Act, Word } from '../types.ts';
import { program } from './program.ts';
import { each } from './subcommands.ts';
import { flag, onlyShows, optional, reads, value, writes } from './table.ts';
import type { OptionRule, ProgramReading, Table } from './table.ts';

const help = { '-h -help --help': onlyShows };
const data: Table['operands'] = { rest: 'data' };
const none: Table['operands'] = { rest: 'unlisted' };
const SYSTEM: readonly Act[] = ['change-system'];
const shows: OptionRule = { takes: 'flag', operands: 'data' };
const readsFiles: OptionRule = { takes: 'flag', operands: 'reads' };
const changes: OptionRule = { takes: 'flag', operands: 'data', acts: SYSTEM };

const NOTHING: ProgramReading = { touches: [], acts: [], unknowns: [] };

/** Programs whose first word says what they do: `networksetup -getinfo Wi-Fi`. */
function byFirstWord(looks: RegExp, changing: RegExp): (words: readonly Word[]) => ProgramReading {
  return ([word]) => {
    const text = word?.kind === 'static' ? word.value : '';
    if (looks.test(text)) return NOTHING;
    if (changing.test(text)) return { touches: [], acts: SYSTEM, unknowns: [] };
    const why = `what ${JSON.stringify(text)} does there is not known`;
    return { touches: [], acts: [], unknowns: [{ about: 'option', why }] };
  };
}

/** defaults(1): settings of the person and of programs. */
const defaults: Table = {
  options: { '-currentHost': flag, '-host': value, '-h': onlyShows },
  operands: none,
  subcommands: {
    ...each('read, read-type, domains, find, help', {
      options: { '-app': value, '-g -globalDomain': flag },
      operands: data,
    }),
    ...each('write, rename, delete, import', {
      options: { '-app': value, '-g': flag },
      operands: data,
      acts: SYSTEM,
    }),
  },
};

const listing = { '-plist -verbose -all --all': flag, '-type -user -path': value };

const diskutil: Table = {
  operands: none,
  subcommands: {
    ...each('list, info, information, activity, listFilesystems', { options: listing, operands: data }),
    ...each('mount, mountDisk, unmount, unmountDisk, eject, rename, eraseDisk, eraseVolume, partitionDisk', {
      operands: data,
      acts: SYSTEM,
    }),
    ...each('secureErase, zeroDisk, randomDisk, repairDisk, verifyDisk, repairVolume', {
      operands: data,
      acts: SYSTEM,
    }),
  },
};

const hdiutil: Table = {
  operands: none,
  subcommands: {
    ...each('help, info, plugins', { options: listing, operands: data }),
    ...each('verify, imageinfo, isencrypted, pmap, checksum', {
      options: { ...listing, '-quiet -debug': flag, '-format': value },
      operands: { rest: 'reads' },
    }),
    ...each('attach, detach, eject, mount, mountvol, unmount, create, convert, compact, resize, burn', {
      operands: none,
      acts: SYSTEM,
    }),
  },
};

/** security(1): what lies in a keychain, without the passwords (`-w`, `-g`, `-d` are left out). */
const security: Table = {
  options: { ...help, '-q -v': flag },
  operands: none,
  subcommands: {
    ...each('help, error, leaks, show-keychain-info, list-smartcards, find-key, get-identity-preference', {
      options: { '-t -s': value, '-h': flag },
      operands: data,
    }),
    ...each('find-certificate, find-identity, verify-cert', {
      options: { '-a -p -v -Z': flag, '-c -e -s': value },
      operands: data,
    }),
    'find-identity': { options: { '-v': flag, '-p -s': value }, operands: data },
    ...each('find-generic-password, find-internet-password', {
      options: { '-a -s -l -c -C -D -G -j -r -d -p -t -P': value },
      operands: data,
    }),
    'dump-keychain': { operands: data },
    'dump-trust-settings': { options: { '-d -s': flag }, operands: data },
    ...each('translocate-policy-check, translocate-status-check, translocate-original-path', {
      operands: { rest: 'reads' },
    }),
    'requirement-evaluate': { operands: data },
    ...each('add-generic-password, add-internet-password, add-certificates, add-trusted-cert', {
      operands: none,
      acts: SYSTEM,
    }),
    ...each('delete-generic-password, delete-certificate, delete-keychain, lock-keychain', {
      operands: none,
      acts: SYSTEM,
    }),
  },
};

const pkgutil: Table = {
  options: {
    ...help,
    '-v -f --verbose --force --regexp --only-files --only-dirs': flag,
    '--packages --pkgs-plist --groups --groups-plist': shows,
    '--pkgs': { takes: 'optional', operands: 'data' },
    '--files --lsbom --export-plist --pkg-info --pkg-info-plist --pkg-groups --group-pkgs --volume': value,
    '--file-info --file-info-plist --payload-files --check-signature': reads,
    '--forget --learn --edit-pkg': { takes: 'data', acts: SYSTEM },
  },
  operands: none,
};

const tmutil: Table = {
  operands: none,
  subcommands: {
    ...each('help, version, destinationinfo, isexcluded, latestbackup, listbackups, listlocalsnapshotdates', {
      options: { '-X -m -t -x': flag },
      operands: data,
    }),
    ...each('listlocalsnapshots, machinedirectory, uniquesize, verifychecksums, calculatedrift, status', {
      options: { '-X': flag },
      operands: data,
    }),
    compare: { options: { '-a -d -m -p -s -t -u -g -n -x -E -X': flag }, operands: data },
    ...each('enable, disable, startbackup, stopbackup, setdestination, removedestination, addexclusion', {
      options: { '-a -p -b': flag },
      operands: data,
      acts: SYSTEM,
    }),
    ...each('removeexclusion, delete, deletelocalsnapshots, localsnapshot, thinlocalsnapshots, restore', {
      options: { '-v': flag, '-d -t': value },
      operands: data,
      acts: SYSTEM,
    }),
  },
};

const profiles: Table = {
  operands: none,
  subcommands: {
    ...each('help, status, list, show, validate, version', { options: listing, operands: data }),
    ...each('remove, sync, renew, install', {
      options: { ...listing, '-forced': flag, '-identifier': value },
      operands: data,
      acts: SYSTEM,
    }),
  },
};

const codesign: Table = {
  options: {
    '-d --display -v --verify -dv -dvv -dvvv -dvvvv -vv -vvv --validate-constraint --deep --strict': flag,
    '--verbose --check-notarization --all-architectures': optional,
    '-h': shows,
    '-R -a --architecture': value,
    // Where they are written to; `-` and `:-` are the output.
    '--entitlements': writes,
    '--entitlements=- --entitlements=:-': flag,
  },
  operands: { rest: 'reads' },
};

const readCodesign = program(codesign);

const spctl: Table = {
  options: {
    ...help,
    '-a --assess': readsFiles,
    '--status --disable-status': flag,
    '-v --verbose --raw --continue --ignore-cache': flag,
    '-t --type --context': value,
    '--global-enable --global-disable --master-enable --master-disable --add --remove --enable --disable':
      changes,
    '--reset-default': changes,
    '--label': value,
  },
  operands: none,
};

/** Files: property lists, images, binaries and documents, as far as they are only read. */
const sips: Table = {
  options: { ...help, '-g --getProperty -1': value, '--verify -v': flag, '-v --version': onlyShows },
  operands: { rest: 'reads' },
};
const textutil: Table = {
  options: {
    ...help,
    '-info': readsFiles,
    '-stdout -stdin': flag,
    '-fontsize -font -encoding -format': value,
  },
  operands: none,
};

export const macos = {
  defaults: program(defaults),
  diskutil: program(diskutil),
  hdiutil: program(hdiutil),
  security: program(security),
  pkgutil: program(pkgutil),
  tmutil: program(tmutil),
  profiles: program(profiles),
  codesign: (words: readonly Word[]): ProgramReading =>
    readCodesign(
      words.map((word) => (word.kind === 'static' && word.value === ':-' ? { ...word, value: '-' } : word)),
    ),
  spctl: program(spctl),
  sips: program(sips),
  textutil: program(textutil),
  networksetup: byFirstWord(
    /^-(?:list|get|show|is|print|version$|help$)/,
    /^-(?:set|create|delete|remove|add|rename|switch|order|connect|disconnect|duplicate|detect)/,
  ),
  scutil: byFirstWord(/^(?:--get|--dns|--proxy|-r|-w)$/, /^--(?:set|renew)$/),
  mdimport: program({ options: { '-t -L -A -X -d1 -d2 -d3 -d4': readsFiles }, operands: none }),
  qlmanage: program({
    options: { ...help, '-m -p -t -x': readsFiles, '-s -f -c': value, '-o': writes },
    operands: none,
  }),
  dscl: program({
    options: { '-plist -raw -url -q': flag, '-u -P -p': { takes: 'unlisted' } },
    operands: none,
    subcommands: {
      ...each('. , localhost, /Local/Default, /Search', {
        options: {
          '-read -readall -list -search -diff': shows,
          '-create -append -merge -delete -change -passwd -changei': changes,
        },
        operands: none,
        subcommands: {
          ...each('read, readall, list, search, diff', { operands: data }),
          ...each('create, append, merge, delete, change, passwd', { operands: data, acts: SYSTEM }),
        },
      }),
    },
  }),
  sample: program({
    options: { '-wait -mayDie -fullPaths -e': flag, '-file': writes },
    operands: { first: ['data'], rest: 'data' },
  }),
  symbols: program({
    options: {
      '-help': onlyShows,
      '-v -uuid -noHeaders -printSignature -w -noSources': flag,
      '-arch -lookup': value,
    },
    operands: { rest: 'reads' },
  }),
  system_profiler: program({
    options: { '-usage -listDataTypes -json -xml -nospawn': flag, '-detailLevel -timeout': value },
    operands: data,
  }),
  mdls: program({
    options: { '-raw': flag, '-name -nullMarker': value, '-plist': writes },
    operands: { rest: 'reads' },
  }),
  ioreg: program({
    options: { '-a -b -f -i -l -r -t -x': flag, '-c -d -k -n -p -w': value },
    operands: none,
  }),
  csrutil: program({ operands: none, subcommands: each('status, authenticated-root', { operands: none }) }),
  pmset: byFirstWord(/^-g$/, /^./),
  say: program({
    options: { '-v --voice -r --rate': value, '-f --input-file': reads, '-o --output-file': writes },
    operands: data,
  }),
  osascript: program({
    options: { '-e': { takes: 'inlineCode' }, '-l': value, '-s': value, '-i': { takes: 'unlisted' } },
    operands: { rest: 'runsFile' },
  }),
  pbcopy: program({ options: { '-pboard': value }, operands: none, acts: SYSTEM }),
  pbpaste: program({ options: { '-pboard -Prefer': value }, operands: none, acts: ['list-environment'] }),
};
