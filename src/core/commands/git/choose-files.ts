import { formatCount } from '../../../util/figures.ts';
import { concat, type RichText } from '../../../util/rich-text.ts';
import type { Person } from '../../ports/chat.ts';
import type { GitTask } from './git-task.ts';
import { listText, pathLabel } from './git-words.ts';

/** One file's line in the list, and what it is called. */
export type FileChoice = { readonly path: string; readonly line: RichText };

export type FilesChosen = { readonly paths: readonly string[]; readonly by: Person };

/** As many have a button. */
const MOST_SHOWN = 30;

/** Files to be ticked; undefined where nobody did, or nobody can tap: then they are listed. */
export async function chooseFiles(
  task: GitTask,
  files: readonly FileChoice[],
  { what, done, usage }: { readonly what: string; readonly done: string; readonly usage: string },
): Promise<FilesChosen | undefined> {
  const shown = files.slice(0, MOST_SHOWN);
  const lines = shown.map(({ line }, index) => concat(`${index + 1}. `, line));
  const rest = files.length > shown.length ? `\n… and ${files.length - shown.length} more: ${usage}` : '';
  const body = concat(listText(what, lines, MOST_SHOWN), rest);
  const { services, inbound } = task.invocation;
  if (!services.prompts.canAsk(inbound.chat)) {
    await task.offer(concat(body, `\n\nIn words: ${usage}`), []);
    return undefined;
  }
  const answer = await task.ask({
    body,
    choices: shown.map(({ path }, index) => ({
      id: `f${index}`,
      key: String(index + 1),
      label: `${index + 1}. ${pathLabel(path)}`,
    })),
    isMultiple: true,
    outcome: (given) =>
      given.kind === 'choice' && given.picked !== undefined && given.picked.length > 0
        ? `${given.by.name}: ${done} ${formatCount(given.picked.length, 'file')}`
        : 'This list is closed; nothing was changed.',
  });
  if (answer.kind !== 'choice') return undefined;
  const paths = (answer.picked ?? []).flatMap((id) => shown[Number(id.slice(1))]?.path ?? []);
  return paths.length === 0 ? undefined : { paths, by: answer.by };
}
