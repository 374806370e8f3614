import type { Word } from '../types.ts';
import { program } from './program.ts';
import { flag, onlyShows, optional, reads, value, writes } from './table.ts';
import type { OptionRule, ProgramReading, Table, Touch } from './table.ts';

const host: OptionRule = { takes: 'host' };
const serves: OptionRule = { takes: 'data', acts: ['serve'] };

/** What ssh, scp and sftp share. Left out: `-o` and `-F`, whose settings can name programs, and agents. */
const shared: NonNullable<Table['options']> = {
  '-4 -6 -C -q -v': flag,
  '-c -l': value,
  '-i': reads,
  '-J': host,
};

/** ssh(1): behind the host stands a command that runs there. */
const ssh: Table = {
  options: {
    ...shared,
    '-V': onlyShows,
    '-a -f -G -k -K -M -n -N -s -t -T -x -X -y -Y': flag,
    '-b -B -e -I -m -O -p -P -Q -w': value,
    '-E': writes,
    '-D -L -R -W': serves,
  },
  operands: { first: ['host'], rest: 'data' },
  acts: ['change-remote'],
  stopsAtOperand: true,
};

/** scp(1): from the first places to the last one. */
const scp: Table = {
  options: { ...shared, '-3 -A -B -O -p -r -R -s -T': flag, '-P -X': value },
  operands: { rest: 'remoteOrReads' },
  acts: ['change-remote'],
};

const sftp: Table = {
  options: { ...shared, '-a -f -N -p -r': flag, '-B -P -R -X': value },
  operands: { first: ['host'], rest: 'unlisted' },
  acts: ['change-remote'],
};

/** rsync(1). Left out: `-e` and `--rsync-path`, which name programs, `--daemon`, and `--files-from`. */
const rsync: Table = {
  options: {
    '-h --human-readable': flag,
    '--help --version -V': onlyShows,
    '-a -A -b -c -C -d -D -E -g -H -i -I -k -K -l -L -m -n -N -o -O -J -p -P -q -r -R -s -S -t -u -U -v -W -x -X':
      flag,
    '-y -z -0 -8 -4 -6 --archive --verbose --quiet --checksum --recursive --relative --update --inplace':
      flag,
    '--append --dirs --links --copy-links --hard-links --perms --executability --acls --xattrs --owner': flag,
    '--group --devices --specials --times --omit-dir-times --dry-run --whole-file --one-file-system': flag,
    '--existing --ignore-existing --ignore-errors --force --partial --progress --compress --stats': flag,
    '--itemize-changes --list-only --numeric-ids --size-only --prune-empty-dirs --fuzzy --mkpath': flag,
    '--exclude --include -f --filter --bwlimit --timeout --contimeout --port --max-size --min-size': value,
    '--block-size -B --modify-window --out-format --info --debug --compress-level --skip-compress': value,
    '--suffix --chmod --chown --max-delete': value,
    '--exclude-from --include-from --password-file': reads,
    '--log-file -T --temp-dir --backup-dir --partial-dir': writes,
    '--delete --delete-before --delete-during --delete-after --delete-excluded --remove-source-files': {
      takes: 'flag',
      acts: ['destroy-remote'],
    },
    '--color': optional,
  },
  operands: { rest: 'remoteOrReads' },
};

/** The last place is where it goes; the others, and all below them, are read. */
function copies(
  read: (words: readonly Word[]) => ProgramReading,
): (words: readonly Word[]) => ProgramReading {
  return (words) => {
    const reading = read(words);
    const last = words.at(-1);
    if (last?.kind !== 'static' || last.value.startsWith('-')) {
      const isHelp = words.length === 1;
      const why = 'where it copies to is not the last word';
      return isHelp ? reading : { ...reading, unknowns: [...reading.unknowns, { about: 'option', why }] };
    }
    const target = reading.touches.length - 1;
    const touches = reading.touches.map((touch, index): Touch => {
      if (touch.kind !== 'read') return touch;
      if (index === target && touch.path === last.value) return { kind: 'write', path: touch.path };
      return { kind: 'read-tree', path: touch.path, reach: { contents: 'all' } };
    });
    const sends = (reading.hosts ?? []).length > 0 && reading.touches.at(-1)?.path !== last.value;
    return {
      ...reading,
      touches,
      acts: sends ? [...new Set([...reading.acts, 'change-remote' as const])] : reading.acts,
    };
  };
}

export const remoteShells = {
  ssh: program(ssh),
  scp: copies(program(scp)),
  sftp: program(sftp),
  rsync: copies(program(rsync)),
  mosh: program({
    options: { '--help --version': onlyShows, '-4 -6': flag, '-p --port': value },
    operands: { first: ['host'], rest: 'data' },
    acts: ['change-remote'],
    stopsAtOperand: true,
  }),
  'ssh-keygen': program({
    options: {
      // A fingerprint, and what stands in known_hosts; making and changing keys is left out.
      '-l -v -B': flag,
      '-E': value,
      '-F': { takes: 'data' },
      '-f': reads,
    },
    operands: { rest: 'unlisted' },
  }),
  'ssh-keyscan': program({
    // -f is left out: the hosts stand in a file.
    options: { '-4 -6 -c -D -H -q -v': flag, '-p -T -t -O': value },
    operands: { rest: 'host' },
  }),
  'ssh-add': program({ options: { '-l -L -q -v': flag }, operands: { rest: 'unlisted' } }),
};
