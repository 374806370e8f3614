import { basename } from 'node:path';
import type { Git, Repository } from '../../ports/git.ts';
import type { Refused } from '../../ports/git-data.ts';
import type { Session } from '../../ports/store.ts';
import { shortNames } from '../directory-names.ts';
import type { CommandServices, Invocation } from '../command.ts';

/** A repository by its name here. */
export type GitPlace = {
  /** The directory of the chat's that it was found from. */
  readonly directory: string;
  readonly name: string;
  readonly repository: Repository;
};

export type PlaceFound =
  | { readonly kind: 'found'; readonly place: GitPlace }
  | { readonly kind: 'none'; readonly directory: string }
  | Refused;

export type PlaceSearch = {
  readonly git: Git;
  /** All that the chat may touch. */
  readonly directories: readonly string[];
  /** Ends what git is at. */
  readonly signal?: AbortSignal | undefined;
};

/** What the repository there is called, and whether there is one that may be used. */
export async function placeAt(
  { git, directories, signal }: PlaceSearch,
  directory: string,
): Promise<PlaceFound> {
  if (!directories.includes(directory)) return leftBehind(directory);
  const found = await git.findRepository(directory, { allowed: directories, signal });
  if (found.kind === 'none') return { kind: 'none', directory };
  if (found.kind === 'refused') return found;
  const { repository } = found;
  return { kind: 'found', place: { directory, name: nameOf(repository.top, directories), repository } };
}

/** The repositories of the chat's other directories, each once, in their order. */
export async function otherPlaces(
  { services }: Invocation,
  session: Session,
  than: GitPlace | undefined,
): Promise<readonly GitPlace[]> {
  const { git, gitPlaces } = services;
  const directories = directoriesOf(services, session);
  if (!git || directories.length < 2) return [];
  const found = await Promise.all(
    directories.map(async (directory) => {
      try {
        return await placeAt({ git, directories, signal: gitPlaces.stopping }, directory);
      } catch {
        // One that can't be read is none to offer.
        return undefined;
      }
    }),
  );
  const tops = new Set(than === undefined ? [] : [than.repository.top]);
  return found.flatMap((each) => {
    if (each?.kind !== 'found' || tops.has(each.place.repository.top)) return [];
    tops.add(each.place.repository.top);
    return [each.place];
  });
}

/** All that the chat may touch. */
export function directoriesOf(
  { directories }: Pick<CommandServices, 'directories'>,
  session: Session,
): readonly string[] {
  return directories.of(session) ?? [];
}

/** As /dir calls it, where it is one of the directories; else its folder's name. */
function nameOf(top: string, directories: readonly string[]): string {
  const index = directories.indexOf(top);
  return shortNames(directories)[index] ?? basename(top);
}

function leftBehind(directory: string): Refused {
  return {
    kind: 'refused',
    cause: 'outside',
    reason: `${directory} is no directory of this chat's any more.`,
    hint: '/git shows the repository it is in now.',
  };
}
