import { nearest } from '../../../util/nearest.ts';
import { bold, code, concat, plain } from '../../../util/rich-text.ts';
import type { NextStep } from '../command.ts';
import { shownName } from '../../ports/git.ts';
import { otherPlaces, type GitPlace } from './git-place.ts';
import type { GitSubcommand, GitTask } from './git-task.ts';
import { listText } from './git-words.ts';

const MOST_SHOWN = 24;

export const repoSubcommand: GitSubcommand = {
  name: 'repo',
  usage: '[name or number]',
  summary: 'which repository /git acts on; go to another one',
  isChanging: false,
  run: async (task) => {
    const { invocation, args, place } = task;
    const session = await invocation.services.sessions.open(invocation.inbound.chat);
    const places = [place, ...(await otherPlaces(invocation, session, place))];
    const names = places.map(({ name }) => name);
    const wanted = /^\d+$/.test(args) ? places[Number(args) - 1] : places.find(({ name }) => name === args);
    if (args === '') return sayPlaces(task, places);
    if (!wanted) {
      const meant = nearest(args, names);
      const hint = meant === undefined ? '' : ` Did you mean ${shownName(meant)}?`;
      await task.offer(
        plain(`No repository here is called “${shownName(args)}”.${hint}`),
        steps(task, places),
      );
      return undefined;
    }
    invocation.services.gitPlaces.choose(session, wanted.directory);
    // It stands in line behind this one.
    task.letOthers();
    return task.stepAt(wanted, '📋 Status', 'status').run(invocation);
  },
};

async function sayPlaces(task: GitTask, places: readonly GitPlace[]): Promise<void> {
  const chosen = task.place;
  const lines = places.map(({ name, repository }, index) =>
    concat(
      `${index + 1}. ${repository.top === chosen.repository.top ? '• ' : ''}`,
      bold(shownName(name)),
      ' ',
      code(shownName(repository.top)),
    ),
  );
  const only = places.length === 1 ? '\nThe only repository here.' : '';
  await task.invocation.offer(
    concat(listText('/git acts on the one with •', lines, MOST_SHOWN), only),
    steps(task, places, chosen),
  );
}

function steps(task: GitTask, places: readonly GitPlace[], chosen?: GitPlace): readonly NextStep[] {
  const others = places.filter(({ repository }) => repository.top !== chosen?.repository.top);
  const each = others.slice(0, MOST_SHOWN).map((place) => ({
    ...task.stepAt(place, `📂 ${shownName(place.name)}`, 'repo', place.name),
  }));
  return [...(chosen ? [task.stepAt(chosen, '📋 Status', 'status')] : []), ...each];
}
