import { readFile } from 'node:fs/promises';
import {
  BUILTIN_TOOL_NAMES,
  LEGACY_TOOL_NAME_ALIASES,
  query,
  type Options,
} from '@anthropic-ai/claude-agent-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { knownFields } from '../../src/safety/footprint/known-fields.ts';
import { collectTurn, createClaudeStage, type ClaudeStage } from '../fixtures/claude-stage.ts';
import { text, useTool } from '../fixtures/messages-api/reply.ts';

// Each tool that Claude Code has, and each field of its input, stands in one of the gate's tables: a new version that
// brings another one fails here, and asks the person until it is classified.

let stage: ClaudeStage;
beforeEach(async () => {
  stage = await createClaudeStage();
});
afterEach(async () => stage.dispose());

const toolSchema = z.looseObject({
  name: z.string(),
  input_schema: z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() }).optional(),
});

/** `Tool` and `Tool.field` for everything that no table knows. */
function unknownOf(tool: string, fields: readonly string[]): readonly string[] {
  if (tool.startsWith('mcp__')) return [];
  const known = knownFields(tool);
  if (known === undefined) return [tool];
  return fields.filter((field) => !known.has(field)).map((field) => `${tool}.${field}`);
}

/** What of the tools that were offered to the scripted model no table knows. */
function unknownOffers(): readonly string[] {
  const offers = stage.api.requests().flatMap(({ body }) => z.array(toolSchema).parse(body.tools ?? []));
  return offers.flatMap(({ name, input_schema }) =>
    unknownOf(name, Object.keys(input_schema?.properties ?? {})),
  );
}

function offered(): readonly string[] {
  const names = stage.api.requests().flatMap(({ body }) => (body.tools ?? []).map((tool) => tool.name));
  return [...new Set(names)].toSorted();
}

// Schemas that are put off until the model searches for them come at once, so that each can be looked at.
const LOADED = { ENABLE_TOOL_SEARCH: 'false' };

const LEASHD_OFFERS =
  'Agent Bash Edit Glob Grep NotebookEdit Read Skill TaskStop WebFetch WebSearch Write'.split(' ');

