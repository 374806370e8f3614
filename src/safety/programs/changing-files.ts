import type { Word } from '../types.ts';
import { program } from './program.ts';
import { flag, optional, reads, value, writes } from './table.ts';
import type { OptionRule, ProgramReading } from './table.ts';
import { programOfWords } from './word-patterns.ts';

const everywhere = { '--help --version': flag };
const into: OptionRule = { takes: 'destination', dropsLast: true };
const permissions = { acts: ['change-permissions'] } as const;

/** Programs that make, change and delete files. GNU coreutils 9, and what macOS and BSD share with them. */
export const changingFiles = {
  // -T is left out: the copy of a folder then becomes the destination itself.
  cp: withHiddenNames(
    program({
      options: {
        ...everywhere,
        '-b -d -f -i -H -l -L -n -p -P -s -u -v -x -X -Z -c -N --force --interactive --link --dereference':
          flag,
        '--no-clobber --no-dereference --remove-destination --strip-trailing-slashes --symbolic-link': flag,
        '--verbose --one-file-system --attributes-only --debug': flag,
        '-a --archive -r -R --recursive --copy-contents': { takes: 'flag', operands: 'readsTree' },
        '--backup --preserve --reflink --update --context': optional,
        '-S --suffix --no-preserve --sparse': value,
        '-t --target-directory': into,
      },
      operands: { rest: 'reads', last: 'destination' },
    }),
  ),
  mv: withHiddenNames(
    program({
      options: {
        ...everywhere,
        '-b -f -h -i -n -u -v -Z --force --interactive --no-clobber --strip-trailing-slashes --verbose': flag,
        '-T --no-target-directory --context --no-copy --debug': flag,
        '--backup --update': optional,
        '-S --suffix': value,
        '-t --target-directory': into,
      },
      operands: { rest: 'deletes', last: 'destination' },
    }),
  ),
  // What a link leads to is read and written through it later; it counts as read.
  ln: program({
    options: {
      ...everywhere,
      '-b -f -h -i -L -n -P -r -s -v -w --force --interactive --logical --no-dereference --physical': flag,
      '--relative --symbolic --verbose -T --no-target-directory': flag,
      '--backup': optional,
      '-S --suffix': value,
      '-t --target-directory': into,
    },
    operands: { rest: 'reads', last: 'destination' },
  }),
  link: program({ options: everywhere, operands: { first: ['reads', 'writes'], rest: 'unlisted' } }),
  unlink: program({ options: everywhere, operands: { rest: 'deletes' } }),
  // --strip and --strip-program are left out: they run a program.
  install: program({
    options: {
      ...everywhere,
      '-b -c -C -D -p -v -Z --compare --preserve-timestamps --verbose -T --no-target-directory': flag,
      '-d --directory': { takes: 'flag', operands: 'writes', dropsLast: true },
      '--backup --context': optional,
      '-m --mode': { takes: 'data', ...permissions },
      '-g --group -o --owner': { takes: 'data', ...permissions },
      '-S --suffix': value,
      '-t --target-directory': into,
    },
    operands: { rest: 'reads', last: 'destination' },
  }),
  mkdir: program({
    options: {
      ...everywhere,
      '-p -v -Z --parents --verbose': flag,
      '--context': optional,
      '-m --mode': value,
    },
    operands: { rest: 'writes' },
  }),
  rmdir: program({
    options: { ...everywhere, '-p -v --parents --verbose --ignore-fail-on-non-empty': flag },
    operands: { rest: 'deletes' },
  }),
  touch: program({
    options: {
      ...everywhere,
      '-a -c -f -h -m --no-create --no-dereference': flag,
      '-A -d --date -t --time': value,
      '-r --reference': reads,
    },
    operands: { rest: 'writes' },
  }),
  rm: program({
    options: {
      ...everywhere,
      '-d -f -i -I -P -v -W -x --dir --force --verbose --one-file-system --no-preserve-root': flag,
      '-r -R --recursive': { takes: 'flag', operands: 'deletesTree' },
      '--interactive --preserve-root': optional,
    },
    operands: { rest: 'deletes' },
  }),
  shred: program({
    options: {
      ...everywhere,
      '-f -v -x -z --force --verbose --exact --zero': flag,
      '-u': { takes: 'flag', operands: 'deletes' },
      '--remove': { takes: 'optional', operands: 'deletes' },
      '-n --iterations -s --size': value,
      '--random-source': reads,
    },
    operands: { rest: 'writes' },
  }),
  truncate: program({
    options: {
      ...everywhere,
      '-c -o --no-create --io-blocks': flag,
      '-r --reference': reads,
      '-s --size': value,
    },
    operands: { rest: 'writes' },
  }),
  tee: program({
    options: { ...everywhere, '-a -i -p --append --ignore-interrupts': flag, '--output-error': optional },
    operands: { rest: 'writes' },
  }),
  dd: programOfWords([
    [/^--(?:help|version)$/, 'data'],
    [/^if=(.+)$/s, 'reads'],
    [/^of=(.+)$/s, 'writes'],
    [/^(?:bs|ibs|obs|cbs|count|skip|iseek|seek|oseek|status|conv|iflag|oflag)=/, 'data'],
  ]),
  chmod: changesRights(),
  chown: changesRights(),
  chgrp: changesRights(),
  chflags: changesRights(),
  setfacl: program({ operands: { rest: 'unlisted' }, ...permissions }),
  sync: program({
    options: { ...everywhere, '-d -f --data --file-system': flag },
    operands: { rest: 'reads' },
  }),
  mktemp: readMktemp,
  patch: program({
    options: {
      ...everywhere,
      '-b -c -e -f -l -n -N -R -s -t -T -u -v -Z --batch --binary --context --dry-run --ed --force --forward':
        flag,
      '--ignore-whitespace --normal --quiet --silent --reverse --unified --verbose -E --remove-empty-files':
        flag,
      '-F --fuzz -p --strip -V --version-control --reject-format --quoting-style --read-only': value,
      '-i --input': reads,
      '-o --output -r --reject-file': writes,
    },
    // Which files it changes stands in the patch: never known, also where one is named.
    operands: { first: ['writes', 'reads'], rest: 'unlisted', none: 'the patch' },
  }),
  dos2unix: convertsInPlace(),
  unix2dos: convertsInPlace(),
};

