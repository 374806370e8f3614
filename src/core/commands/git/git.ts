import { nearest } from '../../../util/nearest.ts';
import { code, concat, join, type RichText } from '../../../util/rich-text.ts';
import { shownName } from '../../ports/git.ts';
import type { Command, Invocation } from '../command.ts';
import { clip } from '../../../util/clip.ts';
import { GIT_SUBCOMMANDS } from './all-git.ts';
import type { GitSubcommand } from './git-task.ts';
import { runGit } from './run-git.ts';
import { statusSubcommand } from './status.ts';

export const gitCommand: Command = {
  name: 'git',
  summary: 'Status, diff, commit, push …: git with buttons',
  usage: '[what]',
  // Looking is; each subcommand says for itself.
  isAllowedDuringTurn: true,
  run: async (invocation) => {
    const { args } = invocation;
    if (args === '') {
      await runGit(invocation, { subcommand: statusSubcommand, args: '', subcommands: GIT_SUBCOMMANDS });
      return;
    }
    const meant = subcommandIn(args);
    if (meant) await runGit(invocation, { ...meant, subcommands: GIT_SUBCOMMANDS });
    else await sayUnknown(invocation);
  },
};

/** The longest name that `args` begins with, and what comes behind it. */
function subcommandIn(
  args: string,
): { readonly subcommand: GitSubcommand; readonly args: string } | undefined {
  const named = GIT_SUBCOMMANDS.flatMap((subcommand) =>
    [subcommand.name, ...(subcommand.aliases ?? [])].map((name) => ({ subcommand, name })),
  ).sort((one, other) => other.name.length - one.name.length);
  for (const { subcommand, name } of named) {
    const rest = restBehind(name, args);
    if (rest !== undefined) return { subcommand, args: rest };
  }
  return undefined;
}

function restBehind(name: string, args: string): string | undefined {
  const words = name.split(' ').map((word) => word.replaceAll('-', String.raw`\-`));
  const [, rest] = new RegExp(`^${words.join(String.raw`\s+`)}(?:\\s+([^]*))?$`, 'i').exec(args) ?? [
    undefined,
    null,
  ];
  return rest === null ? undefined : (rest ?? '').trim();
}

async function sayUnknown({ args, offer, say }: Invocation): Promise<void> {
  const [word = ''] = args.split(/\s/, 1);
  if (word.toLowerCase() === 'help') {
    await say(listText());
    return;
  }
  const names = GIT_SUBCOMMANDS.flatMap(({ name, aliases = [] }) => [name, ...aliases]).filter(
    (name) => !name.includes(' '),
  );
  const meant = nearest(word, names);
  const unknown = concat('There is no /git ', code(clip(shownName(word), 40)), '.');
  const rest = meant === undefined ? undefined : subcommandIn(`${meant} ${args.slice(word.length)}`);
  if (!rest || meant === undefined) {
    await say(concat(unknown, '\n\n', listText()));
    return;
  }
  const behind = args.slice(word.length).trim();
  const typed = `/git ${meant}${behind === '' ? '' : ` ${shownName(behind)}`}`;
  await offer(concat(unknown, ` Did you mean /git ${meant}? /git help lists all of it.`), [
    {
      label: clip(typed, 40),
      typed,
      isReading: !rest.subcommand.isChanging,
      run: (invocation) => runGit(invocation, { ...rest, subcommands: GIT_SUBCOMMANDS }),
    },
  ]);
}

function listText(): RichText {
  const lines = GIT_SUBCOMMANDS.map(({ name, usage, summary }) =>
    concat(code(`/git ${name}${usage === undefined ? '' : ` ${usage}`}`), ` – ${summary}`),
  );
  return join(lines, '\n');
}
