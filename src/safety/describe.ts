import type { Act, Effect, Footprint, ToolCall } from './types.ts';

/** Acts as they are told to a person, after "It". */
const ACT_WORDS: Record<Act, string> = {
  'run-project-code': "runs the project's code",
  'run-inline-code': 'runs code given in the command',
  'run-file': 'runs a file',
  'install-packages': 'installs packages',
  publish: 'publishes',
  'change-history': 'changes the git history',
  'rewrite-history': 'rewrites the git history',
  push: 'pushes',
  'rewrite-remote-history': 'overwrites what others have',
  'change-remote': 'changes something elsewhere',
  'destroy-remote': 'destroys something elsewhere',
  'read-remote': 'looks something up elsewhere',
  privilege: "takes another user's rights",
  kill: 'ends processes',
  persist: 'leaves something that runs by itself',
  'change-permissions': 'changes permissions',
  'change-system': 'changes the system',
  'list-environment': 'lists environment variables',
  serve: 'opens a port',
  'agent-task': 'starts a subagent',
  'browser-read': 'looks at the browser',
  'browser-change': 'acts in the browser',
  'mcp-call': 'calls a tool of an MCP server',
};

const FILE_WORDS: Record<Exclude<Effect['kind'], 'network' | 'act'>, string> = {
  read: 'reads',
  write: 'writes',
  delete: 'deletes',
  'read-tree': 'searches',
  'delete-tree': 'deletes all of',
};

const FILE_TOOLS: ReadonlyMap<string, string> = new Map([
  ['Read', 'Reads'],
  ['Write', 'Writes'],
  ['Edit', 'Edits'],
  ['MultiEdit', 'Edits'],
  ['NotebookEdit', 'Edits the notebook'],
  ['LS', 'Lists'],
]);

/** One line on what a call does: `Runs git push · pushes`, `Writes src/a.ts`. At most about 200 characters. */
export function describeCall(call: ToolCall, footprint: Footprint, directory: string): string {
  const [first] = footprint.commands;
  const facts = factsOf(footprint, directory);
  const verb = FILE_TOOLS.get(call.tool);
  const [file] = footprint.effects;
  if (verb !== undefined && file !== undefined && 'path' in file) {
    return `${verb} ${shorten(shortPath(file.path.real, directory), 120)}`;
  }
  if (call.tool !== 'Bash') return capitalized([toolInWords(call, footprint), ...facts].join(' · '));
  const programs = [...new Set(footprint.commands.map(({ normalForm }) => normalForm.split(' ')[0] ?? ''))];
  const runs =
    footprint.commands.length === 1 && first !== undefined
      ? `runs ${shorten(first.normalForm, 80)}`
      : `runs ${footprint.commands.length} commands: ${shorten(programs.join(', '), 80)}`;
  return capitalized([runs, ...facts].join(' · '));
}

function toolInWords(call: ToolCall, { mcp }: Footprint): string {
  if (mcp === undefined) return call.tool;
  return `${mcp.tool} of the MCP server ${mcp.server}`;
}

function factsOf(footprint: Footprint, directory: string): string[] {
  const facts = new Set<string>();
  for (const effect of footprint.effects) facts.add(describeEffect(effect, directory));
  const all = [...facts];
  return all.length > 5 ? [...all.slice(0, 4), `and ${all.length - 4} more`] : all;
}

/** What one effect is, after "It": `deletes all of build`, `contacts example.com`. */
export function describeEffect(effect: Effect, directory: string): string {
  if (effect.kind === 'act') return ACT_WORDS[effect.act];
  if (effect.kind === 'network') return effect.host === undefined ? 'goes online' : `contacts ${effect.host}`;
  return `${FILE_WORDS[effect.kind]} ${shorten(shortPath(effect.path.real, directory), 60)}`;
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
  return text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text;
}
