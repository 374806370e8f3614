import { isIPv6 } from 'node:net';
import { LeashdError } from '../../errors.ts';
import { readAgentTool } from './agent-tool.ts';
import { readBash } from './bash.ts';
import { digestOf } from './digest.ts';
import type { FileView } from '../file-view.ts';
import { globBase } from './glob-base.ts';
import { agentTool, knownFields } from './known-fields.ts';
import { readMcpTool, socketHost, splitMcpName, webAddress } from './mcp-tools.ts';
import { resolvePath } from '../paths.ts';
import { readInput, TOOL_INPUTS } from './tool-inputs.ts';
import type { ToolName } from './tool-inputs.ts';
import type { Effect, Footprint, ResolvedPath, ToolCall, TreeReach, Unknown } from '../types.ts';

/** What of the machine a footprint depends on. */
export type FootprintPlace = { readonly view: FileView; readonly home: string };

type Parts = Omit<Footprint, 'tool' | 'digest'>;

/**
 * What a tool call would do. Pure, given the view of the file system.
 * @throws LeashdError when the input is not of the tool's shape, or a path can't be placed.
 */
export function footprintOf(call: ToolCall, place: FootprintPlace): Footprint {
  return { tool: call.tool, ...partsOf(call, place), digest: digestOf(call) };
}

function partsOf(call: ToolCall, place: FootprintPlace): Parts {
  if (isToolName(call.tool)) return withoutSurprise(READERS[call.tool](call, place), call.tool, call);
  const mcp = splitMcpName(call.tool);
  if (mcp !== undefined) return readMcp(call, mcp, place);
  return readAgentCall(call, place);
}

/** A field that its tool is not known to have may change what it does. */
function withoutSurprise(read: Parts, tool: ToolName, { input }: ToolCall): Parts {
  const known = knownFields(tool);
  const field = Object.keys(input ?? {}).find((name) => known?.has(name) !== true);
  if (field === undefined) return read;
  const why = `what ${tool} does with ${field.slice(0, 60)} is not known`;
  return { ...read, unknowns: [...read.unknowns, { about: 'input', why }] };
}

function readAgentCall(call: ToolCall, place: FootprintPlace): Parts {
  const tool = agentTool(call.tool);
  if (tool === undefined) {
    const why = `what the tool ${call.tool.slice(0, 100)} does is not known`;
    return parts([], [{ about: 'tool', why }]);
  }
  const { acts, reads, writes, commands, addresses, doubts } = readAgentTool(call.tool, tool, call.input);
  const unknowns: Unknown[] = [...doubts];
  const hosts = addresses.map((address) => {
    const host = address === undefined ? undefined : socketHost(address);
    if (address !== undefined && host === undefined)
      unknowns.push({ about: 'input', why: `${address.slice(0, 100)} is no web address` });
    return host;
  });
  const onFiles = (kind: 'read' | 'write', paths: readonly string[]): Effect[] =>
    paths.map((path) => ({ kind, path: resolve(path, call, place) }));
  const own: Effect[] = [
    ...acts.map((act): Effect => ({ kind: 'act', act })),
    ...onFiles('read', reads),
    ...onFiles('write', writes),
    ...hosts.map((host): Effect => ({ kind: 'network', host })),
  ];
  const [command] = commands;
  if (command === undefined) return parts(own, unknowns);
  const shell = readShellText(command, call, place);
  return {
    ...shell,
    effects: [...own, ...shell.effects],
    unknowns: [...unknowns, ...shell.unknowns],
  };
}

function isToolName(tool: string): tool is ToolName {
  return Object.hasOwn(TOOL_INPUTS, tool);
}

const READERS: Readonly<Record<ToolName, (call: ToolCall, place: FootprintPlace) => Parts>> = {
  Read: (call, place) => onFile('read', readInput('Read', call.input).file_path, call, place),
  Write: (call, place) => onFile('write', readInput('Write', call.input).file_path, call, place),
  Edit: (call, place) => onFile('write', readInput('Edit', call.input).file_path, call, place),
  MultiEdit: (call, place) => onFile('write', readInput('MultiEdit', call.input).file_path, call, place),
  NotebookEdit: (call, place) =>
    onFile('write', readInput('NotebookEdit', call.input).notebook_path, call, place),
  LS: (call, place) => onFile('read', readInput('LS', call.input).path ?? '.', call, place),
  Glob: readGlob,
  Grep: readGrep,
  Bash: readBashCall,
  WebFetch: readWebFetch,
  WebSearch: (call) => {
    readInput('WebSearch', call.input);
    return parts([{ kind: 'network', host: undefined }]);
  },
  SandboxNetworkAccess: (call) => {
    const { host } = readInput('SandboxNetworkAccess', call.input);
    return readAddress(host, `https://${isIPv6(host) ? `[${host}]` : host}/`);
  },
};

