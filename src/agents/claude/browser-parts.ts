import type { AgentDefinition } from '@anthropic-ai/claude-agent-sdk';
import {
  BROWSER_SERVER,
  browserInstruction,
  browserServer,
  makeBrowserFolder,
  type Browser,
} from './browser-server.ts';
import type { McpServer } from './options.ts';
import { TEST_AGENTS } from './test-agents.ts';

/** What a conversation with a browser gets beyond one without. */
export type BrowserParts = {
  readonly servers: Readonly<Record<string, McpServer>>;
  readonly agents: Readonly<Record<string, AgentDefinition>>;
  readonly instruction: string;
};

/** Undefined where there is no browser. A server of the person's under that name is theirs to describe. */
export function browserParts({
  browser,
  mcpServers = {},
}: {
  readonly browser?: Browser | undefined;
  readonly mcpServers?: Readonly<Record<string, McpServer>> | undefined;
}): BrowserParts | undefined {
  if (Object.hasOwn(mcpServers, BROWSER_SERVER)) return { servers: {}, agents: TEST_AGENTS, instruction: '' };
  if (browser === undefined) return undefined;
  makeBrowserFolder(browser.folder);
  const servers = { [BROWSER_SERVER]: browserServer(browser) };
  return { servers, agents: TEST_AGENTS, instruction: browserInstruction(browser) };
}
