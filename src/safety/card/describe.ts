import { posix } from 'node:path';
import { browserWords } from './browser-words.ts';
import { headOf } from '../program-head.ts';
import type { Act, Effect, Footprint, SimpleCommand, ToolCall } from '../types.ts';

/** Acts as they are told to a person, after "It". */
const ACT_WORDS: Record<Act, string> = {
  'run-project-code': "runs the project's code",
  'run-inline-code': 'runs code given in the command',
  'run-file': 'runs a file',
  'install-packages': 'installs packages',
  publish: 'publishes',
  'change-history': 'changes the git history',
  'rewrite-history': 'rewrites or throws away work in git',
  push: 'pushes',
  'rewrite-remote-history': 'overwrites or deletes what others have',
  'change-remote': 'changes something elsewhere',
  'destroy-remote': 'destroys something elsewhere',
  'read-remote': 'looks something up elsewhere',
  privilege: "takes another user's rights",
  kill: 'ends processes',
  persist: 'leaves something that runs by itself',
  'change-permissions': 'changes permissions',
  'change-system': 'changes the system',
  'list-environment': 'lists environment variables',
  'use-leashd': 'works leashd itself',
  serve: 'opens a port',
  'agent-task': 'starts a subagent',
  'browser-read': 'looks at the browser',
  'browser-change': 'acts in the browser',
  'mcp-call': 'calls a tool of an MCP server',
};

/** Acts that a person has to hear of before everything else; the worst first. */
const GRAVE_ACTS: readonly Act[] = [
  'use-leashd',
  'rewrite-remote-history',
  'destroy-remote',
  'privilege',
  'publish',
  'rewrite-history',
  'persist',
  'change-system',
  'run-inline-code',
  'kill',
  'change-permissions',
];

const FILE_WORDS: Record<Exclude<Effect['kind'], 'network' | 'act'>, string> = {
  read: 'reads',
  write: 'writes',
  delete: 'deletes',
  'read-tree': 'searches',
  'delete-tree': 'deletes all of',
};

const FILE_TOOLS: ReadonlyMap<string, string> = new Map([
  ['Read', 'Reads'],
  ['Write', 'Overwrites'],
  ['Edit', 'Edits'],
  ['MultiEdit', 'Edits'],
  ['NotebookEdit', 'Edits the notebook'],
  ['LS', 'Lists'],
]);

/** Tools whose names say little to a person; those that are left out are named as they are. */
const TOOL_WORDS: ReadonlyMap<string, string | undefined> = new Map([
  ['Agent', undefined],
  ['WebFetch', 'fetches a web page'],
  ['WebSearch', 'searches the web'],
  ['SandboxNetworkAccess', 'lets a running command go online'],
]);

/** Programs that take a file from one place to another: what they delete is not gone. */
const MOVES = /^(?:git )?mv /;
/** Whose second word is to be told, also where the others could make anything of it. */
const WITH_SUBCOMMANDS = new Set(
  'git gh docker kubectl helm terraform aws gcloud az npm pnpm yarn bun cargo go pip uv systemctl'.split(' '),
);

const COPIES = /^(?:cp|mv|ln|install) /;

/** Where what it does has to fit: a line on a phone, and a list of such lines. */
const LONGEST_LINE = 120;
const LONGEST_PART = 70;

/**
 * One line on what a call does, the worst first: `Deletes 3 files in build/ · runs npm publish · publishes`. At most
 * 120 characters; what has no room is counted. `isNew` tells of a path that nothing stands there yet.
 */
export function describeCall(
  call: ToolCall,
  footprint: Footprint,
  directory: string,
  isNew: (path: string) => boolean,
): string {
  const [file] = footprint.effects;
  const usual = FILE_TOOLS.get(call.tool);
  if (usual !== undefined && file !== undefined && 'path' in file) {
    const verb = call.tool === 'Write' && isNew(file.path.real) ? 'Creates' : usual;
    return `${verb} ${shortenedPath(shortPath(file.path.real, directory), LONGEST_LINE - verb.length - 2)}`;
  }
  const parts = [
    ...pathParts(footprint, ['delete-tree', 'delete'], directory),
    ...actParts(footprint, (act) => GRAVE_ACTS.includes(act)),
    ...callParts(call, footprint),
    ...pathParts(footprint, ['write'], directory),
    ...hostParts(footprint),
    ...actParts(footprint, (act) => !GRAVE_ACTS.includes(act) && !TOLD_BY_NAME.has(act)),
    ...pathParts(footprint, ['read-tree', 'read'], directory),
  ];
  return capitalized(joined(parts.map((part) => shorten(part, LONGEST_PART))));
}

/** As many parts as have room; the others are counted. */
function joined(parts: readonly string[]): string {
  let line = parts[0] ?? 'does nothing that is known';
  for (const [index, part] of parts.entries()) {
    if (index === 0) continue;
    const left = parts.length - index;
    const rest = left === 1 ? 0 : ` · and ${left - 1} more`.length;
    if (line.length + part.length + 3 + rest > LONGEST_LINE) return `${line} · and ${left} more`;
    line = `${line} · ${part}`;
  }
  return line;
}

/** Those that the tool's own words tell. */
const TOLD_BY_NAME: ReadonlySet<Act> = new Set(['mcp-call', 'browser-read', 'browser-change']);

function isBrowser({ effects }: Footprint): boolean {
  return effects.some(
    (effect) => effect.kind === 'act' && (effect.act === 'browser-read' || effect.act === 'browser-change'),
  );
}

