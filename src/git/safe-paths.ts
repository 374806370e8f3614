import { realpath } from 'node:fs/promises';
import { isAbsolute, join, posix, relative, sep } from 'node:path';
import type { Refused } from '../core/ports/git-data.ts';
import { encodeName } from './names.ts';
import { refuse } from './refusals.ts';

/** Whether `path` is `directory` or lies in it. Both absolute and without `..`. */
export function isInside(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

const HINT = 'Name a file or a folder of this repository, as the status shows it.';

/** A path as somebody typed it or as a listing gave it → relative to `top`, without `./`; `.` is the top itself. */
export async function safePath(top: string, path: string): Promise<string | Refused> {
  if (path === '') return refuse('bad-name', 'A path is needed, and there is none.', HINT);
  if (path.startsWith('-'))
    return refuse('bad-name', 'A path may not begin with "-".', 'Write ./ in front of it.');
  if (path.includes('\0') || encodeName(path) === undefined)
    return refuse('bad-name', 'The path has characters that no path has.', HINT);
  const within = isAbsolute(path) ? relative(top, path) : path;
  const steps = within.split(/\/+/).filter((step) => step !== '.' && step !== '');
  if (isAbsolute(within) || steps.includes('..'))
    return refuse('bad-name', 'The path leads out of the repository.', HINT);
  if (steps.some((step) => step.toLowerCase() === '.git'))
    return refuse('bad-name', 'The path leads into the folder where git keeps its data.', HINT);
  if (!(await isReal(top, steps.slice(0, -1))))
    return refuse('bad-name', 'The path goes through a symbolic link.', HINT);
  return steps.length === 0 ? '.' : posix.join(...steps);
}

/** Whether the folder, as far as it exists, is where it says it is. */
async function isReal(top: string, steps: readonly string[]): Promise<boolean> {
  for (let count = steps.length; count > 0; count -= 1) {
    const folder = join(top, ...steps.slice(0, count));
    const bytes = encodeName(folder);
    if (bytes === undefined) return false;
    try {
      const real = await realpath(bytes, { encoding: 'buffer' });
      return real.equals(bytes);
    } catch {
      // Deleted, or never there: what is above it decides.
    }
  }
  return true;
}

/** Undefined where a name may stand on git's command line, else why not. `what`: "branch", "remote". */
export function refuseName(name: string, what: string): Refused | undefined {
  const hint = `Choose a ${what} from the list.`;
  if (name === '') return refuse('bad-name', `A ${what} is needed, and there is none.`, hint);
  if (name.startsWith('-')) return refuse('bad-name', `A ${what} may not begin with "-".`, hint);
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|^\/|\/$|\.lock$|^@$/.test(name))
    return refuse('bad-name', `No ${what} can be called so.`, hint);
  // What git printed was no UTF-8, and can't be given back to it as an argument.
  if (!name.isWellFormed() || name.includes('\ufffd'))
    return refuse(
      'bad-name',
      `The ${what}'s name is not written in UTF-8.`,
      `Rename the ${what} at the desk.`,
    );
  return undefined;
}

const SINGLE = /^(?!-)[^\s\0:?*[\\]+$/;

/** A commit or a range (`main..feature`, `HEAD~3`), as far as it has the form of one. */
export function refuseRange(range: string): Refused | undefined {
  if (SINGLE.test(range) && range.isWellFormed() && !range.includes('\ufffd')) return undefined;
  return refuse(
    'bad-name',
    'That is no commit and no range.',
    'Write a branch, a commit, or two of them as main..feature.',
  );
}
