import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserServer } from '../../src/agents/claude/browser-server.ts';
import type { McpServer } from '../../src/agents/claude/options.ts';
import { TEST_AGENTS } from '../../src/agents/claude/test-agents.ts';
import { BROWSER_TOOLS } from '../../src/safety/footprint/browser-tools.ts';
import { CHROMIUM, NO_CHROMIUM } from '../fixtures/chromium.ts';
import { collectTurn, createClaudeStage, type ClaudeStage } from '../fixtures/claude-stage.ts';
import { connectMcp, type McpClient, type OfferedTool } from '../fixtures/mcp-client.ts';
import { text, useTool } from '../fixtures/messages-api/reply.ts';

let stage: ClaudeStage;
let folder = '';
beforeAll(async () => {
  stage = await createClaudeStage();
  folder = join(stage.home.home, 'saved');
});
afterAll(() => stage.dispose());

function connect(): Promise<McpClient> {
  const server = browserServer({ program: CHROMIUM ?? '/nowhere', folder });
  if (server.type !== 'stdio') throw new Error('it is started as a program');
  const environment = { ...stage.home.environment, PLAYWRIGHT_MCP_CAPS: 'pdf,storage', MY_TOKEN: 'x' };
  return connectMcp(server, { directory: stage.home.project, environment });
}

describe('the browser’s server as leashd starts it', () => {
  let offered: readonly OfferedTool[] = [];
  beforeAll(async () => {
    const server = await connect();
    offered = await server.tools();
    await server.close();
  });
  const fieldsOf = ({ inputSchema }: OfferedTool): readonly string[] => Object.keys(inputSchema.properties);

  it('offers the tools and fields that the gate’s table knows, and says of each whether it looks', () => {
    const told = offered.map((tool) => ({
      name: tool.name,
      looks: tool.annotations.readOnlyHint,
      unknown: fieldsOf(tool).filter(
        (field) => !Object.hasOwn(BROWSER_TOOLS[tool.name]?.fields ?? {}, field),
      ),
    }));
    const known = Object.entries(BROWSER_TOOLS).map(([name, { acts }]) => ({
      name,
      looks: acts.every((act) => act === 'browser-read'),
      unknown: [],
    }));
    const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
    expect(told.sort(byName)).toEqual(known.sort(byName));
  });

  it('gives each field that is a path, an address or code its meaning', () => {
    const meanings = offered.flatMap((tool) =>
      fieldsOf(tool)
        .filter((field) => /file|path|url|code/i.test(field))
        .map((field) => `${field} ${BROWSER_TOOLS[tool.name]?.fields[field]?.kind}`),
    );
    expect([...new Set(meanings)].sort()).toEqual([
      'code asks',
      'filename asks',
      'filename writes',
      'paths reads',
      'url page',
    ]);
  });

  it('has every tool that the test agents are given', () => {
    const tools = Object.values(TEST_AGENTS).flatMap((agent) => agent.tools ?? []);
    const browsers = tools.filter((tool) => tool.startsWith('mcp__'));
    for (const tool of browsers) expect(BROWSER_TOOLS).toHaveProperty(tool.replace('mcp__playwright__', ''));
    expect(browsers.join()).not.toMatch(/run_code|evaluate|upload|drop/);
  });
});

