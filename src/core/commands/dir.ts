import { nearest } from '../../util/nearest.ts';
import { code, concat, type RichText } from '../../util/rich-text.ts';
import type { Place } from '../sessions/session-directories.ts';
import { choosePlace, listed, type PlaceQuestion } from './choose-place.ts';
import type { Command, Invocation } from './command.ts';
import { directoriesNamed, directoryLabel, shortNames } from './directory-names.ts';
import { move } from './move.ts';

export const dirCommand: Command = {
  name: 'dir',
  summary: 'Show or switch the directory',
  usage: '[number or name]',
  isAllowedDuringTurn: false,
  run: async (invocation) => {
    const { args, say, services, inbound } = invocation;
    const { approved } = services.directories;
    const session = await services.sessions.open(inbound.chat);
    if (args !== '') {
      const [directory, ...others] = named(approved, args);
      if (directory !== undefined && others.length === 0) await move(invocation, { directory });
      else
        await say(
          concat(notOne(approved, args, others.length > 0), '\n\n', listed(question(invocation, session))),
        );
    } else if (approved.length < 2 && session.workspace === undefined) {
      await say(`Claude works in \`${session.directory}\`, the only approved directory.`);
    } else {
      const place = await choosePlace(invocation, question(invocation, session));
      if (place) await move(invocation, place);
    }
  },
};

/** By path, name, the end of the path, or number in the list. */
function named(directories: readonly string[], wanted: string): readonly string[] {
  const byName = directoriesNamed(directories, wanted);
  const byNumber = /^\d+$/.test(wanted) ? directories[Number(wanted) - 1] : undefined;
  return byName.length === 0 && byNumber !== undefined ? [byNumber] : byName;
}

function notOne(directories: readonly string[], wanted: string, areMany: boolean): RichText {
  if (areMany)
    return concat('More than one approved directory is called “', code(wanted), '”; write more of its path.');
  const meant = nearest(wanted, shortNames(directories));
  const hint = meant === undefined ? [] : [' Did you mean ', code(meant), '?'];
  return concat('No approved directory is called “', code(wanted), '”.', ...hint);
}

function question({ services }: Invocation, here: Place): PlaceQuestion {
  const { approved } = services.directories;
  const names = shortNames(approved);
  const leaving = here.workspace === undefined ? '' : ` (that leaves the workspace “${here.workspace}”)`;
  return {
    heading: `Where is Claude to work${leaving}?`,
    usage: '/dir <number or name>',
    what: 'Directory',
    choices: approved.map((directory, index) => ({
      label: directoryLabel(names[index] ?? directory, index),
      line: code(directory),
      words: directory,
      place: { directory },
      isHere: here.workspace === undefined && here.directory === directory,
    })),
  };
}
