import type { CanUseTool } from '@anthropic-ai/claude-agent-sdk';
import { describe, expect, it } from 'vitest';
import type { AgentSessionId } from '../../core/ports/agent.ts';
import { queryOptions, type QueryOptions } from './options.ts';

const given: QueryOptions = {
  directory: '/project',
  otherDirectories: ['/other'],
  resume: undefined,
  appendix: 'words',
  maxTurns: 7,
  gate: () => Promise.resolve({}),
  gateTimeoutMs: 300_000,
  mcpServers: {},
  hasTools: true,
  environment: { HOME: '/home/ann' },
  claudePath: undefined,
  onStderr: () => {},
};

describe('queryOptions', () => {
  it('closes every way past the gate', () => {
    expect(queryOptions(given)).toMatchObject({
      permissionMode: 'default',
      settingSources: ['user'],
      strictMcpConfig: true,
      settings: {
        disableAllHooks: true,
        disableSkillShellExecution: true,
        useAutoModeDuringPlan: false,
        disableAutoMode: 'disable',
      },
      verbatimPrompts: true,
      hooks: { PreToolUse: [{ hooks: [given.gate], timeout: 3600, onFailure: 'block' }] },
    });
  });

  it.each([
    'canUseTool',
    'permissionPromptToolName',
    'allowDangerouslySkipPermissions',
    'allowedTools',
    'plugins',
    'agents',
    'extraArgs',
  ])('leaves %s alone, with which something else than the gate could decide', (name) => {
    expect(queryOptions(given)).not.toHaveProperty(name);
  });

  it('brings the OS sandbox only where it is asked for', () => {
    for (const name of ['sandbox', 'disallowedTools']) expect(queryOptions(given)).not.toHaveProperty(name);
    const askNetwork = () => Promise.resolve(null);
    const paths = { untouchable: [], unwritable: [] };
    const options = queryOptions({ ...given, osSandbox: { paths, askNetwork } });
    expect(options).toMatchObject({
      hooks: { PreToolUse: [{ hooks: [given.gate], onFailure: 'block' }] },
      canUseTool: askNetwork,
      sandbox: {
        enabled: true,
        autoAllowBashIfSandboxed: false,
        filesystem: { allowWrite: ['/project', '/other'] },
      },
    });
  });

  it('has questions answered by the person and connections by the gate, and offers no mode of its own', () => {
    const asked: string[] = [];
    const answer =
      (name: string): CanUseTool =>
      (tool) => {
        asked.push(`${name}: ${tool}`);
        return Promise.resolve({ behavior: 'deny', message: 'no' });
      };
    const askPerson = answer('person');
    const alone = queryOptions({ ...given, askPerson });
    expect(alone.tools).toContain('AskUserQuestion');
    expect(alone).toMatchObject({
      canUseTool: askPerson,
      disallowedTools: ['EnterPlanMode', 'ExitPlanMode'],
    });
    const osSandbox = { paths: { untouchable: [], unwritable: [] }, askNetwork: answer('network') };
    const { canUseTool } = queryOptions({ ...given, askPerson, osSandbox });
    const context = { signal: new AbortController().signal, toolUseID: 'c1', requestId: 'r1' };
    for (const tool of ['AskUserQuestion', 'SandboxNetworkAccess', 'Write'])
      void canUseTool?.(tool, {}, context);
    expect(asked).toEqual(['person: AskUserQuestion', 'network: SandboxNetworkAccess', 'network: Write']);
    const alike = queryOptions({ ...given, osSandbox });
    expect(alike.tools).not.toContain('AskUserQuestion');
    expect(alike.disallowedTools).toContain('AskUserQuestion');
  });

  it('lets the gate be the first to give up, however long it may take', () => {
    const options = queryOptions({ ...given, gateTimeoutMs: 7_200_500 });
    expect(options.hooks?.PreToolUse?.[0]?.timeout).toBe(7261);
  });

  it('passes on where it works, what it is told and as whom it runs', () => {
    expect(queryOptions(given)).toMatchObject({
      cwd: '/project',
      additionalDirectories: ['/other'],
      env: { HOME: '/home/ann' },
      maxTurns: 7,
      systemPrompt: { type: 'preset', preset: 'claude_code', append: 'words', snapshot: false },
    });
  });

  it('takes a session up again only when there is one', () => {
    expect(queryOptions(given)).not.toHaveProperty('resume');
    expect(queryOptions({ ...given, resume: 'abc' as AgentSessionId }).resume).toBe('abc');
  });

  it('starts another claude where one is named, in a way that older ones know', () => {
    expect(queryOptions(given)).not.toHaveProperty('pathToClaudeCodeExecutable');
    expect(queryOptions(given).mcpServersDelivery).toBe('initialize');
    expect(queryOptions({ ...given, claudePath: '/opt/claude' })).toMatchObject({
      pathToClaudeCodeExecutable: '/opt/claude',
      mcpServersDelivery: 'argv',
    });
  });
});
