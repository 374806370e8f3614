import { findProjects, type FoundProject } from '../../app/init/find-projects.ts';
import { packageRoot } from '../../app/version.ts';
import { settingTable } from '../../config/settings.ts';
import { shortPath } from '../../config/origin.ts';
import { PersonError } from '../../errors.ts';
import type { Choice } from './ask.ts';
import type { Session } from './session.ts';

const ANOTHER = '+';
/** More would not fit on a small screen. */
const MOST_OFFERED = 8;

/** The directories that Claude may work in; undefined: as they are. */
export async function directoriesStep(session: Session): Promise<readonly string[] | undefined> {
  const { flags, ask, topics } = session;
  if (flags.directories.length > 0) {
    const read = resolved(flags.directories, session);
    if ('value' in read) return read.value;
    throw new PersonError(
      'DIRECTORY_INVALID',
      read.problems.map((problem) => `--directory: ${problem}`).join('\n'),
    );
  }
  if (!topics.has('directories')) return undefined;
  const { settings } = session.current.loaded;
  if (ask !== undefined) return askFor(session);
  if (settings.approvedDirectories.length > 0) return settings.approvedDirectories;
  const [first] = await projectsNear(session);
  if (first !== undefined) return [first.path];
  throw new PersonError('NO_PROJECT_FOUND', 'no git project was found near by', {
    hint: 'Name one with --directory /path/to/your/project',
  });
}

function projectsNear({ current, clock }: Session): Promise<readonly FoundProject[]> {
  return findProjects({ ...current.place, except: packageRoot, clock });
}

function resolved(
  given: readonly string[],
  { current }: Session,
): { readonly value: readonly string[] } | { readonly problems: readonly string[] } {
  // The table says what it takes.
  return (
    settingTable.approvedDirectories.resolve?.(given, current.place, { kind: 'default' }) ?? { value: given }
  );
}

async function askFor(session: Session): Promise<readonly string[]> {
  const { ask, current, voice, clock } = session;
  if (ask === undefined) return [];
  const set = current.loaded.settings.approvedDirectories;
  const found = (await projectsNear(session))
    .filter(({ path }) => !set.includes(path))
    .slice(0, MOST_OFFERED);
  const first = set.length > 0 ? set : found.slice(0, 1).map(({ path }) => path);
  const show = (path: string): string => shortPath(path, { ...current.place, startDirectory: '/nowhere' });
  const choices: Choice<string>[] = [
    ...set.map((path) => ({ value: path, label: show(path), hint: 'set now' })),
    ...found.map(({ path, usedAt }) => ({ value: path, label: show(path), hint: ago(clock.now() - usedAt) })),
    { value: ANOTHER, label: 'Another one …' },
  ];
  const typed: string[] = [];
  const isTyping = choices.length === 1;
  const chosen = isTyping
    ? [ANOTHER]
    : await ask.many('Which directories may Claude work in?', choices, first, true);
  let wantsMore = chosen.includes(ANOTHER);
  while (wantsMore) {
    const given = await ask.text('Path of the directory (~ is your home)', (text) =>
      problemWith(text, session),
    );
    typed.push(given);
    wantsMore = await ask.yes('Another one?', false);
  }
  const read = resolved([...chosen.filter((path) => path !== ANOTHER), ...typed], session);
  if ('value' in read) return read.value;
  // It was there a moment ago.
  voice.warn(read.problems.join('\n'));
  return askFor(session);
}

function problemWith(text: string, session: Session): string | undefined {
  if (text === '') return 'Type a path, such as ~/code/shop';
  const read = resolved([text], session);
  return 'problems' in read ? read.problems.join('; ') : undefined;
}

const DAY_MS = 86_400_000;

function ago(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  if (days < 1) return 'used today';
  if (days < 2) return 'used yesterday';
  return days < 60 ? `used ${days} days ago` : `used ${Math.floor(days / 30)} months ago`;
}
