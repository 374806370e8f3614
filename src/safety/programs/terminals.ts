import type { Word } from '../types.ts';
import { wordSet } from '../word-set.ts';
import { checked } from './checked.ts';
import { program } from './program.ts';
import { each } from './subcommands.ts';
import { flag, onlyShows, reads, value } from './table.ts';
import type { ProgramReading, Table } from './table.ts';

const data: Table['operands'] = { rest: 'data' };
const none: Table['operands'] = { rest: 'unlisted' };

/** tmux(1): what looks. Most of the rest runs programs, or types into one that runs. */
const tmux: Table = {
  options: { '-V': onlyShows, '-2 -u -q': flag, '-L': value },
  operands: none,
  subcommands: {
    ...each('ls, list-sessions, lsw, list-windows, lsp, list-panes, lsc, list-clients, lsb, list-buffers', {
      options: { '-a -s -r': flag, '-t': value },
      operands: none,
    }),
    ...each('lsk, list-keys, lscm, list-commands, has, has-session, info, server-info', {
      options: { '-t -T': value },
      operands: data,
    }),
    ...each('show, show-options, showw, show-window-options', {
      options: { '-g -s -v -w -q -A -H': flag, '-t': value },
      operands: data,
    }),
    ...each('capturep, capture-pane', {
      options: { '-p -a -e -J -N -q -C': flag, '-t -S -E': value },
      operands: none,
    }),
    ...each('kill-session, kill-window, kill-pane, kill-server', {
      options: { '-a': flag, '-t': value },
      operands: none,
      acts: ['kill'],
    }),
  },
};

const EDITORS = wordSet(`
  vi vim nvim view vimdiff nano pico emacs emacsclient ed ex joe micro helix hx kak code code-insiders codium cursor
  subl zed atom gedit kate idea pycharm webstorm open xdg-open gio
`);

/** Editors wait for a person, and can run programs; what opens a file runs whichever program is set for it. */
function editor(name: string): (words: readonly Word[]) => ProgramReading {
  return (words) => {
    const texts = words.map((word) => (word.kind === 'static' ? word.value : ''));
    if (texts.length === 1 && /^(?:--version|--help)$/.test(texts[0] ?? '')) return NOTHING;
    const why = `${name} opens a program that waits for a person, and can run others`;
    return { touches: [], acts: [], unknowns: [{ about: 'program', why }] };
  };
}

const NOTHING: ProgramReading = { touches: [], acts: [], unknowns: [] };

export const terminals = {
  ...Object.fromEntries([...EDITORS].map((name) => [name, editor(name)])),
  // One that ends in a semicolon begins another command of tmux, and that could run anything.
  tmux: checked(tmux, (words) =>
    words.some((word) => word.endsWith(';')) ? 'it gives tmux several commands' : undefined,
  ),
  screen: program({
    options: { '-ls -list': { takes: 'flag', operands: 'data' }, '-v --version': onlyShows },
    operands: none,
  }),
  xclip: program({
    options: { '-o -out -f -filter -i -in': flag, '-selection -sel -t': value, '-version': onlyShows },
    operands: { rest: 'reads' },
    acts: ['change-system'],
  }),
  xsel: program({
    options: { '-b -p -s -o -i -a -c': flag, '--version --help': onlyShows },
    operands: none,
    acts: ['change-system'],
  }),
  stty: program({
    options: { '-a -g --all --save': flag, '--help --version': onlyShows, '-F --file': reads },
    operands: { rest: 'data' },
  }),
  clear: program({ options: { '-x -V': flag, '-T': value }, operands: none }),
};
