import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { importsOf, type SourceFile } from './door-rules.ts';
import { INSIDE, ROOMS } from './rooms.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = join(ROOT, 'docs', 'architecture.md');
const MARKS = /(<!-- rooms -->\n)[^]*(<!-- \/rooms -->)/;

/** Rooms that each room imports from, sorted; its own files, util and errors.ts left out. */
export type Doors = ReadonlyMap<string, readonly string[]>;

/**
 * The doors that are really used.
 * @throws Error naming the files that stand in no room of scripts/rooms.ts, and the rooms that hold no file.
 */
export function usedDoors(files: readonly SourceFile[]): Doors {
  const used = new Map(ROOMS.map(({ path }) => [path, new Set<string>()]));
  const strays = new Set<string>();
  const filled = new Set<string>();
  for (const { path, text } of files.filter((file) => !file.path.endsWith('.test.ts'))) {
    const from = roomOf(path);
    if (from === undefined) strays.add(path);
    else filled.add(from);
    for (const target of importsOf(text).filter((name) => name.startsWith('.'))) {
      const to = roomOf(posix.join(posix.dirname(path), target));
      if (from !== undefined && to !== undefined && from !== to) used.get(from)?.add(to);
    }
  }
  const empty = ROOMS.map(({ path }) => path).filter((path) => !filled.has(path));
  if (strays.size > 0) throw new Error(`no room in scripts/rooms.ts for ${[...strays].join(', ')}`);
  if (empty.length > 0) throw new Error(`no file in ${empty.join(', ')}; take it out of scripts/rooms.ts`);
  const isDrawn = (path: string): boolean => ROOMS.some((room) => room.path === path && room.group !== 'all');
  return new Map([...used].map(([from, to]) => [from, [...to].filter(isDrawn).sort()]));
}

function roomOf(path: string): string | undefined {
  return ROOMS.map((room) => room.path)
    .filter((room) => path === room || path.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/** The picture as Mermaid, which GitHub draws. */
export function drawRooms(doors: Doors): string {
  const names = {
    edge: 'the edge',
    app: 'puts it together',
    adapter: 'adapters',
    heart: 'the heart',
  } as const;
  const boxes = Object.entries(names).map(([group, title]) => {
    const rooms = ROOMS.filter((room) => room.group === group).map(
      ({ path }) => `    ${idOf(path)}["${short(path)}"]`,
    );
    return [`  subgraph ${group}s["${title}"]`, ...rooms, '  end'].join('\n');
  });
  return ['```mermaid', 'flowchart TD', ...boxes, ...arrows(doors), '```'].join('\n');
}

/** One arrow to all adapters where there is one to each. */
function arrows(doors: Doors): string[] {
  const adapters = ROOMS.filter(({ group }) => group === 'adapter').map(({ path }) => path);
  return [...doors].flatMap(([from, to]) => {
    const isToAll = adapters.every((adapter) => to.includes(adapter));
    const single = isToAll ? to.filter((path) => !adapters.includes(path)) : to;
    const all = isToAll ? [`  ${idOf(from)} --> adapters`] : [];
    return [...all, ...single.map((path) => `  ${idOf(from)} --> ${idOf(path)}`)];
  });
}

/** The same as a table. */
export function listRooms(doors: Doors): string {
  const rows = ROOMS.map(({ path, what }) => {
    const to = (doors.get(path) ?? []).map((room) => `\`${short(room)}\``).join(' ');
    return `| \`${short(path)}\` | ${what} | ${to} |`;
  });
  return ['| room | what it is | imports from |', '| --- | --- | --- |', ...rows].join('\n');
}

/** What lies in the big rooms. @throws Error where scripts/rooms.ts and the folders differ. */
export function listInside(folders: readonly string[]): string {
  const told = Object.keys(INSIDE);
  const missing = folders.filter((folder) => !told.includes(folder));
  const gone = told.filter((folder) => !folders.includes(folder));
  if (missing.length > 0) throw new Error(`scripts/rooms.ts does not say what ${missing.join(', ')} is`);
  if (gone.length > 0) throw new Error(`scripts/rooms.ts tells of ${gone.join(', ')}, which is not there`);
  const rows = Object.entries(INSIDE).map(([path, what]) => `| \`${short(path)}\` | ${what} |`);
  return ['| folder | what is in it |', '| --- | --- |', ...rows].join('\n');
}

function idOf(path: string): string {
  return short(path).replaceAll(/\W/g, '_');
}

function short(path: string): string {
  return path.replace(/^src\//, '');
}

function sourceFiles(): SourceFile[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: slashed(relative(ROOT, path)), text: readFileSync(path, 'utf8') }));
}

/** The folders right inside app, core and safety that hold files; ports are a room of their own. */
function foldersInside(files: readonly SourceFile[]): string[] {
  const found = files.flatMap(({ path }) => /^src\/(?:app|core|safety)\/[\w-]+(?=\/)/.exec(path)?.[0] ?? []);
  return [...new Set(found)].filter((folder) => folder !== 'src/core/ports');
}

function slashed(path: string): string {
  return path.split('\\').join(posix.sep);
}

/** docs/architecture.md with its picture as it has to be. */
export async function renderPage(page: string): Promise<string> {
  const files = sourceFiles();
  const doors = usedDoors(files);
  const inside = listInside(foldersInside(files));
  const made = [drawRooms(doors), listRooms(doors), 'Inside the three big ones:', inside].join('\n\n');
  const whole = page.replace(MARKS, (_all, open: string, close: string) => `${open}\n${made}\n\n${close}`);
  return format(whole, { ...(await resolveConfig(PAGE)), filepath: PAGE });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const current = readFileSync(PAGE, 'utf8');
  const wanted = await renderPage(current);
  if (!process.argv.includes('--check')) writeFileSync(PAGE, wanted);
  else if (current !== wanted) {
    console.error(
      `${PAGE} does not show the imports under src/; run "node scripts/architecture.ts" to draw it anew.`,
    );
    process.exitCode = 1;
  }
}
