import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { FileView } from './file-view.ts';
import { isWithin } from './paths.ts';
import { programName } from './shell/normal-form.ts';
import type { Act, Footprint, SimpleCommand } from './types.ts';

const LARGEST_FILE = 4 * 1024 * 1024;
/** A call that runs more files than this is told apart by the first of them, and by its own digest. */
const MOST_FILES = 200;

const RUNNING: ReadonlySet<Act> = new Set(['run-file', 'run-project-code']);

/** Where it is written what these run; looked for in their folder and the ones above it. */
const RECIPES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    'npm npx pnpm pnpx yarn yarnpkg bun bunx deno': ['package.json', 'deno.json'],
    'make gmake': ['GNUmakefile', 'makefile', 'Makefile'],
    just: ['justfile', 'Justfile', '.justfile'],
    task: ['Taskfile.yml', 'Taskfile.yaml'],
    rake: ['Rakefile', 'rakefile'],
    composer: ['composer.json'],
    cargo: ['Cargo.toml', 'build.rs'],
    gradle: ['build.gradle', 'build.gradle.kts'],
    mvn: ['pom.xml'],
    tox: ['tox.ini'],
    nox: ['noxfile.py'],
  }).flatMap(([names, files]) => names.split(' ').map((name) => [name, files] as const)),
);

/**
 * A digest of the files whose content an approval rests on: those that a call writes to, which the card shows as a
 * diff, and those that it runs. A file that can't be read counts by its kind.
 */
export function contentsDigest(footprint: Footprint, view: FileView): string {
  const written = footprint.effects.flatMap((effect) => (effect.kind === 'write' ? [effect.path.real] : []));
  return digestOfFiles([...written, '', ...filesRun(footprint, view)], view);
}

/** A digest of the files that a call runs; undefined when it runs none that is known. */
export function runDigest(footprint: Footprint, view: FileView): string | undefined {
  const files = filesRun(footprint, view);
  return files.length === 0 ? undefined : digestOfFiles(files, view);
}

/**
 * The files that a call runs: scripts, also by their own name (`./x.sh`) or behind a program that nobody knows, and
 * what says what `npm run` and `make` do. Absolute real paths, each once.
 */
export function filesRun(footprint: Footprint, view: FileView): readonly string[] {
  const { effects, unknowns, commands } = footprint;
  const runs = new Set(
    effects.flatMap((effect) => (effect.kind === 'act' && RUNNING.has(effect.act) ? [effect.command] : [])),
  );
  const read = effects.flatMap((effect) =>
    effect.kind === 'read' && runs.has(effect.command) ? [effect.path.real] : [],
  );
  const told = unknowns.flatMap(({ path }) => (path?.exists === true ? [path.real] : []));
  const named = commands.flatMap((command, index) => [
    ...programFile(command),
    ...(runs.has(index) ? recipes(command, footprint, index, view) : []),
  ]);
  return [...new Set([...read, ...told, ...named.map((path) => real(path, view))])]
    .filter((path) => view.kind(path) !== 'directory')
    .slice(0, MOST_FILES);
}

/** `./x.sh`, `bin/x`: a program that is a file of the project, not one of the system's own. */
function programFile({ argv, cwd }: SimpleCommand): string[] {
  const [program] = argv;
  if (program?.kind !== 'static' || !programName(program.value).includes('/')) return [];
  if (program.value.startsWith('/')) return [program.value];
  return placesOf(cwd).map((place) => `${place}/${program.value}`);
}

function recipes(command: SimpleCommand, { effects }: Footprint, index: number, view: FileView): string[] {
  const [program] = command.argv;
  const names = program?.kind === 'static' ? RECIPES.get(programName(program.value)) : undefined;
  if (names === undefined) return [];
  // `make -C folder`: a folder that it reads may be the one that it works in.
  const read = effects.flatMap((effect) =>
    effect.kind === 'read' && effect.command === index ? [effect.path.real] : [],
  );
  const folders = [...placesOf(command.cwd), ...read.filter((path) => view.kind(path) === 'directory')];
  return folders.flatMap((folder) => nearest(folder, names, view));
}

function nearest(folder: string, names: readonly string[], view: FileView): string[] {
  for (let at = folder; ; at = dirname(at)) {
    const found = names.map((name) => `${at}/${name}`).filter((path) => view.kind(path) !== undefined);
    if (found.length > 0) return found;
    // It may be made by the time the command runs.
    if (isWithin('/', at)) return names.map((name) => `${folder}/${name}`);
  }
}

function placesOf(cwd: SimpleCommand['cwd']): readonly string[] {
  return cwd.kind === 'static' ? [cwd.value] : (cwd.values ?? []);
}

function real(path: string, view: FileView): string {
  try {
    return view.real(path) ?? path;
  } catch {
    return path;
  }
}

/** SHA-256, hexadecimal, over names and contents. */
function digestOfFiles(paths: readonly string[], view: FileView): string {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`${path}\0${path === '' ? '' : contentOf(path, view)}\0`);
  return hash.digest('hex');
}

function contentOf(path: string, view: FileView): string {
  try {
    return view.read(path, LARGEST_FILE) ?? `(${view.kind(path) ?? 'nothing'})`;
  } catch {
    return '(unreadable)';
  }
}
