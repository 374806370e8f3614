import type { Word } from '../types.ts';
import { program } from './program.ts';
import { flag, optional, reads, value } from './table.ts';

const everywhere = { '--help --version': flag };

/** Programs that say something about the machine, the time and the person, and those that do nothing. */
export const machine = {
  true: program({ operands: { rest: 'data' } }),
  false: program({ operands: { rest: 'data' } }),
  pwd: program({
    options: { ...everywhere, '-L -P --logical --physical': flag },
    operands: { rest: 'data' },
  }),
  sleep: program({ options: everywhere, operands: { rest: 'data' } }),
  whoami: program({ options: everywhere, operands: { rest: 'unlisted' } }),
  id: program({
    options: { ...everywhere, '-g -G -n -r -u -z --group --groups --name --real --user --zero': flag },
    operands: { rest: 'data' },
  }),
  uname: program({
    options: {
      ...everywhere,
      '-a -i -m -n -o -p -r -s -v --all --kernel-name --nodename --kernel-release --kernel-version': flag,
      '--machine --processor --hardware-platform --operating-system': flag,
    },
    operands: { rest: 'unlisted' },
  }),
  which: program({ options: { ...everywhere, '-a -s --all': flag }, operands: { rest: 'data' } }),
  type: program({ options: { '-a -f -p -P -t': flag }, operands: { rest: 'data' } }),
  nproc: program({
    options: { ...everywhere, '--all': flag, '--ignore': value },
    operands: { rest: 'unlisted' },
  }),
  date: (words: readonly Word[]) => setsOrShows(words.filter((word) => !isForm(word))),
};

const setsOrShows = program({
  options: {
    ...everywhere,
    '-j -n -R -u --rfc-email --utc --universal --debug': flag,
    '-I --iso-8601': optional,
    '-d --date --rfc-3339 -v': value,
    '-r --reference': reads,
  },
  operands: { rest: 'unlisted' },
});

/** `+%Y-%m-%d` says how to show the time; any other operand would set the clock. */
function isForm(word: Word): boolean {
  return word.kind === 'static' && word.value.startsWith('+');
}
