import { fileURLToPath } from 'node:url';
import { LeashdError } from '../../errors.ts';
import { readAgentTool } from './agent-tool.ts';
import { browserTool } from './browser-tools.ts';
import type { Act, Unknown } from '../types.ts';

/** The two parts of `mcp__server__tool`: the first `__` after the prefix parts them, as Claude Code makes the name. */
export function splitMcpName(tool: string): { readonly server: string; readonly tool: string } | undefined {
  const [, server, name] = /^mcp__(.+?)__(.+)$/s.exec(tool) ?? [];
  return server === undefined || name === undefined ? undefined : { server, tool: name };
}

export type McpReading = {
  readonly acts: readonly Act[];
  /** Files it would send away. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly hosts: readonly (string | undefined)[];
  readonly doubts: readonly Unknown[];
};

/** What an MCP tool would do; all that is known of most is that it is one. */
export function readMcpTool(server: string, tool: string, input: unknown): McpReading {
  const row = server === 'playwright' ? browserTool(tool) : undefined;
  if (row === undefined) return { acts: ['mcp-call'], reads: [], writes: [], hosts: [], doubts: [] };
  const { acts, reads, writes, addresses, doubts: found } = readAgentTool(tool, row, input);
  const doubts: Unknown[] = [...found];
  const doubt = (why: string): void => void doubts.push({ about: 'input', why });
  const files: string[] = [];
  const hosts = addresses.flatMap((address) => {
    if (address === undefined || address === 'about:blank') return [];
    const host = webAddress(address);
    if (host !== undefined) return [host];
    doubt(`${address.slice(0, 100)} is no web address`);
    files.push(...fileOf(address));
    return [];
  });
  // The server takes a `~` for a folder of that name.
  for (const path of [...reads, ...writes])
    if (path.startsWith('~')) doubt(`where ${path.slice(0, 100)} leads is not known`);
  return { acts, reads: [...reads, ...files], writes, hosts, doubts };
}

/**
 * The file that a browser would show at such an address: `file:`, and `view-source:file:`, which @playwright/mcp 0.0.83 lets
 * pass. A browser leaves line breaks and tabs out.
 * @throws LeashdError when it is some file, but nobody can say which.
 */
function fileOf(address: string): string[] {
  const [, file] = /(?:^|:)\s*(file:.*)$/is.exec(address.replaceAll(/[\t\n\r]/g, '')) ?? [];
  if (file === undefined) return [];
  try {
    return [fileURLToPath(file)];
  } catch (cause) {
    const what = `${address.slice(0, 100)} is the address of a file that can't be placed`;
    throw new LeashdError('person', 'FILE_ADDRESS_UNUSABLE', what, {
      hint: 'Open web addresses in the browser, and read files with Read.',
      cause,
    });
  }
}

/** The host of an http(s) address. Undefined for anything else, `file:` above all. */
export function webAddress(url: string): string | undefined {
  // As whoever opens it does: `fil\te:` is `file:`.
  const plain = url.replaceAll(/[\t\n\r]/g, '').trim();
  const parsed = URL.parse(/^[a-z][a-z0-9+.-]*:/i.test(plain) ? plain : `https://${plain}`);
  if (parsed === null) return undefined;
  return parsed.protocol === 'http:' || parsed.protocol === 'https:' ? parsed.hostname : undefined;
}

/** The host of a web socket's address; undefined for anything else. */
export function socketHost(url: string): string | undefined {
  return /^wss?:/i.test(url) ? webAddress(url.replace(/^ws/i, 'http')) : undefined;
}
