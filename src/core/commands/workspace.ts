import { nearest } from '../../util/nearest.ts';
import { bold, code, concat, join, type RichText } from '../../util/rich-text.ts';
import type { Workspace } from '../ports/workspace.ts';
import type { Place, SessionDirectories } from '../sessions/session-directories.ts';
import { choosePlace, listed, type PlaceChoice, type PlaceQuestion } from './choose-place.ts';
import type { Command } from './command.ts';
import { move } from './move.ts';
import { clip } from '../../util/clip.ts';

/** Leaves the workspace; no workspace is called that. */
const NONE = 'none';

export const workspaceCommand: Command = {
  name: 'workspace',
  aliases: ['ws'],
  summary: 'Work in several directories at once',
  usage: '[name, number or none]',
  isAllowedDuringTurn: false,
  run: async (invocation) => {
    const { args, say, services, inbound } = invocation;
    const { directories } = services;
    const session = await services.sessions.open(inbound.chat);
    if (directories.workspaces.length === 0) {
      await say(
        'There are no workspaces. Put them down in `workspaces.yaml`, beside leashd’s `config.yaml`, and start leashd again.',
      );
      return;
    }
    const question = questionOf(directories, session);
    const place =
      args === '' ? await choosePlace(invocation, question) : placeNamed(directories, session, args);
    if (place) await move(invocation, place);
    else if (args !== '') await say(concat(unknown(directories.workspaces, args), '\n\n', listed(question)));
  },
};

function placeNamed(directories: SessionDirectories, here: Place, args: string): Place | undefined {
  const wanted = args.toLowerCase();
  const byNumber = /^\d+$/.test(wanted) ? directories.workspaces[Number(wanted) - 1] : undefined;
  const workspace = directories.workspace(wanted) ?? byNumber;
  if (workspace) return directories.placeOf(workspace);
  return wanted === NONE ? directories.outside(here) : undefined;
}

function unknown(workspaces: readonly Workspace[], wanted: string): RichText {
  const meant = nearest(
    wanted,
    workspaces.map(({ name }) => name),
  );
  const hint = meant === undefined ? [] : [' Did you mean ', code(meant), '?'];
  return concat('No workspace is called “', code(clip(wanted)), '”.', ...hint);
}

function questionOf(directories: SessionDirectories, here: Place): PlaceQuestion {
  const outside = directories.outside(here);
  const none: PlaceChoice = {
    label: 'No workspace',
    line: concat('no workspace: ', code(outside.directory), ', and all that is approved'),
    words: `none, ${outside.directory}`,
    place: outside,
    isHere: here.workspace === undefined,
  };
  const each = directories.workspaces.map((workspace) => choiceOf(workspace, directories, here));
  return {
    heading: 'In which workspace is Claude to work?',
    usage: `/workspace <name, number or ${NONE}>`,
    what: 'Workspace',
    // Last: numbers are those of the workspaces, as they stand in the file.
    choices: [...each, none],
  };
}

function choiceOf(workspace: Workspace, directories: SessionDirectories, here: Place): PlaceChoice {
  const { name, description } = workspace;
  const paths = workspace.directories.map((path) => code(path));
  const about = description === undefined ? '' : ` – ${clip(description)}`;
  return {
    label: name,
    line: concat(bold(name), `${about}: `, join(paths, ', ')),
    words: name,
    place: directories.placeOf(workspace),
    isHere: here.workspace === name,
  };
}
