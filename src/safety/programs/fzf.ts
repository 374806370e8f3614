import type { Word } from '../types.ts';
import { program } from './program.ts';
import { flag, onlyShows, optional, value, writes } from './table.ts';
import type { ProgramReading, Table } from './table.ts';

/** fzf(1): picks lines. A preview is a text for a shell; what opens a port or asks tmux is left out. */
const table: Table = {
  options: {
    '-h --help --man --version --bash --zsh --fish': onlyShows,
    '-e --exact -i --ignore-case --no-ignore-case --smart-case --literal -x --extended --no-extended': flag,
    '--no-sort --disabled --read0 --print0 --ansi --sync --no-color --no-bold --no-mouse --print-query': flag,
    '--highlight-line --cycle --wrap --no-wrap --no-multi-line --raw --track --tac --keep-right': flag,
    '--no-hscroll -1 --select-1 -0 --exit-0 --header-first --reverse --no-unicode --no-clear --no-info': flag,
    '--no-tty-default --no-separator --no-scrollbar --filepath-word --no-input --multi-line': flag,
    '-m --multi --no-multi --border --header-border --footer-border --gap --color --preview-border': optional,
    '--list-border --input-border --scrollbar': optional,
    '--scheme --algo -n --nth --with-nth --accept-nth -d --delimiter --tail --tiebreak --style --height':
      value,
    '--min-height --layout --margin --padding --border-label --border-label-pos --scroll-off --hscroll-off':
      value,
    '--pointer --marker --prompt --info --separator --ellipsis --tabstop --jump-labels --history-size': value,
    '-q --query -f --filter --expect --header --header-lines --footer --ghost --preview-window': value,
    '--preview-label --preview-label-pos --walker --walker-skip --bind --no-hscroll-off': value,
    '--walker-root': { takes: 'listsTree' },
    '--history': writes,
    '--preview': { takes: 'script' },
  },
  operands: { rest: 'unlisted' },
};
const readTable = program(table);

/** Actions of `--bind` that run a text in a shell: `enter:execute(…)`, `ctrl-r:reload:…`. */
const RUNS =
  /(?:^|[:,+])\s*(?:bg-)?(?:execute|become|reload|transform|change-preview|preview)(?:-[a-z-]+)?\s*[^\w\s,+-]/;

function fzf(words: readonly Word[]): ProgramReading {
  // `+i`, `+x`, `+s` turn off what `-i`, `-x`, `-s` turn on.
  const rest = words.filter((word) => !(word.kind === 'static' && /^\+[a-z]$/.test(word.value)));
  const reading = readTable(rest);
  const runs = words.find((word) => word.kind === 'static' && RUNS.test(word.value.replace(/^--bind=/, '')));
  if (runs === undefined) return reading;
  const isBinding = words.some((word) => word.kind === 'static' && word.value.startsWith('--bind'));
  if (!isBinding) return reading;
  const why = `${runs.text} runs a command`;
  return { ...reading, unknowns: [...reading.unknowns, { about: 'option', why }] };
}

export const pickers = { fzf };
