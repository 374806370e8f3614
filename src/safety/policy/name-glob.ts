import { globPiece } from './glob-source.ts';
import { compilePattern } from './pattern.ts';

export type HostGlob = (host: string | undefined) => boolean;
export type McpGlob = (mcp: { readonly server: string; readonly tool: string }) => boolean;

/**
 * Compiles one entry of `hosts`: `example.com` is that host alone, `*.example.com` all below it, `*` every one. A host
 * that can't be known fits `*` in a rule that asks or denies, and nothing else.
 * @throws Error with one sentence when it is no host.
 */
export function compileHost(source: string, isWary: boolean): HostGlob {
  if (!/^[\w.*:[\]-]+$/.test(source) || /^[^:]+:\d+$/.test(source)) {
    throw new Error('a host such as example.com or *.example.com, without scheme, port or path');
  }
  const pattern = compilePattern(`(?i)^${globPiece(plainHost(source))}$`);
  return (host) => (host === undefined ? isWary && source === '*' : pattern.test(plainHost(host)));
}

function plainHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

/**
 * Compiles one entry of `mcp`: `server` is every tool of it, `server/tool` one; `*` is any part of a name.
 * @throws Error with one sentence when it is neither.
 */
export function compileMcp(source: string): McpGlob {
  const [server = '', tool = '*', ...more] = source.split('/');
  if (server === '' || tool === '' || more.length > 0) throw new Error('server or server/tool');
  const serverPattern = compilePattern(`(?s)^${globPiece(server)}$`);
  const toolPattern = compilePattern(`(?s)^${globPiece(tool)}$`);
  return (mcp) => serverPattern.test(mcp.server) && toolPattern.test(mcp.tool);
}
