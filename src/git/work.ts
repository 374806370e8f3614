import { MachineError } from '../errors.ts';
import type { Refused } from '../core/ports/git-data.ts';
import type { RunResult } from '../process/run.ts';
import { cleanWords } from './clean-words.ts';
import { locate, type Place } from './locate.ts';
import {
  connectionProgram,
  filterNames,
  isOwn,
  parseConfig,
  settingOf,
  type Setting,
} from './parse-config.ts';
import { isRefused, refuse, wordsOf } from './refusals.ts';
import type { Access, RunGit } from './run-git.ts';

type ReadOptions = { readonly input?: string; readonly maxBytes?: number };

type Part = { readonly text: string; readonly isCut: boolean };

/** One operation in one repository: git with what that operation may do. */
export type Work = Place & {
  readonly settings: readonly Setting[];
  /** Whether what stands in the file of that absolute path is to be shown to nobody. */
  readonly isClosed: (path: string) => boolean;
  /** Stdout of a command that must succeed; throws MachineError `GIT_FAILED` when it does not. */
  readonly read: (args: readonly string[], options?: ReadOptions) => Promise<string>;
  /** As much of it as fits: whole lines. */
  readonly readPart: (args: readonly string[], options?: ReadOptions) => Promise<Part>;
  readonly tryRead: (args: readonly string[], options?: ReadOptions) => Promise<RunResult>;
  readonly change: (args: readonly string[], input?: string) => Promise<RunResult>;
  /** Refused when the repository's own settings would run a program. */
  readonly connect: (args: readonly string[]) => Promise<RunResult | Refused>;
};

export type WorkOptions = {
  readonly git: RunGit;
  readonly place: Place;
  readonly signal?: AbortSignal | undefined;
  /** Left out: everything may be shown. */
  readonly isClosed?: ((path: string) => boolean) | undefined;
};

/** Looks whether the repository is still where and what it was, and what its settings would have git do. */
export async function openWork({ git, place, signal, isClosed }: WorkOptions): Promise<Work | Refused> {
  const bare: Access = { kind: 'read', filters: [] };
  const [now, listed] = await Promise.all([
    locate(git, place.top, signal),
    git(['config', '--list', '-z', '--show-scope'], { cwd: place.top, access: bare, signal }),
  ]);
  if (isRefused(now)) return now;
  if (now?.top !== place.top || now.gitDir !== place.gitDir || now.commonDir !== place.commonDir)
    return refuse('changed', 'The repository is not there any more.', 'Ask for /git again.');
  const settings = parseConfig(succeeded(listed, 'config'));
  const filters = filterNames(settings);
  if (filters.some((name) => name.includes('\ufffd')))
    return refuse(
      'own-program',
      'The repository names a filter that can not be switched off.',
      'Look at .git/config.',
    );
  const program = connectionProgram(settings);
  const ssh = settingOf(settings.filter(isOwn), 'core.sshcommand');
  const accesses = {
    read: { kind: 'read', filters },
    change: { kind: 'change', ssh, isOffline: program !== undefined },
    connect: { kind: 'connect', ssh },
  } as const satisfies Record<string, Access>;
  const cwd = place.top;
  const tryRead: Work['tryRead'] = async (args, options) =>
    git(args, { cwd, access: accesses.read, signal, ...options });
  return {
    ...place,
    settings,
    isClosed: isClosed ?? (() => false),
    tryRead,
    read: async (args, options) => succeeded(await tryRead(args, options), nameOf(args)),
    readPart: async (args, options) => partOf(await tryRead(args, options), nameOf(args)),
    change: async (args, input) => git(args, { cwd, access: accesses.change, signal, input }),
    connect: async (args) =>
      program === undefined ? git(args, { cwd, access: accesses.connect, signal }) : refuseProgram(program),
  };
}

function refuseProgram({ key, value }: Setting): Refused {
  return refuse(
    'own-program',
    `The repository's own settings name a program that would run (${cleanWords(key)}), so no connection is made.`,
    'Do it at the desk, or put the setting into your own ~/.gitconfig.',
    `${key} = ${value}`,
  );
}

/** The command among git's arguments: `status`. */
function nameOf(args: readonly string[]): string {
  return args.find((arg) => /^[a-z-]+$/.test(arg) && !arg.startsWith('-')) ?? '';
}

function partOf(result: RunResult, command: string): Part {
  const text = succeeded({ ...result, truncated: false }, command);
  return {
    text: result.truncated ? text.slice(0, text.lastIndexOf('\n') + 1) : text,
    isCut: result.truncated,
  };
}

function succeeded(result: RunResult, command: string): string {
  if (result.timedOut)
    throw new MachineError('GIT_TIMED_OUT', `git ${command} took too long and was stopped.`, {
      hint: 'Look at the desk what it waits for: a huge repository, or a slow disk.',
    });
  if (result.exitCode !== 0)
    throw new MachineError('GIT_FAILED', `git ${command} failed: ${cleanWords(wordsOf(result))}`, {
      hint: 'Run it at the desk to see more; the repository may be damaged.',
    });
  if (result.truncated)
    throw new MachineError('GIT_TOO_MUCH', `git ${command} printed more than leashd reads.`, {
      hint: 'This repository is too large for that here.',
    });
  return result.stdout;
}
