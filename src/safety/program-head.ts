import { subcommandLength } from './programs/subcommand-length.ts';
import { readerOf } from './programs/registry.ts';
import { programName } from './shell/normal-form.ts';
import type { SimpleCommand, Word } from './types.ts';

/** Subcommands of git that are what they are called, whatever their other words say, as far as their acts don't tell. */
const GIT = new Set(
  'add commit stash merge cherry-pick revert switch checkout branch tag mv push'.split(' '),
);

/** Programs without subcommands, whose options are read by more than a table. */
const ONE_WORD = new Set('curl wget sed awk grep rg sort jq yq'.split(' '));

/** `git push` with these is still a push to the remote that comes next. */
const PUSH_FLAGS = new Set('-u --set-upstream -q --quiet -v --verbose --follow-tags --progress'.split(' '));

/**
 * The first words of a command that say what kind of command it is: `git commit`, `git push origin`, `gh pr view`,
 * `mkdir`. Undefined where they can't be told, or the rest of the words could make anything of it.
 */
export function headOf({ argv }: SimpleCommand): readonly string[] | undefined {
  const [program, ...words] = argv;
  if (program?.kind !== 'static') return undefined;
  const name = programName(program.value);
  if (name.includes('/')) return undefined;
  if (name === 'git') return gitHead(words);
  if (ONE_WORD.has(name)) return [name];
  const reader = readerOf(name);
  if (reader === undefined) return undefined;
  const length = subcommandLength(reader, words);
  if (length === undefined) return undefined;
  return [name, ...words.slice(0, length).map((word) => textOf(word))];
}

function gitHead(words: readonly Word[]): readonly string[] | undefined {
  const texts = words.map((word) => textOf(word));
  const [subcommand = ''] = texts;
  if (!GIT.has(subcommand)) return undefined;
  if (subcommand !== 'push') return ['git', subcommand];
  const remote = texts.findIndex((text, index) => index > 0 && !PUSH_FLAGS.has(text));
  const name = texts[remote];
  // A name such as `origin`; addresses, options and words that can't be known are not for remembering.
  if (name === undefined || !/^[A-Za-z0-9][\w.-]*$/.test(name)) return undefined;
  return ['git', ...texts.slice(0, remote + 1)];
}

function textOf(word: Word): string {
  return word.kind === 'static' ? word.value : '';
}
