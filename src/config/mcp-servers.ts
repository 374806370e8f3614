import { z } from 'zod';
import { nearest } from '../util/nearest.ts';
import type { IssueParams } from './diagnostics.ts';

/** A program that offers the agent tools, or an address where they are offered. */
export type McpServer =
  | {
      readonly type: 'stdio';
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
    }
  | {
      readonly type: 'http' | 'sse';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
    };

export type McpServers = Readonly<Record<string, McpServer>>;

// Numbers and flags are what YAML makes of `PORT: 3000`.
const word = z.union([z.string(), z.number(), z.boolean()], { error: 'text' }).transform(String);
const words = z.record(z.string(), word, { error: 'a mapping of names to texts' }).default({});

const stdioServer = z.strictObject({
  type: z.literal('stdio', { error: 'stdio, http or sse' }).default('stdio'),
  command: z.string({ error: 'the program to start' }).min(1, { error: 'the program to start' }),
  args: z.array(word, { error: 'a list of arguments' }).default([]),
  env: words,
});

const remoteServer = z.strictObject({
  type: z.enum(['http', 'sse'], { error: 'http or sse' }),
  url: z.url({ protocol: /^https?$/, error: 'an http:// or https:// address' }),
  headers: words,
});

/** A mapping of names to servers, as JSON text or as YAML. What stands in it is never quoted: it holds keys. */
export const mcpServers: z.ZodType<McpServers> = z
  .unknown()
  .transform((raw, context): McpServers => {
    const found = typeof raw === 'string' ? parseJson(raw) : { value: raw };
    const problems = 'problem' in found ? [found.problem] : [];
    const servers: Record<string, McpServer> = {};
    if ('value' in found && !isMapping(found.value)) problems.push('expected a mapping of names to servers');
    for (const [name, server] of 'value' in found && isMapping(found.value)
      ? Object.entries(found.value)
      : []) {
      const read = readServer(name, server);
      if (typeof read === 'object' && 'type' in read) servers[name] = read;
      else problems.push(...read);
    }
    const params: IssueParams = { isWhole: true };
    for (const message of problems) context.addIssue({ code: 'custom', message, params });
    return servers;
  })
  .describe('a JSON object (or YAML mapping) of names to servers');

function parseJson(text: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    // V8's message quotes the text; only the position may be told.
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    const where = position === undefined ? '' : ` (it breaks at character ${Number(position) + 1})`;
    return { problem: `expected a JSON object of names to servers, got text that is not JSON${where}` };
  }
}

function readServer(name: string, raw: unknown): McpServer | string[] {
  // `mcp__<server>__<tool>` is how tools are named, so two underscores in a row would be ambiguous.
  if (!/^[A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*$/.test(name)) {
    return [`server ${JSON.stringify(name)}: expected a name of letters, digits, - and single _`];
  }
  if (!isMapping(raw)) return [`server "${name}": expected a mapping with command or url`];
  const isRemote = raw['type'] === 'http' || raw['type'] === 'sse' || Object.hasOwn(raw, 'url');
  const schema = isRemote ? remoteServer : stdioServer;
  const read = schema.safeParse(raw);
  if (read.success) return read.data;
  const problems = read.error.issues.flatMap((issue) => describe(issue, Object.keys(schema.shape)));
  return problems.map((problem) => `server "${name}": ${problem}`);
}

function describe(issue: z.core.$ZodIssue, keys: readonly string[]): string[] {
  if (issue.code !== 'unrecognized_keys') return [`${issue.path.join('.')}: expected ${issue.message}`];
  return issue.keys.map((unknown) => {
    const meant = nearest(unknown, keys);
    const advice = meant === undefined ? `known are ${keys.join(', ')}` : `did you mean ${meant}?`;
    return `unknown key ${JSON.stringify(unknown)}; ${advice}`;
  });
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