/** What it is called: commands by their words, everything else by the tool's name. */
function callParts(call: ToolCall, footprint: Footprint): string[] {
  const { mcp } = footprint;
  if (isBrowser(footprint))
    return [browserWords(mcp?.tool ?? '', call.input) ?? `uses ${mcp?.tool} in the browser`];
  if (mcp !== undefined) return [`uses ${mcp.tool} of the MCP server ${mcp.server}`];
  if (TOOL_WORDS.has(call.tool)) return [TOOL_WORDS.get(call.tool) ?? []].flat();
  if (call.tool !== 'Bash') return [`uses the tool ${call.tool}`];
  const [first, ...others] = footprint.commands;
  if (first === undefined) return ['runs no command that is known'];
  if (others.length === 0) return tellsAll(footprint) ? [] : [`runs ${first.normalForm}`];
  const names = [...new Set(footprint.commands.map((command) => nameOf(command)))];
  return [`runs ${footprint.commands.length} commands: ${names.filter((name) => name !== '').join(', ')}`];
}

/** `git push` rather than `git`: the program alone says little where it has subcommands. */
function nameOf(command: SimpleCommand): string {
  const [program = '', next = ''] = command.normalForm.split(' ');
  const head = headOf(command)?.join(' ');
  return head ?? (WITH_SUBCOMMANDS.has(program) && /^[a-z]/.test(next) ? `${program} ${next}` : program);
}

/** A command of which it is enough to say what happens to files: `rm a.txt`. */
function tellsAll({ effects, unknowns }: Footprint): boolean {
  const isDelete = (effect: Effect): boolean => effect.kind === 'delete' || effect.kind === 'delete-tree';
  return unknowns.length === 0 && effects.length > 0 && effects.every((effect) => isDelete(effect));
}

function actParts({ effects }: Footprint, fits: (act: Act) => boolean): string[] {
  const acts = new Set(effects.flatMap((effect) => (effect.kind === 'act' ? [effect.act] : [])));
  const order = [...GRAVE_ACTS.filter((act) => acts.has(act)), ...acts];
  return [...new Set(order)].filter((act) => fits(act)).map((act) => ACT_WORDS[act]);
}

function hostParts({ effects, mcp }: Footprint): string[] {
  const found = effects.flatMap((effect) => (effect.kind === 'network' ? [effect.host] : []));
  const hosts = [...new Set(found.filter((host) => host !== undefined))];
  if (hosts.length > 0) return [`contacts ${listed(hosts)}`];
  return found.length > 0 && mcp === undefined ? ['goes online'] : [];
}

type PathKind = Exclude<Effect['kind'], 'network' | 'act'>;

/** `deletes a.txt, b.txt`, `deletes 3 files in build/`, `deletes 9 files in build/, src/ and 2 more`. */
function pathParts(
  { effects, commands }: Footprint,
  kinds: readonly PathKind[],
  directory: string,
): string[] {
  const isMadeBy = (program: RegExp, { command }: Effect): boolean =>
    command !== undefined && program.test(commands[command]?.normalForm ?? '');
  return kinds.flatMap((kind) => {
    const ofKind = effects.filter((effect) => effect.kind === kind);
    if (kind === 'write') {
      const targets = new Set(ofKind.map((effect) => realPathOf(effect)));
      // `cp a b` may write `b` or `b/a`: the first says it.
      const isSaid = (effect: Effect): boolean =>
        isMadeBy(COPIES, effect) && targets.has(posix.dirname(realPathOf(effect)));
      return pathPart(
        'writes',
        ofKind.filter((effect) => !isSaid(effect)),
        directory,
      );
    }
    if (kind !== 'delete') return pathPart(FILE_WORDS[kind], ofKind, directory);
    return [
      ...pathPart(
        'deletes',
        ofKind.filter((effect) => !isMadeBy(MOVES, effect)),
        directory,
      ),
      ...pathPart(
        'moves',
        ofKind.filter((effect) => isMadeBy(MOVES, effect)),
        directory,
      ),
    ];
  });
}

function realPathOf(effect: Effect): string {
  return 'path' in effect ? effect.path.real : '';
}

function pathPart(verb: string, effects: readonly Effect[], directory: string): string[] {
  const paths = [...new Set(effects.map((effect) => namedPath(realPathOf(effect), directory)))];
  if (paths.length === 0) return [];
  const isTree = effects.some(({ kind }) => kind.endsWith('-tree'));
  if (paths.length < 3 || isTree) return [`${verb} ${listed(paths)}`];
  const folders = [...new Set(paths.map((path) => folderOf(path)))];
  return [`${verb} ${paths.length} files in ${listed(folders)}`];
}

function folderOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end < 0 ? 'this project' : path.slice(0, end + 1);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 2).map((name) => shortenedPath(name, 30));
  return `${shown.join(', ')}${names.length > 2 ? ` and ${names.length - 2} more` : ''}`;
}

/** What one effect is, after "It": `deletes all of build`, `contacts example.com`. */
export function describeEffect(effect: Effect, directory: string): string {
  if (effect.kind === 'act') return ACT_WORDS[effect.act];
  if (effect.kind === 'network') return effect.host === undefined ? 'goes online' : `contacts ${effect.host}`;
  return `${FILE_WORDS[effect.kind]} ${shorten(namedPath(effect.path.real, directory), 60)}`;
}

/** A path in a sentence, where a dot would not be seen. */
function namedPath(path: string, directory: string): string {
  return path === directory ? 'this project' : shortPath(path, directory);
}

/** A path as a person in that directory would write it. */
export function shortPath(path: string, directory: string): string {
  if (path === directory) return '.';
  return path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : path;
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text;
}

/** Of a path its end tells more than its beginning. */
function shortenedPath(path: string, most: number): string {
  return path.length > most ? `…${path.slice(path.length - most + 1).toWellFormed()}` : path;
}
