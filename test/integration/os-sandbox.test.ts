import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sandboxObstacle } from '../../src/agents/claude/os-sandbox-probe.ts';
import type { SandboxPaths } from '../../src/agents/claude/os-sandbox.ts';
import type { AgentEvent, Conversation } from '../../src/core/ports/agent.ts';
import type { ToolGate } from '../../src/core/ports/gate.ts';
import { collectTurn, createClaudeStage, finishOf, type ClaudeStage } from '../fixtures/claude-stage.ts';
import { text, useTool } from '../fixtures/messages-api/reply.ts';

// The real `claude` with a gate that allows everything: what is held here is held by the operating system.

const environment = { PATH: process.env['PATH'] ?? '' };
const obstacle = await sandboxObstacle({ environment, platform: process.platform });
if (obstacle !== undefined) console.warn(`skipped: the OS sandbox can't run here (${obstacle.reason})`);

const nothingOwn: SandboxPaths = { untouchable: [], unwritable: [] };

let stage: ClaudeStage;
let outside: string;

beforeEach(async () => {
  stage = await createClaudeStage();
  outside = await realpath(await mkdtemp(join(tmpdir(), 'leashd-outside-')));
});
afterEach(async () => {
  await stage.dispose();
  await rm(outside, { recursive: true, force: true });
});

type RunOptions = {
  readonly osSandbox?: SandboxPaths;
  readonly gate?: ToolGate;
  readonly otherDirectories?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
};

type Outcome = {
  readonly told: readonly string[];
  readonly events: readonly AgentEvent[];
  readonly conversation: Conversation;
};

const sandboxed: RunOptions = { osSandbox: nothingOwn };

/** What each command told, in order; `events` are those of the turn. */
async function bash(
  inputs: readonly (string | Readonly<Record<string, unknown>>)[],
  { osSandbox, gate, otherDirectories = [], environment: env }: RunOptions,
): Promise<Outcome> {
  const ids = inputs.map((_, index) => `toolu_${index}`);
  for (const [index, input] of inputs.entries()) {
    const fields = typeof input === 'string' ? { command: input } : input;
    stage.api.enqueue(useTool('Bash', fields, { id: ids[index] }));
  }
  stage.api.enqueue(text('Done.'));
  const conversation = stage.open(
    { otherDirectories, ...(gate && { gate }) },
    { osSandbox, ...(env && { environment: env }) },
  );
  const events = await collectTurn(conversation, 'go');
  return {
    told: ids.map((id) => stage.api.lastToolResult(id)?.text ?? 'nothing came back'),
    events,
    conversation,
  };
}

