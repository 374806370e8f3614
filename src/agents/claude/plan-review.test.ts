import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CanUseTool, PermissionResult } from '@anthropic-ai/claude-agent-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlanVerdict } from '../../core/ports/agent.ts';
import { silentLog } from '../../util/log.ts';
import { PassedCalls } from './passed-calls.ts';
import { planReview } from './plan-review.ts';
import { ShownPlan } from './shown-plan.ts';

let root: string;
let folder: string;
let path: string;
let passed: PassedCalls;
let shown: string[];
let stands: (() => Promise<boolean>) | undefined;
let open: ShownPlan;
let wasOpen: boolean;
let handedOver: number;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'leashd-plan-')));
  folder = join(root, 'plans');
  path = join(folder, 'calm.md');
  await mkdir(folder);
  await writeFile(path, '\n# The plan\n');
  passed = new PassedCalls();
  shown = [];
  open = new ShownPlan();
  wasOpen = false;
  handedOver = 0;
});
afterEach(async () => rm(root, { recursive: true, force: true }));

type Context = Partial<Parameters<CanUseTool>[2]> & { readonly decisionReasonType?: string };

function put(
  input: Record<string, unknown>,
  verdict: PlanVerdict | Error = { kind: 'accepted' },
  { tool = 'ExitPlanMode', ...context }: Context & { readonly tool?: string } = {},
): Promise<PermissionResult | null> {
  const review = planReview({
    reviewPlan: (plan, _signal, isSame) => {
      shown.push(plan);
      stands = isSame;
      wasOpen = open.isOpen;
      return verdict instanceof Error ? Promise.reject(verdict) : Promise.resolve(verdict);
    },
    folder,
    passed,
    shown: open,
    onAfresh: () => void (handedOver += 1),
    log: silentLog,
  });
  const { signal } = new AbortController();
  return review(tool, input, { signal, toolUseID: 'c1', requestId: 'r1', ...context });
}

describe('a plan of Claude Code', () => {
  it('is read from its file, whatever the call says, and let pass once it is accepted', async () => {
    const input = { plan: 'forged', planFilePath: path };
    expect(await put(input)).toEqual({ behavior: 'allow', updatedInput: input });
    expect(shown).toEqual(['# The plan']);
  });

  it('no longer stands once its file says something else, and is known to lie before the person', async () => {
    await put({ planFilePath: path });
    expect([wasOpen, open.isOpen]).toEqual([true, false]);
    expect(await stands?.()).toBe(true);
    await writeFile(path, '# Another plan');
    expect(await stands?.()).toBe(false);
    await rm(path);
    expect(await stands?.()).toBe(false);
  });

  it('is refused with the person’s words', async () => {
    const verdict: PlanVerdict = { kind: 'refused', message: 'two files' };
    expect(await put({ planFilePath: path }, verdict)).toEqual({ behavior: 'deny', message: 'two files' });
  });

  it('ends the turn when another conversation carries it out', async () => {
    const result = await put({ planFilePath: path }, { kind: 'accepted-afresh' });
    expect(result).toMatchObject({ behavior: 'deny', interrupt: true });
    expect(handedOver).toBe(1);
  });

  it.each<[string, (given: string) => Promise<Record<string, unknown>>]>([
    ['there is none', () => Promise.resolve({ plan: 'forged' })],
    [
      'it is empty',
      async (at) => {
        await writeFile(at, ' \n');
        return { planFilePath: at };
      },
    ],
    [
      'it is too long',
      async (at) => {
        await writeFile(at, 'x'.repeat(300_000));
        return { planFilePath: at };
      },
    ],
    ['it is not there', () => Promise.resolve({ planFilePath: join(folder, 'gone.md') })],
    ['it lies elsewhere', () => Promise.resolve({ planFilePath: join(root, 'calm.md') })],
    ['it is no Markdown', () => Promise.resolve({ planFilePath: join(folder, 'calm.txt') })],
    ['its path leads out', () => Promise.resolve({ planFilePath: `${folder}/../plans.md` })],
    [
      'it is a folder',
      async () => {
        await mkdir(join(folder, 'deep.md'));
        return { planFilePath: join(folder, 'deep.md') };
      },
    ],
    [
      'it is a link',
      async (at) => {
        await symlink(at, join(folder, 'link.md'));
        return { planFilePath: join(folder, 'link.md') };
      },
    ],
  ])('reaches nobody when %s', async (_name, make) => {
    const result = await put(await make(path));
    expect(result).toMatchObject({ behavior: 'deny', message: expect.stringMatching(/\w/) as string });
    expect(shown).toEqual([]);
  });

  it('is refused when the review fails, and when a subagent asks', async () => {
    expect(await put({ planFilePath: path }, new Error('broken'))).toMatchObject({ behavior: 'deny' });
    expect(await put({ planFilePath: path }, undefined, { agentID: 'a1' })).toMatchObject({
      behavior: 'deny',
      message: expect.stringContaining('subagent') as string,
    });
    expect(shown).toHaveLength(1);
  });
});

describe('what Claude Code’s plan mode holds back', () => {
  const look = { command: 'tool --look' };
  const held = { tool: 'Bash', decisionReasonType: 'other' };

  it('passes when the gate has let just that call pass, once', async () => {
    passed.add('c1', 'Bash', look);
    expect(await put(look, undefined, held)).toEqual({ behavior: 'allow', updatedInput: look });
    expect(await put(look, undefined, held)).toMatchObject({ behavior: 'deny' });
  });

  it.each<[string, Context & { readonly tool: string }, Record<string, unknown>]>([
    ['another input', held, { command: 'tool --change' }],
    ['another call', { ...held, toolUseID: 'c2' }, look],
    ['another tool', { ...held, tool: 'mcp__a__b' }, look],
    ['a rule of the person’s own', { ...held, decisionReasonType: 'rule' }, look],
    ['a reason that is not told', { tool: 'Bash' }, look],
    ['a chain of commands', { ...held, decisionReasonType: 'subcommandResults' }, look],
  ])('stays back with %s', async (_name, context, input) => {
    passed.add('c1', 'Bash', look);
    expect(await put(input, undefined, context)).toMatchObject({ behavior: 'deny' });
  });

  it('stays back where a file would be written', async () => {
    const input = { file_path: '/project/x', content: 'x' };
    passed.add('c1', 'Write', input);
    const context = { tool: 'Write', decisionReasonType: 'mode' };
    expect(await put(input, undefined, context)).toMatchObject({ behavior: 'deny' });
  });
});