/** The first operand, a mode or an owner, is data; with `--reference` there is none, and then one file goes unseen. */
function changesRights(): ReturnType<typeof program> {
  return program({
    options: {
      ...everywhere,
      '-c -f -h -v -x -H -L -P --changes --silent --quiet --verbose --dereference --no-dereference': flag,
      '--preserve-root --no-preserve-root': flag,
      '-R --recursive': flag,
      '--from': value,
      '--reference': { takes: 'reads', dropsFirst: true },
    },
    operands: { first: ['data'], rest: 'writes' },
    ...permissions,
  });
}

function convertsInPlace(): ReturnType<typeof program> {
  return program({
    options: {
      ...everywhere,
      '-ascii -iso -7 -b --keep-bom -f --force -k --keepdate -l --newline -m --add-bom -q --quiet -r': flag,
      '--remove-bom -s --safe -v --verbose -F --follow-symlink -S --skip-symlink': flag,
      '-o --oldfile': flag,
      '-O --to-stdout': { takes: 'flag', operands: 'reads' },
      '-i --info': { takes: 'optional', operands: 'reads' },
      '-c --convmode': value,
    },
    operands: { rest: 'writes' },
  });
}

/** A folder whose name begins with a dot brings settings with it, and what `x/.` brings can't be told at all. */
function withHiddenNames(
  reader: (words: readonly Word[]) => ProgramReading,
): (words: readonly Word[]) => ProgramReading {
  return (words) => {
    const reading = reader(words);
    const hidden = reading.touches.find(
      ({ kind, path }) => kind !== 'write' && kind !== 'read' && /(?:^|\/)\.[^/]*\/*$|\/$/.test(path),
    );
    if (hidden === undefined) return reading;
    const why = `what ${JSON.stringify(hidden.path)} brings with it is not known`;
    return { ...reading, unknowns: [...reading.unknowns, { about: 'path', why }] };
  };
}

/** `mktemp -u` only makes a name up. Without a template the file lies in the folder for temporary files. */
function readMktemp(words: readonly Word[]): ProgramReading {
  const values = words.map((word) => (word.kind === 'static' ? word.value : ''));
  if (values.some((option) => /^(?:-[dqut]*u[dqut]*|--dry-run)$/.test(option))) return namesTemporary(words);
  const inFolder = values.some((option) => /^(?:-[dqu]*[pt]|--tmpdir)/.test(option));
  const hasTemplate = values.some((word) => word !== '' && !word.startsWith('-'));
  const reading = makesTemporary(words);
  if (inFolder || hasTemplate) return reading;
  return { ...reading, touches: [...reading.touches, { kind: 'write', path: '/tmp/tmp.XXXXXXXXXX' }] };
}

const temporary = {
  ...everywhere,
  '-d -q -u --directory --quiet --dry-run': flag,
  '--suffix': value,
};
const namesTemporary = program({
  options: { ...temporary, '-p -t': value, '--tmpdir': optional },
  operands: { rest: 'data' },
});
const makesTemporary = program({
  options: { ...temporary, '-p': writes, '-t': flag },
  operands: { rest: 'writes' },
});
