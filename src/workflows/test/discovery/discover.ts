import { nearest } from '../../../util/nearest.ts';
import type { FolderView } from '../folder-view.ts';
import { oneLine } from '../one-line.ts';
import type { TestPlan } from '../test-plan.ts';
import { deno } from './deno.ts';
import type { Discovery, FoundCommand, Part, Purpose, Sureness } from './discovery.ts';
import { dotnet } from './dotnet.ts';
import { elixir } from './elixir.ts';
import { go } from './go.ts';
import { jvm } from './jvm.ts';
import { partFolders } from './monorepo.ts';
import { node } from './node.ts';
import { PartView, type Ecosystem } from './part-view.ts';
import { php } from './php.ts';
import { python } from './python.ts';
import { ruby } from './ruby.ts';
import { rust } from './rust.ts';
import { jsonMapping, tomlSections } from './structured.ts';
import { taskFiles } from './task-files.ts';

/** What says most about how a project is tested comes first. */
const ECOSYSTEMS: readonly Ecosystem[] = [
  node,
  deno,
  python,
  rust,
  go,
  ...jvm,
  ruby,
  php,
  elixir,
  dotnet,
  ...taskFiles,
];

const SURENESS: Record<Sureness, number> = { sure: 0, likely: 1, guess: 2 };
const MOST_COMMANDS = 60;

export type DiscoverOptions = Pick<TestPlan, 'framework' | 'directory'>;

/** Looks at a project's files and says how it is tested and started. Runs nothing, does not throw. */
export function discover(view: FolderView, { framework, directory }: DiscoverOptions): Discovery {
  const root = new PartView(view, '.');
  const folder = directory.value;
  const folders = folder === '.' ? ['.', ...partFolders(root)] : [folder];
  const looked = folders.map((one) => look(one === '.' ? root : new PartView(view, one), root));
  const parts = looked.filter(({ part }) => part.ecosystems.length > 0);
  const frameworks = parts.flatMap(({ seen }) => seen.frameworks);
  const commands = inOrder(
    parts.flatMap(({ seen }) => seen.commands),
    framework?.value,
  ).slice(0, MOST_COMMANDS);
  const discovery: Discovery = {
    parts: parts.map(({ part }) => part),
    frameworks,
    commands,
    port:
      commands.find(({ purpose, port }) => purpose === 'server' && port !== undefined)?.port ??
      frameworks.find(({ port }) => port !== undefined)?.port,
    missing: [],
    notes: looked.flatMap(({ seen }) => seen.notes),
  };
  return { ...discovery, missing: missingFrom(discovery, framework?.value) };
}

function look(seen: PartView, root: PartView): { readonly seen: PartView; readonly part: Part } {
  const here = ECOSYSTEMS.filter(({ markers }) =>
    markers.some((marker) =>
      marker.startsWith('*')
        ? [...seen.names].some((name) => name.endsWith(marker.slice(1)))
        : seen.has(marker),
    ),
  );
  for (const ecosystem of here) ecosystem.find(seen, root);
  return {
    seen,
    part: { folder: seen.folder, name: nameOf(seen), ecosystems: here.map(({ name }) => name) },
  };
}

function nameOf(seen: PartView): string {
  const fromNode = seen.has('package.json') ? jsonMapping(seen.text('package.json'))?.['name'] : undefined;
  if (typeof fromNode === 'string' && fromNode !== '') return oneLine(fromNode, 60);
  for (const [file, section] of [
    ['Cargo.toml', 'package'],
    ['pyproject.toml', 'project'],
  ] as const) {
    const lines = seen.has(file) ? (tomlSections(seen.text(file)).get(section) ?? []) : [];
    const name = /^[ \t]*name[ \t]*=[ \t]*["']([^"']{1,60})["']/m.exec(lines.join('\n'))?.[1];
    if (name !== undefined) return oneLine(name, 60);
  }
  return seen.folder === '.' ? 'project' : oneLine(seen.folder.split('/').at(-1) ?? seen.folder, 60);
}

/** The surest first; what runs the framework that the plan names before the rest. */
function inOrder(commands: readonly FoundCommand[], framework: string | undefined): FoundCommand[] {
  const isNamed = ({ purpose, argv, script, from }: FoundCommand): boolean =>
    framework !== undefined &&
    purpose !== 'server' &&
    [...argv, from.key, script ?? ''].some((text) => text.toLowerCase().includes(framework));
  return commands.toSorted(
    (one, other) =>
      Number(isNamed(other)) - Number(isNamed(one)) || SURENESS[one.sureness] - SURENESS[other.sureness],
  );
}

const MISSING: readonly (readonly [purposes: readonly Purpose[], sentence: string])[] = [
  [['unit', 'integration'], 'No command for unit or integration tests was found.'],
  [['e2e'], 'No command for end-to-end tests was found; the browser is driven by the agent itself.'],
  [['server'], 'No command that starts a server was found; --server gives one, --url says where one runs.'],
];

function missingFrom({ parts, commands, frameworks }: Discovery, framework: string | undefined): string[] {
  if (parts.length === 0)
    return [
      'No project was found here: no package.json, pyproject.toml, Cargo.toml, go.mod, Makefile or the like.',
    ];
  const sentences = MISSING.filter(
    ([purposes]) => !commands.some(({ purpose }) => purposes.includes(purpose)),
  ).map(([, sentence]) => sentence);
  const names = frameworks.map(({ name }) => name);
  if (framework === undefined || names.includes(framework)) return sentences;
  const meant = nearest(framework, names);
  const hint =
    meant === undefined
      ? names.length === 0
        ? ''
        : `; found: ${names.join(', ')}`
      : `; did you mean ${meant}?`;
  return [
    ...sentences,
    `The framework ${oneLine(framework, 40)} was not found${hint}${hint.endsWith('?') ? '' : '.'}`,
  ];
}
