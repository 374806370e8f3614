import { LeashdError } from '../errors.ts';
import { readAgentTool } from './agent-tools.ts';
import { readBash } from './bash.ts';
import { digestOf } from './digest.ts';
import type { FileView } from './file-view.ts';
import { globBase } from './glob-base.ts';
import { readMcpTool, splitMcpName, webAddress } from './mcp-tools.ts';
import { resolvePath } from './paths.ts';
import { readInput, TOOL_INPUTS } from './tool-inputs.ts';
import type { ToolName } from './tool-inputs.ts';
import type { Effect, Footprint, ResolvedPath, ToolCall, TreeReach, Unknown } from './types.ts';

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
  if (isToolName(call.tool)) return READERS[call.tool](call, place);
  const mcp = splitMcpName(call.tool);
  if (mcp !== undefined) return readMcp(call, mcp, place);
  const known = readAgentTool(call.tool, call.input);
  if (known === undefined)
    return parts([], [{ about: 'tool', why: `what the tool ${call.tool.slice(0, 100)} does is not known` }]);
  const doubts: Unknown[] = known.doubt === undefined ? [] : [{ about: 'input', why: known.doubt }];
  return parts(
    known.acts.map((act) => ({ kind: 'act', act })),
    doubts,
  );
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
  return searchTree(globs, path ?? '.', { contents: 'unignored', only }, call, place);
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

function readBashCall(call: ToolCall, { view, home }: FootprintPlace): Parts {
  const input = readInput('Bash', call.input);
  const directory = view.real(call.directory) ?? call.directory;
  const { unknowns, ...reading } = readBash(input.command, { directory, home, view });
  const doubts = [...unknowns];
  if (input.dangerouslyDisableSandbox === true) {
    doubts.push({ about: 'input', why: "it asks to run without the agent's own sandbox" });
  }
  return { ...reading, unknowns: doubts };
}

function readWebFetch(call: ToolCall): Parts {
  const { url } = readInput('WebFetch', call.input);
  const host = webAddress(url);
  if (host !== undefined) return parts([{ kind: 'network', host }]);
  return parts(
    [{ kind: 'network', host: undefined }],
    [{ about: 'input', why: `${url.slice(0, 100)} is no web address` }],
  );
}

function readMcp(
  call: ToolCall,
  mcp: { readonly server: string; readonly tool: string },
  place: FootprintPlace,
): Parts {
  const reading = readMcpTool(mcp.server, mcp.tool, call.input);
  const effects: Effect[] = [
    { kind: 'act', act: reading.act },
    ...reading.hosts.map((host): Effect => ({ kind: 'network', host })),
    ...reading.reads.map((path): Effect => ({ kind: 'read', path: resolve(path, call, place) })),
  ];
  return {
    ...parts(
      effects,
      reading.doubts.map((why) => ({ about: 'input', why })),
    ),
    mcp,
  };
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
