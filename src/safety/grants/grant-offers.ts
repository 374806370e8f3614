import { posix } from 'node:path';
import { shortPath } from '../card/describe.ts';
import type { GrantLength, GrantOffer, GrantTerms } from './grant.ts';
import { isAsked, neverGranted } from './grants.ts';
import type { AskedCall } from './grants.ts';
import { showInLine } from '../card/invisible.ts';
import { isWithin } from '../paths.ts';
import type { PartDecision } from '../policy/evaluate.ts';
import type { RuleFile } from '../policy/schema.ts';
import { headOf } from '../program-head.ts';
import { programName } from '../shell/normal-form.ts';
import { EDIT_TOOLS } from '../footprint/tool-inputs.ts';
import type { Act, Decision, Effect, SimpleCommand } from '../types.ts';

const HOUR_MS = 60 * 60 * 1000;
const MOST_OFFERS = 5;
const LONGEST_LABEL = 60;
/** With ", this chat, 1 hour" behind it. */
const LONGEST_SHORT = 41;
const IN_PROJECT = 'in this project';

const ADDRESS_TOOLS = new Set(['WebFetch', 'SandboxNetworkAccess']);

/** Acts of which a person knows what they are, whatever the other words of the command say. */
const TELLING_ACTS: ReadonlySet<Act> = new Set(['change-history', 'push', 'read-remote']);

/** What may be remembered, and for how long. */
type Draft = GrantTerms & {
  /** For the button, where `words` are too long for it. */
  readonly short: string;
  readonly lengths: readonly GrantLength['kind'][];
};

/**
 * The choices behind "Approve similar…": at most five, the narrowest first, none where nothing can be named narrowly.
 * Each covers the very call that it is offered for. Pure.
 */
export function grantOffers(asked: AskedCall, decision: Decision): readonly GrantOffer[] {
  if (neverGranted(asked, decision) !== undefined) return [];
  const parts = asked.parts.filter((part) => isAsked(part));
  if (parts.length === 0) return [];
  const isCommand = asked.footprint.commands.length > 0;
  const drafts = isCommand ? commandDrafts(asked, parts) : toolDrafts(asked, parts);
  const offers = drafts.flatMap((draft) => draft.lengths.map((kind) => ({ draft, kind })));
  return offers.slice(0, MOST_OFFERS).map(({ draft, kind }, index) => offerOf(draft, kind, index));
}

function offerOf(draft: Draft, kind: GrantLength['kind'], index: number): GrantOffer {
  const span: Record<GrantLength['kind'], string> = {
    time: 'this chat, 1 hour',
    'until-clear': 'until /clear',
    always: 'always in this project',
  };
  const { short, rules, folder, contents } = draft;
  const words = showInLine(draft.words);
  const label = `${words}, ${span[kind]}`;
  return {
    id: `g${index}`,
    label: label.length <= LONGEST_LABEL ? label : `${short}, ${span[kind]}`,
    terms: { words, rules, folder, contents },
    length: kind === 'time' ? { kind, ms: HOUR_MS } : { kind },
  };
}

// ---------------------------------------------------------------- commands

function commandDrafts(asked: AskedCall, parts: readonly PartDecision[]): Draft[] {
  const byCommand = Map.groupBy(parts, ({ command }) => command);
  const commands = [...byCommand.keys()].map((index) =>
    index === undefined ? undefined : asked.footprint.commands[index],
  );
  const folders = new Set(
    commands.map((command) => (command?.cwd.kind === 'static' ? command.cwd.value : undefined)),
  );
  const [folder] = folders;
  if (folders.size !== 1 || folder === undefined) return [];
  const own = asked.context.directories[0];
  const place = folder === own ? '' : ` in ${shortPath(folder, own ?? '/')}`;
  const base = { folder: folder === own ? undefined : folder, contents: asked.contents };
  return [
    ...exactDraft(commands, parts, asked, place).map((draft) => ({ ...base, ...draft })),
    ...headDraft(byCommand, asked, place).map((draft) => ({ ...base, ...draft })),
  ];
}

