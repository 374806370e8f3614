import { createHash } from 'node:crypto';
import type { DiffOptions, Done, FileStat, GitDiff, Refused, StagedDiff } from '../core/ports/git-data.ts';
import { parseDiffStats } from './parse-diff.ts';
import { isRefused, refuse } from './refusals.ts';
import { withoutClosed } from './closed-files.ts';
import { safePath } from './safe-paths.ts';
import type { Work } from './work.ts';

const MAX_BYTES = 200_000;

/** No program of the repository's, and the same output whatever its settings say. */
export const DIFF_OPTIONS: readonly string[] = [
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--no-relative',
  '--find-renames',
  '--submodule=short',
  '--ignore-submodules=dirty',
];
const TEXT_OPTIONS = ['--unified=3', '--src-prefix=a/', '--dst-prefix=b/'];

export async function diff(work: Work, options: DiffOptions = {}): Promise<Done<GitDiff> | Refused> {
  const path = options.path === undefined ? undefined : await safePath(work.top, options.path);
  if (isRefused(path)) return path;
  if (path?.isWellFormed() === false)
    return refuse('bad-name', "The file's name is not written in UTF-8.", 'See the diff of its folder.');
  return { kind: 'done', ...(await readDiff(work, { ...options, path })) };
}

async function readDiff(work: Work, { staged, path, maxBytes }: DiffOptions): Promise<GitDiff> {
  const which = [...(staged === true ? ['--cached'] : []), '--', ...(path === undefined ? [] : [path])];
  const literal = ['--literal-pathspecs', '-c', 'core.quotePath=false', 'diff', ...DIFF_OPTIONS];
  const [files, { text, isCut }] = await Promise.all([
    readStats(work, ['--literal-pathspecs', 'diff'], which),
    work.readPart([...literal, ...TEXT_OPTIONS, ...which], { maxBytes: maxBytes ?? MAX_BYTES }),
  ]);
  return { text: withoutClosed(text, work), isCut, files };
}

/** `what`: what `git diff` compares. */
export async function statsOf(work: Work, what: readonly string[]): Promise<FileStat[]> {
  return readStats(work, ['diff'], what);
}

async function readStats(
  work: Work,
  command: readonly string[],
  what: readonly string[],
): Promise<FileStat[]> {
  const { text } = await work.readPart([...command, '--raw', '--numstat', ...DIFF_OPTIONS, ...what]);
  return parseDiffStats(text);
}

export async function stagedDiff(
  work: Work,
  options: { readonly maxBytes?: number | undefined } = {},
): Promise<Done<StagedDiff> | Refused> {
  const [fingerprint, found] = await Promise.all([
    fingerprintOf(work),
    readDiff(work, { staged: true, maxBytes: options.maxBytes }),
  ]);
  if (found.files.length === 0) return refuse('nothing-to-do', 'Nothing is staged.', 'Stage changes first.');
  return { kind: 'done', ...found, fingerprint };
}

/** Of what is staged: modes, contents and names, and of the commit it is compared with. */
export async function fingerprintOf(work: Work): Promise<string> {
  const raw = ['diff', '--cached', '--raw', '--no-abbrev', '--no-renames', '--no-ext-diff', '--no-textconv'];
  const staged = await work.read([...raw, '--ignore-submodules=dirty', '--'], { maxBytes: 64 * 1024 * 1024 });
  const head = await work.tryRead(['rev-parse', '--verify', '--quiet', 'HEAD']);
  return createHash('sha256').update(`${head.stdout}\n${staged}`).digest('base64url');
}
