import { createHash, randomUUID } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { dirname } from 'node:path';
import type { FileView } from '../file-view.ts';
import { isWithin } from '../paths.ts';
import { programName } from '../shell/normal-form.ts';
import type { Act, Footprint, SimpleCommand } from '../types.ts';

/** Of a file that is written to: a card shows no changes of a larger one. */
const LARGEST_SHOWN = 4 * 1024 * 1024;
/** Of a file that is run; programs can be large. */
const LARGEST_RUN = 256 * 1024 * 1024;

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
 * diff, and those that it runs. One to be written that can't be read counts by its kind; one to be run that is too
 * large to be read is never the same twice.
 */
export function contentsDigest(footprint: Footprint, view: FileView): string {
  const hash = createHash('sha256');
  for (const effect of footprint.effects) {
    if (effect.kind !== 'write') continue;
    addFile(
      hash,
      effect.path.real,
      bytesOf(effect.path.real, LARGEST_SHOWN, view) ?? kindOf(effect.path.real, view),
    );
  }
  hash.update('\0');
  for (const path of filesRun(footprint, view)) addFile(hash, path, contentRun(path, view));
  return hash.digest('hex');
}

/** A digest of the files that a call runs; undefined when it runs none that is known. */
export function runDigest(footprint: Footprint, view: FileView): string | undefined {
  const files = filesRun(footprint, view);
  if (files.length === 0) return undefined;
  const hash = createHash('sha256');
  for (const path of files) addFile(hash, path, contentRun(path, view));
  return hash.digest('hex');
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
  return [...new Set([...read, ...told, ...named.map((path) => real(path, view))])].filter(
    (path) => view.kind(path) !== 'directory',
  );
}

/**
 * Of the files that one command runs, those that say what it does: its own program where that is a file of the
 * project, `package.json` or `Makefile` behind it, a script that it is given. Without the tests that a test program
 * is given, which are the project's code, as everything behind it is.
 */
export function scriptsRun(footprint: Footprint, index: number, view: FileView): readonly string[] {
  const { effects, unknowns } = footprint;
  const command = footprint.commands[index];
  if (command === undefined) return [];
  const own = effects.filter((effect) => effect.command === index);
  const runs = own.flatMap((effect) =>
    effect.kind === 'act' && RUNNING.has(effect.act) ? [effect.act] : [],
  );
  const read = runs.includes('run-file')
    ? own.flatMap((effect) => (effect.kind === 'read' ? [effect.path.real] : []))
    : [];
  const told = unknowns.flatMap((unknown) =>
    unknown.command === index && unknown.path?.exists === true ? [unknown.path.real] : [],
  );
  const named = [
    ...programFile(command),
    ...(runs.length > 0 ? recipes(command, footprint, index, view) : []),
  ];
  return [...new Set([...read, ...told, ...named.map((path) => real(path, view))])].filter(
    (path) => view.kind(path) !== 'directory',
  );
}

/** SHA-256, hexadecimal, of a file that is run; one that is too large is never the same twice. Does not throw. */
export function fileDigest(path: string, view: FileView): string {
  const hash = createHash('sha256');
  addFile(hash, path, contentRun(path, view));
  return hash.digest('hex');
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

/** Lengths are hashed too, so that nothing passes for the beginning of the next file. */
function addFile(hash: Hash, path: string, content: Uint8Array | string): void {
  hash.update(`${path}\0${content.length}\0`);
  hash.update(content);
}

function contentRun(path: string, view: FileView): Uint8Array | string {
  const content = bytesOf(path, LARGEST_RUN, view);
  if (content !== undefined) return content;
  const kind = kindOf(path, view);
  return kind === '(file)' ? randomUUID() : kind;
}

/** As they lie there: two programs can differ in bytes that are alike as text. */
function bytesOf(path: string, most: number, view: FileView): Uint8Array | undefined {
  try {
    return view.bytes(path, most);
  } catch {
    return undefined;
  }
}

function kindOf(path: string, view: FileView): string {
  try {
    return `(${view.kind(path) ?? 'nothing'})`;
  } catch {
    return '(unreadable)';
  }
}