describe.skipIf(CHROMIUM === undefined)(`the browser itself${NO_CHROMIUM}`, () => {
  let web: Server;
  let url = '';
  beforeAll(async () => {
    web = createServer((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<a href="file:///etc/hostname" id=f>file</a><a href="view-source:file:///etc/hostname" id=v>
        source</a><a href="data:,x" download="../../../escaped.txt" id=d>load</a>`);
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/`;
  });
  afterAll(() => {
    web.closeAllConnections();
    web.close();
  });

  it('keeps a page from the machine’s files, saves where it was told, and knows no key', async () => {
    const server = await connect();
    await server.call('browser_navigate', { url });
    for (const target of ['#f', '#v']) {
      await server.call('browser_click', { target });
      expect((await server.call('browser_snapshot')).text).toContain(`Page URL: ${url}`);
    }
    await server.call('browser_click', { target: '#d' });
    expect((await server.call('browser_navigate', { url: 'file:///etc/hostname' })).isError).toBe(true);
    expect((await server.call('browser_take_screenshot', { filename: '../out.png' })).isError).toBe(true);
    const names = 'async (page) => page.constructor.constructor("return Object.keys(process.env)")()';
    const { text: environment } = await server.call('browser_run_code_unsafe', { code: names });
    await server.close();
    expect(environment).toContain('HOME');
    expect(environment).not.toMatch(/TOKEN|ANTHROPIC|CLAUDE|PLAYWRIGHT/);
    expect(readdirSync(folder).join(' ')).toMatch(/escaped\.txt/);
    expect(existsSync(join(stage.home.home, 'escaped.txt'))).toBe(false);
    expect(readdirSync(stage.home.environment['TMPDIR'] ?? '').join(' ')).not.toContain('profile');
  }, 30_000);

  it('is offered where it is wanted, and works where the gate believes it to', async () => {
    mkdirSync(join(stage.home.project, 'sub'));
    const browser = { program: CHROMIUM ?? '', folder };
    const conversation = stage.open({ hasBrowser: true }, { browser });
    const shot = { filename: 'shot.png' };
    stage.api.enqueue(
      useTool('Bash', { command: 'cd sub' }),
      useTool('mcp__playwright__browser_take_screenshot', shot, { id: 'shot' }),
      useTool('Agent', {
        description: 'x',
        prompt: 'PLAN IT',
        subagent_type: 'playwright-test-planner',
        run_in_background: false,
      }),
      text('done'),
    );
    let tools: readonly string[] = [];
    const isPlanner = (prompt: string): boolean => prompt.includes('PLAN IT');
    stage.api.on(
      ({ kind, prompt, body }) => {
        const isIt = kind === 'subagent' && isPlanner(prompt);
        if (isIt) tools = (body.tools ?? []).map(({ name }) => name);
        return isIt;
      },
      text('the plan'),
      { times: 1 },
    );
    await collectTurn(conversation, 'take a picture');
    await conversation.close();
    expect(stage.calls.find(({ tool }) => tool.startsWith('mcp__'))).toMatchObject({
      input: shot,
      directory: stage.home.project,
    });
    expect(stage.api.lastToolResult('shot')?.text).toContain(join(stage.home.project, 'shot.png'));
    expect(existsSync(join(stage.home.project, 'shot.png'))).toBe(true);
    expect(tools).toEqual(expect.arrayContaining(TEST_AGENTS['playwright-test-planner']?.tools ?? ['none']));
    expect(tools).not.toEqual(expect.arrayContaining(['Write']));
  }, 30_000);
});

describe('a server of the person’s own', () => {
  const echo = join(import.meta.dirname, '../fixtures/mcp-echo-child.ts');
  const own: McpServer = {
    type: 'stdio',
    command: process.execPath,
    args: [echo],
    env: {},
    alwaysLoad: true,
  };

  it('stands in the browser’s place under its name, and is nobody’s browser under another', async () => {
    const browser = { program: '/nowhere', folder };
    stage.api.enqueue(useTool('mcp__playwright__say', { words: 'mine' }, { id: 'mine' }), text('done'));
    await collectTurn(stage.open({ hasBrowser: true }, { browser, mcpServers: { playwright: own } }), 'say');
    expect(stage.api.lastToolResult('mine')?.text).toContain('mine');
    stage.api.enqueue(useTool('mcp__playwright__browser_close', {}, { id: 'none' }), text('done'));
    await collectTurn(stage.open({}, { browser }), 'close it');
    expect(stage.api.lastToolResult('none')).toMatchObject({ isError: true });
  }, 30_000);
});
