import type { CanUseTool, PermissionResult } from '@anthropic-ai/claude-agent-sdk';
import { z } from 'zod';
import type { ReviewPlan } from '../../core/ports/agent.ts';
import { messageOf } from '../../errors.ts';
import { assertNever } from '../../util/assert-never.ts';
import type { Log } from '../../util/log.ts';
import type { PassedCalls } from './passed-calls.ts';
import { readPlan } from './read-plan.ts';
import type { ShownPlan } from './shown-plan.ts';

export type PlanReviewOptions = {
  readonly reviewPlan: ReviewPlan;
  /** Absolute path of the folder in which Claude Code keeps its plans. */
  readonly folder: string;
  /** What the gate has let pass. */
  readonly passed: PassedCalls;
  /** Knows while a plan lies before the person. */
  readonly shown: ShownPlan;
  /** The plan goes on elsewhere; the turn is being ended. */
  readonly onAfresh: () => void;
  readonly log: Log;
};

/** The tool with which Claude Code 2.1.330 puts its plan before the person; it works in its plan mode alone. */
export const PLAN_TOOL = 'ExitPlanMode';

/**
 * Claude's plan, which the gate has let pass, put before the person. Only their acceptance ends Claude Code's plan
 * mode; everything else is a refusal with what to do, and plan mode stays. Never rejects.
 */
export function planReview(options: PlanReviewOptions): CanUseTool {
  return async (tool, input, context) => {
    if (tool !== PLAN_TOOL) return heldBack(options.passed, tool, input, context);
    if (context.agentID !== undefined) {
      return refuse('A subagent can’t end plan mode: hand back what you have found instead.');
    }
    try {
      const reading = await readPlan(input, options.folder);
      if (reading.kind === 'none') return refuse(reading.words);
      // Claude Code reads the file again once the plan is accepted, whatever it is told here.
      const stands = (): Promise<boolean> => isUnchanged(input, options.folder, reading.text);
      const verdict = await options.shown.during(() =>
        options.reviewPlan(reading.text, context.signal, stands),
      );
      switch (verdict.kind) {
        case 'accepted':
          // Whoever reviews it asks too; here nothing comes between the look and the answer.
          if (!(await stands())) return refuse('The plan has changed since it was shown: show it again.');
          return { behavior: 'allow', updatedInput: input };
        case 'accepted-afresh':
          options.onAfresh();
          return {
            ...refuse('The person has accepted the plan, for another conversation.'),
            interrupt: true,
          };
        case 'refused':
          return refuse(verdict.message);
        default:
          return assertNever(verdict);
      }
    } catch (error) {
      options.log.error('plan_review_failed', { error: messageOf(error) });
      return refuse('leashd could not put the plan before the person. Plan mode stays.');
    }
  };
}

async function isUnchanged(input: unknown, folder: string, text: string): Promise<boolean> {
  const now = await readPlan(input, folder).catch(() => undefined);
  return now?.kind === 'plan' && now.text === text;
}

/** Tools that Claude Code lets pass by itself where they write the session's plan. */
export const FILE_TOOLS: readonly string[] = ['Write', 'Edit', 'MultiEdit', 'NotebookEdit'];
// Claude Code 2.1.330; not among the Agent SDK's types. A rule of the person's own has another type.
const holdSchema = z.looseObject({ decisionReasonType: z.enum(['mode', 'other', 'subcommandResults']) });

/**
 * In its plan mode Claude Code asks about whatever it does not know to be only a look, after the gate has let it pass.
 * The gate knows better. A file tool that gets here would write something else than the plan.
 */
function heldBack(
  passed: PassedCalls,
  tool: string,
  input: Record<string, unknown>,
  context: Parameters<CanUseTool>[2],
): PermissionResult {
  const why = holdSchema.safeParse(context).data?.decisionReasonType;
  // Whether a rule of the person's own is behind it, a chain does not tell.
  if (why === 'subcommandResults') {
    return refuse('Claude Code’s plan mode holds this chain of commands back: run its parts one by one.');
  }
  const isModes = why !== undefined && context.matchedAskRule === undefined;
  if (isModes && !FILE_TOOLS.includes(tool) && passed.take(context.toolUseID, tool, input)) {
    return { behavior: 'allow', updatedInput: input };
  }
  return refuse('Claude Code itself holds this back, and leashd does not overrule it.');
}

function refuse(message: string): { readonly behavior: 'deny'; readonly message: string } {
  return { behavior: 'deny', message };
}