function exactDraft(
  commands: readonly (SimpleCommand | undefined)[],
  parts: readonly PartDecision[],
  { context }: AskedCall,
  place: string,
): Omit<Draft, 'contents' | 'folder'>[] {
  const shapes = commands.map((command) => exactShape(command));
  if (!shapes.every((shape) => shape !== undefined)) return [];
  const runsFile = parts.some(({ effect }) => effect?.kind === 'act' && effect.act === 'run-file');
  const isOwnFolder = place === '' && context.directories[0] !== undefined;
  // A rule for ever can't know which file was shown, nor another folder.
  const always: GrantLength['kind'][] = runsFile || !isOwnFolder ? [] : ['always'];
  return [
    {
      words: `exactly ${shapes.join(' and ')}${place}`,
      short: shapes.length === 1 ? 'exactly this command' : 'exactly these commands',
      rules: [rule({ commands: shapes })],
      lengths: ['time', 'until-clear', ...always],
    },
  ];
}

/** A command word by word; undefined when the words can't be written in a rule without meaning more. */
function exactShape(command: SimpleCommand | undefined): string | undefined {
  const [program, ...words] = command?.argv ?? [];
  if (program?.kind !== 'static') return undefined;
  const texts = [
    programName(program.value),
    ...words.map((word) => (word.kind === 'static' ? word.value : '')),
  ];
  const isPlain = texts.every((text) => text !== '' && !/[\s*]/.test(text)) && !texts[0]?.includes('/');
  return isPlain ? texts.join(' ') : undefined;
}

function headDraft(
  byCommand: ReadonlyMap<number | undefined, readonly PartDecision[]>,
  asked: AskedCall,
  place: string,
): Omit<Draft, 'contents' | 'folder'>[] {
  const kinds: CommandKind[] = [];
  for (const [index, parts] of byCommand) {
    const command = index === undefined ? undefined : asked.footprint.commands[index];
    const kind = command === undefined ? undefined : kindOfCommand(command, parts, asked);
    if (kind === undefined) return [];
    kinds.push(kind);
  }
  const names = unique(kinds.map(({ name }) => name));
  // Without the places that go without saying: `git add, git commit, git push to origin`.
  const pieces = unique(kinds.map(({ name, where }) => (where === IN_PROJECT ? name : `${name} ${where}`)));
  const brief = showInLine(`${pieces.join(', ')}${place}`);
  if (names.length === 0 || names.length > 3) return [];
  const wheres = unique(kinds.map(({ where }) => where));
  const words =
    wheres.length === 1
      ? `${names.join(' and ')} ${wheres.join('')}`
      : unique(kinds.map(({ name, where }) => `${name} ${where}`)).join(' and ');
  return [
    {
      words: `${words}${place}`,
      short: brief.length <= LONGEST_SHORT ? brief : 'commands like these',
      rules: numbered(kinds.flatMap((kind) => kind.rules)),
      lengths: ['time', 'until-clear'],
    },
  ];
}

/** `git push` `to origin`, and the rules that say so. */
type CommandKind = { readonly name: string; readonly where: string; readonly rules: readonly RuleFile[] };