function onFile(kind: 'read' | 'write', path: string, call: ToolCall, place: FootprintPlace): Parts {
  return parts([{ kind, path: resolve(path, call, place) }]);
}

function readGlob(call: ToolCall, place: FootprintPlace): Parts {
  const { pattern, path } = readInput('Glob', call.input);
  return searchTree([pattern], path ?? '.', { contents: 'names' }, call, place);
}

function readGrep(call: ToolCall, place: FootprintPlace): Parts {
  const { path, glob, type } = readInput('Grep', call.input);
  const globs = splitGlobs(glob ?? '');
  const only = [
    ...globs,
    ...(type === null || type === undefined || BROAD_TYPES.has(type) ? [] : [`*.${type}`]),
  ];
  // A glob brings back what .gitignore leaves out (rg(1), --glob).
  const contents = globs.length > 0 ? 'all' : 'unignored';
  return searchTree(globs, path ?? '.', { contents, only }, call, place);
}

// ripgrep's types among whose files credentials may be (ripgrep --type-list).
const BROAD_TYPES = new Set(['all', 'config', 'json', 'yaml', 'toml', 'xml', 'txt', 'sh', 'protobuf']);

/** Claude Code parts several globs at blanks, and at commas outside of braces. */
function splitGlobs(glob: string): string[] {
  return glob
    .split(/\s+/)
    .flatMap((part) => (part.includes('{') ? [part] : part.split(',')))
    .filter((part) => part !== '' && !part.startsWith('!'));
}

/** A search for files that fit `patterns` below `folder`, which both can lead elsewhere. */
function searchTree(
  patterns: readonly string[],
  folder: string,
  reach: TreeReach,
  call: ToolCall,
  place: FootprintPlace,
): Parts {
  const start = resolve(folder, call, place);
  const effects: Effect[] = [{ kind: 'read-tree', path: start, reach }];
  const unknowns: Unknown[] = [];
  for (const pattern of patterns) {
    const { base, climbs } = globBase(pattern);
    if (base !== '') {
      effects.push({ kind: 'read-tree', path: resolvePath(base, start.real, place.home, place.view), reach });
    }
    if (climbs)
      unknowns.push({
        about: 'path',
        why: `the pattern ${pattern.slice(0, 100)} can lead out of its folder`,
      });
  }
  return parts(effects, unknowns);
}

function readShellText(text: string, call: ToolCall, { view, home }: FootprintPlace): Parts {
  const directory = view.real(call.directory) ?? call.directory;
  return readBash(text, { directory, home, view });
}

function readBashCall(call: ToolCall, place: FootprintPlace): Parts {
  const input = readInput('Bash', call.input);
  const { unknowns, ...reading } = readShellText(input.command, call, place);
  const doubts = [...unknowns];
  if (input.dangerouslyDisableSandbox === true) {
    doubts.push({ about: 'input', why: "it asks to run without the agent's own sandbox" });
  }
  return { ...reading, unknowns: doubts };
}

function readWebFetch(call: ToolCall): Parts {
  const { url } = readInput('WebFetch', call.input);
  return readAddress(url, url);
}

function readAddress(given: string, url: string): Parts {
  const host = webAddress(url);
  if (host !== undefined) return parts([{ kind: 'network', host }]);
  return parts(
    [{ kind: 'network', host: undefined }],
    [{ about: 'input', why: `${given.slice(0, 100)} is no web address` }],
  );
}

function readMcp(
  call: ToolCall,
  mcp: { readonly server: string; readonly tool: string },
  place: FootprintPlace,
): Parts {
  const { acts, reads, writes, hosts, doubts } = readMcpTool(mcp.server, mcp.tool, call.input);
  const effects: Effect[] = [
    ...acts.map((act): Effect => ({ kind: 'act', act })),
    ...hosts.map((host): Effect => ({ kind: 'network', host })),
    ...reads.map((path): Effect => ({ kind: 'read', path: resolve(path, call, place) })),
    ...writes.map((path): Effect => ({ kind: 'write', path: resolve(path, call, place) })),
  ];
  return { ...parts(effects, doubts), mcp };
}

/** Claude Code composes the characters of a path before it uses it, so both ways to write it must be one place. */
function resolve(path: string, call: ToolCall, { view, home }: FootprintPlace): ResolvedPath {
  const found = resolvePath(path, call.directory, home, view);
  const composed = path.normalize('NFC');
  if (composed === path) return found;
  const other = resolvePath(composed, call.directory, home, view);
  if (other.real.normalize('NFC') === found.real.normalize('NFC')) return found;
  throw new LeashdError('person', 'PATH_UNUSABLE', `the path ${JSON.stringify(path)} leads to two places`, {
    hint: 'Two files have names that look the same; give one of them another name.',
  });
}

function parts(effects: readonly Effect[], unknowns: readonly Unknown[] = []): Parts {
  return { commands: [], effects, unknowns };
}