describe('the tools of the real program', () => {
  it('are all known as leashd starts it, to the main agent and to a helper', async () => {
    const environment = { ...stage.home.environment, ...LOADED };
    const helper = {
      description: 'd',
      prompt: 'HELP',
      subagent_type: 'general-purpose',
      run_in_background: false,
    };
    stage.api.enqueue(useTool('Agent', helper), text('Done.'));
    await collectTurn(stage.open({}, { environment }), 'go');
    expect(stage.api.requests().map(({ kind }) => kind)).toContain('subagent');
    expect(offered()).toEqual(LEASHD_OFFERS);
    expect(unknownOffers()).toEqual([]);
  });

  it('are one more where somebody can be asked', async () => {
    const environment = { ...stage.home.environment, ...LOADED };
    const askPerson = () => Promise.resolve({ kind: 'unanswered', reason: 'no', answers: [] } as const);
    await collectTurn(stage.open({ askPerson }, { environment }), 'go');
    expect(offered()).toEqual([...LEASHD_OFFERS, 'AskUserQuestion'].toSorted());
    expect(unknownOffers()).toEqual([]);
  });

  it('are two more where it plans and somebody can be asked, and none more where nobody can', async () => {
    const environment = { ...stage.home.environment, ...LOADED };
    const askPerson = () => Promise.resolve({ kind: 'unanswered', reason: 'no', answers: [] } as const);
    const reviewPlan = () => Promise.resolve({ kind: 'refused', message: 'no' } as const);
    await collectTurn(stage.open({ isPlanning: true }, { environment }), 'go');
    await collectTurn(stage.open({ reviewPlan }, { environment }), 'go');
    expect(offered()).toEqual(LEASHD_OFFERS);
    await collectTurn(stage.open({ isPlanning: true, askPerson, reviewPlan }, { environment }), 'go');
    expect(offered()).toEqual([...LEASHD_OFFERS, 'AskUserQuestion', 'ExitPlanMode'].toSorted());
    expect(unknownOffers()).toEqual([]);
  });

  it('are the same few when schemas may be put off until they are searched for', async () => {
    await collectTurn(stage.open(), 'go');
    expect(offered()).toContain('ToolSearch');
    const more = ['DeferredToolPlaceholder', 'ToolSearch'];
    expect(offered().filter((name) => ![...LEASHD_OFFERS, ...more].includes(name))).toEqual([]);
  });

  const ON: Readonly<Record<string, { options?: Partial<Options>; env?: Record<string, string> }>> = {
    'the SDK’s defaults': {},
    'plan mode': { options: { permissionMode: 'plan' } },
    'somebody to ask': {
      options: { canUseTool: () => Promise.resolve({ behavior: 'deny', message: 'no' }) },
    },
    'searches and lists': {
      options: { allowedTools: ['Glob', 'Grep', 'TodoWrite', 'TaskCreate'] },
      env: { CLAUDE_CODE_ENABLE_TASKS: '1' },
    },
    'older lists': { options: { allowedTools: ['TodoWrite'] }, env: { CLAUDE_CODE_ENABLE_TASKS: '0' } },
    'what is still tried out': {
      env: {
        CLAUDE_CODE_EXPERIMENTAL_AGENT_TEAMS: '1',
        ENABLE_LSP_TOOL: '1',
        CLAUDE_CODE_USE_POWERSHELL_TOOL: '1',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '',
      },
    },
  };
  it.each(Object.keys(ON))('are all known with %s', async (name) => {
    const { options, env } = ON[name] ?? {};
    stage.api.enqueue(text('Done.'));
    const claude = query({
      prompt: 'go',
      options: {
        cwd: stage.home.project,
        env: { ...stage.home.environment, ...LOADED, ...env },
        ...options,
      },
    });
    const announced: string[] = [];
    for await (const one of claude) {
      if (one.type === 'system' && one.subtype === 'init') announced.push(...one.tools);
    }
    expect(announced).toContain('Bash');
    expect(announced.flatMap((tool) => unknownOf(tool, []))).toEqual([]);
    expect(unknownOffers()).toEqual([]);
  });

  it('are all known by the names that the Agent SDK gives, today’s and former ones', () => {
    const names = [...BUILTIN_TOOL_NAMES, ...Object.entries(LEGACY_TOOL_NAME_ALIASES).flat()];
    expect(names.length).toBeGreaterThan(50);
    expect(names.flatMap((name) => unknownOf(name, []))).toEqual([]);
  });
});

// The types whose tools have another name.
const NAMES: Readonly<Record<string, string>> = {
  FileEdit: 'Edit',
  FileRead: 'Read',
  FileWrite: 'Write',
  Mcp: 'mcp__server__tool',
};

describe('the inputs that the Agent SDK declares', () => {
  it('are all known, with each of their fields', async () => {
    const sdk = import.meta.resolve('@anthropic-ai/claude-agent-sdk');
    const source = await readFile(new URL('sdk-tools.d.ts', sdk), 'utf8');
    const inputs = [...source.matchAll(/^export interface (\w+)Input \{(\}|[^]*?^\})/gm)];
    const union = /ToolInputSchemas =([^;]*);/.exec(source)?.[1] ?? '';
    expect(inputs.map(([, name]) => `${name}Input`).toSorted()).toEqual(
      [...union.matchAll(/\w+Input\b/g)].map(([name]) => name).toSorted(),
    );
    const missing = inputs.flatMap(([, name = '', body = '']) => {
      const fields = [...body.matchAll(/^ {2}"?([\w-]+)"?\??:/gm)].map(([, field = '']) => field);
      return unknownOf(NAMES[name] ?? name, fields);
    });
    expect(missing).toEqual([]);
  });
});