/** What a command does, pinned down to the acts, hosts and folders that were shown; undefined where that is not enough. */
function kindOfCommand(
  command: SimpleCommand,
  parts: readonly PartDecision[],
  { context }: AskedCall,
): CommandKind | undefined {
  const head = headOf(command);
  if (head === undefined || head.some((word) => word === '' || /[\s*]/.test(word))) return undefined;
  const own = context.directories[0] ?? '/';
  const isGit = head[0] === 'git';
  const effects = parts.map(({ effect }) => effect);
  const acts = unique(effects.flatMap((effect) => (effect?.kind === 'act' ? [effect.act] : [])));
  // What git runs of the project on the way is a hook, whose file is among the contents that must be the same.
  if (!acts.every((act) => TELLING_ACTS.has(act) || (isGit && act === 'run-project-code'))) return undefined;
  if (acts.length > 0 && head.length < 2) return undefined;
  if (effects.some((effect) => effect?.kind === 'delete' || effect?.kind === 'delete-tree')) return undefined;
  const hosts = unique(effects.flatMap((effect) => (effect?.kind === 'network' ? [effect.host] : [])));
  const known = hosts.filter((host) => host !== undefined);
  // A place that nobody knows is only named by what is done there.
  if (known.length < hosts.length && acts.length === 0) return undefined;
  const writes = folderOf(pathsOf(effects, 'write'), own);
  const reads = pathsOf(effects, 'read').length > 0 ? 'read' : undefined;
  if (writes === undefined && pathsOf(effects, 'write').length > 0) return undefined;
  // One name can't say both where it goes and what it writes.
  if (known.length > 0 && writes !== undefined) return undefined;
  if (reads !== undefined && !pathsOf(effects, 'read').every((path) => isWithin(path, own))) return undefined;
  const commands = [`${head.join(' ')} **`];
  const rules = [
    ...(acts.length > 0 ? [rule({ commands, acts: [...acts] })] : []),
    ...(known.length > 0 ? [rule({ commands, effects: ['network'], hosts: [...known] })] : []),
    ...(writes === undefined
      ? []
      : [rule({ commands, effects: ['write'], paths: [globBelow(writes, own)] })]),
    ...(reads === undefined ? [] : [rule({ commands, effects: ['read'], paths: ['./**'] })]),
    ...(effects.includes(undefined) ? [rule({ commands, effects: ['none'] })] : []),
  ];
  return { ...wordsOfKind(head, acts, known, writes, own), rules };
}

function wordsOfKind(
  head: readonly string[],
  acts: readonly Act[],
  hosts: readonly string[],
  writes: string | undefined,
  own: string,
): { readonly name: string; readonly where: string } {
  if (acts.includes('push')) return { name: head.slice(0, -1).join(' '), where: `to ${head.at(-1) ?? ''}` };
  const name = head.join(' ');
  if (hosts.length > 0) return { name, where: `to ${hosts.join(', ')}` };
  const isBelow = writes !== undefined && writes !== own;
  return { name, where: isBelow ? `in ${shortPath(writes, own)}/` : IN_PROJECT };
}

function pathsOf(effects: readonly (Effect | undefined)[], kind: 'read' | 'write'): string[] {
  return effects.flatMap((effect) =>
    effect !== undefined && 'path' in effect && (effect.kind === kind || effect.kind === `${kind}-tree`)
      ? [effect.path.real]
      : [],
  );
}

/** The one folder in which all of these lie, if it is in the session's own directory. */
function folderOf(paths: readonly string[], own: string): string | undefined {
  const folders = unique(paths.map((path) => posix.dirname(path)));
  const [folder] = folders;
  return folders.length === 1 && folder !== undefined && isWithin(folder, own) ? folder : undefined;
}

// ---------------------------------------------------------------- other tools

function toolDrafts(asked: AskedCall, parts: readonly PartDecision[]): Draft[] {
  const { footprint } = asked;
  if (EDIT_TOOLS.includes(footprint.tool)) return editDrafts(asked, parts);
  if (ADDRESS_TOOLS.has(footprint.tool)) return hostDrafts(footprint.tool, parts);
  return footprint.mcp === undefined ? [] : mcpDrafts(footprint.mcp, parts);
}

