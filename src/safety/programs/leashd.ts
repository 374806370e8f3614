import type { Act, Word } from '../types.ts';
import { wordSet } from '../word-set.ts';
import { program } from './program.ts';
import { each } from './subcommands.ts';
import { withTable } from './subcommand-length.ts';
import { flag, onlyShows, reads, value } from './table.ts';
import type { ProgramReading, Table } from './table.ts';

const NOTHING: ProgramReading = { touches: [], acts: [], unknowns: [] };

/** They say something about the machine, and read nothing out of what leashd keeps. */
const LOOKS = wordSet('status doctor');

const call = {
  '-h --help': onlyShows,
  '--tool --input': value,
  '--jsonl': flag,
  // They only say what a call would mean there.
  '--cwd --home --approved': value,
  '--policy': reads,
};

const readPolicy = program({
  operands: { rest: 'unlisted' },
  subcommands: {
    ...each('check, explain', { options: call, operands: { rest: 'data' } }),
    test: { options: { '-h --help': onlyShows }, operands: { rest: 'reads' } },
  },
});

/**
 * leashd itself. The agent may ask what the policies say and how leashd is used; whether it runs and is well, when the
 * person agrees. To start, stop, set up or read what it keeps is the person's alone, and so is every command to come.
 */
export function leashd(words: readonly Word[]): ProgramReading {
  const texts = words.map((word) => (word.kind === 'static' ? word.value : ''));
  const [first = '', second = ''] = texts;
  if (showsHelp(texts)) return NOTHING;
  if (first === 'policy' && /^(?:check|explain|test)$/.test(second)) return readPolicy(words.slice(1));
  if (LOOKS.has(first) && texts.slice(1).every((text) => text === '--json')) {
    return { ...NOTHING, unknowns: [{ about: 'option', why: `leashd ${first} looks at leashd itself` }] };
  }
  return { ...NOTHING, acts: ['use-leashd'] };
}

function showsHelp(texts: readonly string[]): boolean {
  if (texts.length === 1 && /^(?:-v|--version|-h|--help|help)$/.test(texts[0] ?? '')) return true;
  const isPlain = (text: string): boolean => /^[a-z]+$/.test(text);
  if (texts[0] === 'help') return texts.every((text) => isPlain(text));
  return (
    texts.length > 1 &&
    texts.length < 4 &&
    /^(?:-h|--help)$/.test(texts.at(-1) ?? '') &&
    texts.slice(0, -1).every((text) => isPlain(text))
  );
}

/** What a program does to a service or a process of a name, when that name is leashd's: it works leashd. */
export function orLeashd(
  read: (words: readonly Word[]) => ProgramReading,
  names: (text: string) => boolean,
  table?: Table,
): (words: readonly Word[]) => ProgramReading {
  const orOwn = (words: readonly Word[]): ProgramReading => {
    const reading = read(words);
    const changes = reading.unknowns.length > 0 || reading.acts.some((act) => CHANGING.has(act));
    const isOwn = words.some(
      (word) => word.kind === 'static' && !word.value.startsWith('-') && names(word.value),
    );
    return changes && isOwn ? { ...reading, acts: [...reading.acts, 'use-leashd'] } : reading;
  };
  return table === undefined ? orOwn : withTable(orOwn, table);
}

const CHANGING: ReadonlySet<Act> = new Set(['change-system', 'persist', 'kill']);

/** `leashd.service`, `gui/501/…leashd`, and a pattern that takes it in: `leash*`. */
export function isOwnService(text: string): boolean {
  const pattern = text.search(/[*?[]/);
  return /leashd/i.test(text) || (pattern >= 0 && 'leashd'.startsWith(text.slice(0, pattern)));
}

/** `leashd` as the whole of a process's name or pattern: a longer one may mean something of the person's. */
export function isOwnProcess(text: string): boolean {
  return /^\W*leashd\W*$/i.test(text);
}
