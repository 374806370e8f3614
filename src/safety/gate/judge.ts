import { assertNever } from '../../util/assert-never.ts';
import type { FileView } from '../file-view.ts';
import { compileShape } from '../policy/command-shape.ts';
import type { CommandShape } from '../policy/command-shape.ts';
import { evaluatePolicy, isDoubt, isStricter } from '../policy/evaluate.ts';
import type { Policy } from '../policy/policy.ts';
import type { PlanFiles } from '../sandbox/plan-files.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { refusedByFilter } from './tool-filter.ts';
import type { ToolFilter } from './tool-filter.ts';
import { EDIT_TOOLS } from '../footprint/tool-inputs.ts';
import type { Act, Decision, Effect, Footprint, GateContext, ModeRefusal } from '../types.ts';

export type Judge = (footprint: Footprint, context: GateContext, view: FileView) => Decision;

export type JudgeOptions = {
  readonly policy: Policy;
  readonly sandbox: Sandbox;
  readonly toolFilter: ToolFilter;
  /** The same as the sandbox has. */
  readonly plans?: PlanFiles | undefined;
};

/** Everything that is decided without asking anybody: tool lists, sandbox, mode, policy, the mode's grants. */
export function createJudge({ policy, sandbox, toolFilter, plans }: JudgeOptions): Judge {
  return (footprint, context, view) => {
    const refused = refusedByFilter(footprint.tool, toolFilter);
    if (refused !== undefined) return refused;
    const bounds = sandbox(footprint, context, view);
    if (bounds?.action === 'deny') return bounds;
    const plan = plans?.standing(footprint, context, view);
    const isFree = context.mode.mayChange || plan !== undefined || changesNothing(footprint, context);
    if (!isFree) return refusedByMode(context);
    const kept = refusedWhile(footprint, context);
    if (kept !== undefined) return kept;
    const said = evaluatePolicy(policy, footprint, context);
    if (bounds !== undefined && said.action !== 'deny') return bothAsk(bounds, said);
    if (plan === 'own' && said.action !== 'deny') {
      plans?.keep(footprint, context);
      return said.action === 'allow' ? said : planAllowed(said, context);
    }
    return granted(said, footprint, context) ?? said;
  };
}

/** The sandbox's question stays the sandbox's, which nothing answers in advance, however much worse the policy thinks of it. */
function bothAsk(bounds: Decision, said: Decision): Decision {
  if (!isStricter(said, bounds)) return bounds;
  return { ...bounds, risk: said.risk, reason: `${bounds.reason}. ${said.reason}` };
}

function refusedByMode({ mode }: GateContext): Decision {
  const reason = `In ${mode.name} mode nothing may be changed, and this is not known to change nothing`;
  return { action: 'deny', layer: 'mode', rule: mode.name, reason, risk: 'low' };
}

/** By what it would do, or by its words. */
function refusedWhile({ commands, effects }: Footprint, { mode }: GateContext): Decision | undefined {
  const { refuses, name } = mode;
  if (refuses === undefined) return undefined;
  const shapes = shapesOf(refuses);
  const isRefused =
    effects.some((effect) => effect.kind === 'act' && refuses.acts.includes(effect.act)) ||
    commands.some(({ argv }) => shapes.some((shape) => shape.matches(argv)));
  if (!isRefused) return undefined;
  return { action: 'deny', layer: 'mode', rule: name, reason: refuses.reason, risk: 'low' };
}

const shapesByRefusal = new WeakMap<ModeRefusal, readonly CommandShape[]>();

function shapesOf(refusal: ModeRefusal): readonly CommandShape[] {
  let shapes = shapesByRefusal.get(refusal);
  if (shapes === undefined) {
    shapes = refusal.commands.map((source) => compileShape(source, false));
    shapesByRefusal.set(refusal, shapes);
  }
  return shapes;
}

/** What the policy asks about writing a plan, the mode answers. */
function planAllowed({ risk }: Decision, { mode }: GateContext): Decision {
  const reason = `In ${mode.name} mode the agent's own plan may be written`;
  return { action: 'allow', layer: 'mode', rule: 'plan-file', reason, risk };
}

/** A mode's grant answers what the policy asks, never what the sandbox asks or anything refuses. */
function granted(said: Decision, { tool, unknowns }: Footprint, { mode }: GateContext): Decision | undefined {
  if (said.action !== 'ask' || unknowns.length > 0) return undefined;
  if (!mode.grants.includes('edit-files') || !EDIT_TOOLS.includes(tool)) return undefined;
  const reason = `${mode.name} mode allows edits in the session's directories`;
  return { action: 'allow', layer: 'grant', rule: 'edit-files', reason, risk: said.risk };
}

const LOOKING: ReadonlySet<Act> = new Set([
  'read-remote',
  'browser-read',
  'list-environment',
  // What a subagent does comes here call by call.
  'agent-task',
]);

function changesNothing({ effects, unknowns }: Footprint, context: GateContext): boolean {
  return (
    !unknowns.some((unknown) => isDoubt(unknown, context)) && effects.every((effect) => isLooking(effect))
  );
}

function isLooking(effect: Effect): boolean {
  switch (effect.kind) {
    case 'read':
    case 'read-tree':
    case 'network':
      return true;
    case 'write':
    case 'delete':
    case 'delete-tree':
      return false;
    case 'act':
      return LOOKING.has(effect.act);
    default:
      return assertNever(effect, 'effect');
  }
}