describe.skipIf(obstacle !== undefined)('commands in the OS sandbox', () => {
  it('write in the session’s directories and the shell’s temporary folder', async () => {
    const other = join(stage.home.home, 'other');
    await mkdir(other);
    await bash(
      [`echo a > in.txt; echo b > ${other}/in.txt`, 'echo c > "$TMPDIR/t" && cp "$TMPDIR/t" copy.txt'],
      { ...sandboxed, otherDirectories: [other] },
    );
    expect(await readFile(join(stage.home.project, 'in.txt'), 'utf8')).toBe('a\n');
    expect(await readFile(join(other, 'in.txt'), 'utf8')).toBe('b\n');
    expect(await readFile(join(stage.home.project, 'copy.txt'), 'utf8')).toBe('c\n');
  });

  it('write nowhere else, whatever the gate allows', async () => {
    const child = `sh -c 'echo x > ${outside}/child'`;
    const { told } = await bash(
      [`echo x > ${outside}/plain`, child, { command: `touch ${outside}/bg`, run_in_background: true }],
      sandboxed,
    );
    expect(told[0]).toContain('Read-only file system');
    expect(told[1]).toContain('Read-only file system');
    for (const name of ['plain', 'child', 'bg']) expect(existsSync(join(outside, name))).toBe(false);
    expect(stage.calls.map(({ tool }) => tool)).toEqual(['Bash', 'Bash', 'Bash']);
  });

  it('can’t be taken out of it by the agent', async () => {
    const command = `echo x > ${outside}/out`;
    await bash([{ command, dangerouslyDisableSandbox: true }], sandboxed);
    expect(existsSync(join(outside, 'out'))).toBe(false);
  });

  it('are still decided by the gate, one by one', async () => {
    const gate: ToolGate = (call) => {
      stage.calls.push(call);
      return Promise.resolve({ kind: 'deny', message: 'Not in this house.' });
    };
    const { told } = await bash(['echo x > in.txt', 'ls'], { ...sandboxed, gate });
    expect(stage.calls.map(({ input }) => input)).toEqual([
      { command: 'echo x > in.txt' },
      { command: 'ls' },
    ]);
    expect(told.join()).toMatch(/Not in this house.*Not in this house/s);
    expect(existsSync(join(stage.home.project, 'in.txt'))).toBe(false);
  });

  it('find leashd’s own files closed, though they lie in a directory', async () => {
    const untouchable = join(stage.home.project, '.leashd');
    const unwritable = join(stage.home.project, 'rules.yaml');
    await mkdir(untouchable);
    await writeFile(join(untouchable, 'audit.jsonl'), 'OWN WORDS');
    await writeFile(unwritable, 'rules');
    const osSandbox = {
      untouchable: [untouchable, join(stage.home.project, 'absent.db')],
      unwritable: [unwritable],
    };
    const removing = [
      'ln -s .leashd link; echo x >> link/audit.jsonl; rm link/audit.jsonl',
      'mv .leashd x; rm -rf .leashd; chmod -R 777 .leashd; find . -delete',
      'git init -q .; git clean -ffdxq; cd ..; mv "$OLDPWD" moved; true',
    ].join('; ');
    const { told } = await bash(
      [
        'cat .leashd/audit.jsonl',
        'echo x > .leashd/audit.jsonl; echo x > rules.yaml; cat rules.yaml; ls',
        removing,
      ],
      { osSandbox },
    );
    expect(told.join()).not.toContain('OWN WORDS');
    expect(told.join()).not.toContain('absent.db');
    expect(told[1]).toContain('rules');
    expect(await readFile(join(untouchable, 'audit.jsonl'), 'utf8')).toBe('OWN WORDS');
    expect(await readFile(unwritable, 'utf8')).toBe('rules');
  });

  it('stay in it where the person’s own settings are looser', async () => {
    const sandbox = {
      enabled: false,
      allowUnsandboxedCommands: true,
      autoAllowBashIfSandboxed: true,
      filesystem: { disabled: true },
      allowNestedUserNamespaces: true,
    };
    await writeFile(join(stage.home.config, 'settings.json'), JSON.stringify({ sandbox }));
    await bash([{ command: `echo x > ${outside}/out`, dangerouslyDisableSandbox: true }], sandboxed);
    expect(existsSync(join(outside, 'out'))).toBe(false);
    expect(stage.calls).toHaveLength(1);
  });

  it('leave no file of it behind in the project', async () => {
    const { told, conversation } = await bash(['ls -A'], sandboxed);
    expect(told[0]).toContain('.mcp.json');
    await conversation.close();
    // An empty folder of Claude Code's own is all; git does not see those.
    const left = await readdir(stage.home.project, { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => !entry.isDirectory()).map(({ name }) => name)).toEqual([]);
  });

  it('commit what is named, and what is known, to git', async () => {
    const commit = 'git -c user.name=a -c user.email=a@example.com commit -q';
    const { told } = await bash(
      [
        'git init -q .; echo a > a.txt; git add a.txt',
        `${commit} -m one`,
        `echo b > a.txt; ${commit} -am two`,
        'git log --format=%s',
      ],
      sandboxed,
    );
    expect(told[3]).toBe('two\none');
  });

  it('do not run when it can’t start', async () => {
    const empty = join(stage.home.home, 'bin');
    await mkdir(empty);
    const { events } = await bash(['touch ran'], {
      ...sandboxed,
      environment: { ...stage.home.environment, PATH: empty },
    });
    expect(existsSync(join(stage.home.project, 'ran'))).toBe(false);
    const { outcome } = finishOf(events);
    expect(outcome.kind).toBe('failed');
    expect(JSON.stringify(outcome)).toMatch(/sandbox/i);
  });

  it('come with no tool that needs a person in front of Claude Code', async () => {
    await bash(['ls'], sandboxed);
    const body = stage.api.requests()[0]?.body;
    // Some stand in the list of tools, some by name in a message.
    const listed = JSON.stringify(body?.messages).split('\\n');
    const names = [...(body?.tools ?? []).map((tool) => tool.name), ...listed];
    expect(names).toContain('Bash');
    expect(names).toContain('WebFetch');
    for (const name of ['AskUserQuestion', 'EnterPlanMode', 'ExitPlanMode'])
      expect(names).not.toContain(name);
  });
});

describe.skipIf(obstacle !== undefined)('the network of sandboxed commands', () => {
  let server: Server;
  let port: number;
  let reached: number;

  beforeEach(async () => {
    reached = 0;
    server = createServer((_request, response) => {
      reached += 1;
      response.end('pong');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });
  afterEach(() => server.close());

  // Through the sandbox's proxy, which is left out for this machine otherwise.
  const fetchIt = (): string => `curl -sS -m 20 --noproxy '' http://127.0.0.1:${port}/`;

  it('asks the gate for a host, and is shut for one that it denies', async () => {
    const gate: ToolGate = (call) => {
      stage.calls.push(call);
      const isHost = call.tool === 'SandboxNetworkAccess';
      return Promise.resolve(isHost ? { kind: 'deny', message: 'no' } : { kind: 'allow' });
    };
    await bash([fetchIt()], { ...sandboxed, gate });
    expect(stage.calls.map(({ tool }) => tool)).toEqual(['Bash', 'SandboxNetworkAccess']);
    expect(stage.calls[1]).toMatchObject({ input: { host: '127.0.0.1' }, directory: stage.home.project });
    expect(reached).toBe(0);
  });

  it('is open for a host that the gate allows, and asked about once', async () => {
    const { told } = await bash([fetchIt(), fetchIt()], sandboxed);
    expect(told).toEqual(['pong', 'pong']);
    expect(stage.calls.map(({ tool }) => tool)).toEqual(['Bash', 'SandboxNetworkAccess', 'Bash']);
    expect(reached).toBe(2);
  });

  it('has no way around the proxy', async () => {
    const { told } = await bash([`curl -sS -m 5 --noproxy '*' http://127.0.0.1:${port}/`], sandboxed);
    expect(told[0]).toContain('Failed to connect');
    expect(reached).toBe(0);
  });
});

describe('without the OS sandbox', () => {
  it('the same write outside happens: the gate was what held it', async () => {
    await bash([`echo x > ${outside}/plain`], {});
    expect(await readFile(join(outside, 'plain'), 'utf8')).toBe('x\n');
  });
});
