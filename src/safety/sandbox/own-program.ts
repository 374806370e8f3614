import { basename } from 'node:path';
import { LeashdError } from '../../errors.ts';
import type { FileView } from '../file-view.ts';
import { isWithin, resolvePath } from '../paths.ts';
import type { Act, Decision, Footprint, GateContext, SimpleCommand } from '../types.ts';
import { wordSet } from '../word-set.ts';

/** leashd as it runs here. */
export type OwnProgram = {
  /** Absolute path of the folder of its package.json. */
  readonly folder: string;
  readonly pid: number;
  /** As lists of processes show it. */
  readonly commandLine: string;
};

type Place = { readonly home: string; readonly view: FileView };

/** What the sandbox says to `use-leashd`, whatever a policy, a grant or a tap would. */
export const USES_LEASHD: Decision = {
  action: 'deny',
  layer: 'sandbox',
  rule: 'own-program',
  reason: "leashd is the person's to run, stop and set up, never the agent's",
  risk: 'critical',
};

const MAY_END_LEASHD: Decision = {
  action: 'ask',
  layer: 'sandbox',
  rule: 'own-process',
  reason: 'Among the processes that it ends may be leashd itself',
  risk: 'high',
};

const MAY_USE_LEASHD: Decision = {
  ...USES_LEASHD,
  action: 'ask',
  reason: 'It may work leashd itself, in a way that is not known ahead',
  risk: 'high',
};

const RUNS: ReadonlySet<Act> = new Set([
  'run-file',
  'run-project-code',
  'run-inline-code',
  'install-packages',
]);
/** Where its commands begin, below its folder. */
const ENTRIES = wordSet('dist/cli/main.js src/cli/main.ts dist/cli/run-cli.js src/cli/run-cli.ts');
/** Each word costs a look at the disk. */
const MOST_WORDS = 100;

/** What there is to say of a call that would run leashd by its files, or end its process. */
export function ownProgramFinding(
  footprint: Footprint,
  { directories }: GateContext,
  own: OwnProgram,
  place: Place,
): Decision | undefined {
  const isProjects = directories.some(
    (directory) => isWithin(own.folder, directory) || isWithin(directory, own.folder),
  );
  let worst: Decision | undefined;
  for (const [index, command] of footprint.commands.entries()) {
    if (runsFiles(command, index, footprint, { ...own, isProjects }, place)) return USES_LEASHD;
    const ends = endsProcess(command, footprint, own);
    if (ends?.action === 'deny') return ends;
    worst ??= ends;
  }
  return worst ?? (speaksOfLeashd(footprint) ? MAY_USE_LEASHD : undefined);
}

/** `echo leashd stop | bash`, `yarn leashd stop`, `busctl … StopUnit ss leashd.service`. */
const WORKING =
  /\bleashd(?:@\S+)?['"]?\s+(?:start|stop|restart|reload|init|service|demo)\b|\bleashd\.service\b|\blocal\.leashd\b/i;

function speaksOfLeashd({ commands, effects, unknowns }: Footprint): boolean {
  const runsSomething =
    unknowns.length > 0 || effects.some((effect) => effect.kind === 'act' && RUNS.has(effect.act));
  return runsSomething && commands.some(({ normalForm }) => WORKING.test(normalForm));
}

function runsFiles(
  { argv, cwd }: SimpleCommand,
  index: number,
  { effects, unknowns }: Footprint,
  { folder, isProjects }: OwnProgram & { readonly isProjects: boolean },
  { home, view }: Place,
): boolean {
  const words = argv.slice(0, MOST_WORDS).map((word) => (word.kind === 'static' ? word.value : ''));
  const isRunning =
    words[0]?.includes('/') === true ||
    unknowns.some(({ command }) => command === index) ||
    effects.some((effect) => effect.kind === 'act' && effect.command === index && RUNS.has(effect.act));
  if (!isRunning) return false;
  const places = cwd.kind === 'static' ? [cwd.value] : (cwd.values ?? []);
  // Somebody who works on leashd itself runs its tests and tools there, as policies and the person allow.
  if (!isProjects && places.some((from) => isWithin(from, folder))) return true;
  return words.some((word, at) => {
    const path = /^--?[\w-]+=(.+)$/s.exec(word)?.[1] ?? word;
    if (path === '' || (at === 0 && !path.includes('/'))) return false;
    return places.some((from) => {
      const real = realPath(path, from, home, view);
      if (real === undefined || !isWithin(real, folder)) return false;
      return real === folder ? !isProjects : ENTRIES.has(real.slice(folder.length + 1));
    });
  });
}

/** Words are not always paths. */
function realPath(path: string, from: string, home: string, view: FileView): string | undefined {
  try {
    return resolvePath(path, from, home, view).real;
  } catch (error) {
    if (error instanceof LeashdError) return undefined;
    throw error;
  }
}

const PROGRAMS_THAT_FIND = wordSet('pgrep pidof ps lsof fuser ss systemctl grep rg egrep awk cat');

function endsProcess(
  { argv: [program, ...rest] }: SimpleCommand,
  { commands, effects }: Footprint,
  own: OwnProgram,
): Decision | undefined {
  const name = program?.kind === 'static' ? basename(program.value) : '';
  const words = rest.map((word) => (word.kind === 'static' ? word.value : ''));
  if (name === 'kill') {
    if (words.some((word) => word !== '' && Math.abs(Number(word)) === own.pid)) return USES_LEASHD;
    return words.slice(1).includes('-1') ? MAY_END_LEASHD : undefined;
  }
  if (/^(?:pkill|killall5?|skill)$/.test(name)) return mayMatch(words, own) ? MAY_END_LEASHD : undefined;
  // `kill $(pgrep -f leashd)`, `pgrep leashd | xargs kill`.
  const isSearch = PROGRAMS_THAT_FIND.has(name) && words.some((word) => /leashd/i.test(word));
  if (!isSearch || commands.length < 2) return undefined;
  return effects.some((effect) => effect.kind === 'act' && effect.act === 'kill')
    ? MAY_END_LEASHD
    : undefined;
}

// Signals, and options that only narrow what is found or say how it is told.
const NARROWING =
  /^-(?:[fxnoiIqew]+|\d+|(?:SIG)?[A-Z]+\d?|-full|-exact|-signal(?:=\w+)?|-newest|-oldest|-echo|-wait)$/;

/** A pattern that is more than a plain part of a name, or is part of how leashd was started, may be about it. */
function mayMatch(words: readonly string[], { commandLine }: OwnProgram): boolean {
  if (words.length === 1 && /^--(?:help|version)$|^-[lV]$/.test(words[0] ?? '')) return false;
  const patterns = words.filter((word) => !NARROWING.test(word));
  return (
    patterns.length === 0 ||
    patterns.some(
      (pattern) =>
        pattern.startsWith('-') ||
        !/^[\w:@%+=,/ -]{3,}(?:\.[\w:@%+=,/ -]+)*$/.test(pattern) ||
        commandLine.toLowerCase().includes(pattern.toLowerCase()),
    )
  );
}