function editDrafts({ context }: AskedCall, parts: readonly PartDecision[]): Draft[] {
  const paths = pathsOf(
    parts.map(({ effect }) => effect),
    'write',
  );
  const own = context.directories[0] ?? '/';
  const [path] = paths;
  if (path === undefined || paths.length !== parts.length || !isWithin(path, own)) return [];
  const folder = posix.dirname(path);
  const edits = (words: string, short: string, glob: string, lengths: Draft['lengths']): Draft => ({
    words,
    short,
    rules: [rule({ tools: [...EDIT_TOOLS], effects: ['write'], paths: [glob] })],
    lengths,
  });
  const narrow =
    folder === own
      ? edits(`edits of ${shortPath(path, own)}`, 'edits of this file', globOf(path, own), [
          'time',
          'until-clear',
        ])
      : edits(
          `edits under ${shortPath(folder, own)}/`,
          "edits in this file's folder",
          globBelow(folder, own),
          ['time', 'until-clear', 'always'],
        );
  return [narrow, edits('edits in this project', 'edits in this project', './**', ['time', 'until-clear'])];
}

function hostDrafts(tool: string, parts: readonly PartDecision[]): Draft[] {
  const hosts = parts.flatMap(({ effect }) => (effect?.kind === 'network' ? [effect.host] : []));
  const [host] = hosts;
  if (hosts.length !== parts.length || host === undefined || !/^[\w.-]+$/.test(host)) return [];
  return [
    {
      words: tool === 'WebFetch' ? `pages of ${host}` : `connections to ${host}`,
      short: tool === 'WebFetch' ? 'pages of this host' : 'connections to this host',
      rules: [rule({ tools: [tool], hosts: [host] })],
      lengths: ['time', 'until-clear', 'always'],
    },
  ];
}

function mcpDrafts(
  mcp: { readonly server: string; readonly tool: string },
  parts: readonly PartDecision[],
): Draft[] {
  const name = `${mcp.server}/${mcp.tool}`;
  if (!/^[^/*\s]+\/[^/*\s]+$/.test(name)) return [];
  const acts = unique(parts.flatMap(({ effect }) => (effect?.kind === 'act' ? [effect.act] : [])));
  const hosts = unique(parts.flatMap(({ effect }) => (effect?.kind === 'network' ? [effect.host] : [])));
  const isAll = parts.every(({ effect }) => effect?.kind === 'act' || effect?.kind === 'network');
  if (!isAll || acts.length === 0 || hosts.some((host) => host === undefined || !/^[\w.-]+$/.test(host)))
    return [];
  const known = hosts.filter((host) => host !== undefined);
  const rules = [
    rule({ mcp: [name], acts: [...acts] }),
    ...(known.length === 0 ? [] : [rule({ mcp: [name], effects: ['network'], hosts: known })]),
  ];
  const at = known.length === 0 ? '' : ` at ${known.join(', ')}`;
  // A tool that no table knows may be given anything: nobody can answer for that for ever.
  const isForEver = rules.length === 1 && !acts.includes('mcp-call');
  return [
    {
      words: `${mcp.tool} of ${mcp.server}${at}`,
      short:
        known.length === 0 ? 'this tool' : `this tool at ${known.length === 1 ? 'this host' : 'these hosts'}`,
      rules: numbered(rules),
      lengths: isForEver ? ['time', 'until-clear', 'always'] : ['time', 'until-clear'],
    },
  ];
}

// ---------------------------------------------------------------- rules

function rule(matchers: Omit<Partial<RuleFile>, 'name' | 'action'>): RuleFile {
  return { name: 'granted', action: 'allow', risk_level: 'medium', ...matchers };
}

function numbered(rules: readonly RuleFile[]): readonly RuleFile[] {
  return rules.length === 1
    ? rules
    : rules.map((one, index) => ({ ...one, name: `${one.name}-${index + 1}` }));
}

/** All below a folder, from the session's own directory on. */
function globBelow(folder: string, own: string): string {
  return folder === own ? './**' : `${globOf(folder, own)}/**`;
}

function globOf(path: string, own: string): string {
  return `./${path.slice(own === '/' ? 1 : own.length + 1).replaceAll(/[\\*?[\]{},]/g, String.raw`\$&`)}`;
}

function unique<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Set(values)];
}
