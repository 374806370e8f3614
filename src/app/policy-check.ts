import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { diskView, rememberingView } from '../safety/file-view.ts';
import { footprintOf } from '../safety/footprint.ts';
import { createJudge } from '../safety/judge.ts';
import { loadPolicies } from '../safety/policy/load.ts';
import { createSandbox } from '../safety/sandbox.ts';
import type { Decision, GateContext, ToolCall } from '../safety/types.ts';
import { builtInPolicies } from './paths.ts';

export type CheckSetting = {
  /** Absolute paths: where a call starts, and what `~` means. */
  readonly directory: string;
  readonly home: string;
  /** Absolute paths. */
  readonly approved: readonly string[];
  readonly policyFiles: readonly string[];
  /** Where relative policy files are looked for. */
  readonly startDirectory: string;
};

/** What the gate would say, asking nobody and running nothing. */
export type CheckResult = {
  readonly id?: unknown;
  readonly decision: Decision['action'];
  readonly rule: string;
  readonly reason: string;
  readonly risk: Decision['risk'];
  readonly layer: Decision['layer'];
};

export type CheckFault = { readonly id?: unknown; readonly error: string };

export interface PolicyChecker {
  /** Never throws: a call that can't be examined is denied, as in the gate. */
  check(call: ToolCall): Decision;
  /** One line of JSON in, one result out; never throws. */
  checkLine(line: string): CheckResult | CheckFault;
}

const lineSchema = z.object({
  id: z.unknown().optional(),
  tool: z.string().min(1).default('Bash'),
  input: z.unknown(),
  cwd: z.string().startsWith('/').optional(),
});

/** @throws PersonError for policies that can't be used. */
export function createPolicyChecker(setting: CheckSetting): PolicyChecker {
  const { directory, home, approved, policyFiles, startDirectory } = setting;
  const policy = loadPolicies(policyFiles, { startDirectory, builtInDirectory: builtInPolicies });
  const sandbox = createSandbox({ home, ownPaths: { untouchable: [], unwritable: [] } }, diskView);
  const judge = createJudge({ policy, sandbox, toolFilter: { allowed: [], disallowed: [] } });
  const context: GateContext = {
    chat: 'check',
    session: 'check',
    turn: 'check',
    directories: approved,
    mode: { name: 'default', mayChange: true, grants: [] },
  };
  const check = (call: ToolCall): Decision => {
    try {
      const view = rememberingView(diskView);
      return judge(footprintOf(call, { view, home }), context, view);
    } catch (fault) {
      return { action: 'deny', layer: 'fault', rule: 'unexamined', reason: messageOf(fault), risk: 'medium' };
    }
  };
  return {
    check,
    checkLine: (line) => {
      let given: unknown;
      try {
        given = JSON.parse(line);
      } catch (fault) {
        return { error: `expected one JSON object a line: ${messageOf(fault)}` };
      }
      const read = lineSchema.safeParse(given);
      if (!read.success) return { id: idOf(given), error: z.prettifyError(read.error).replaceAll('\n', ' ') };
      const { id, tool, input, cwd } = read.data;
      const { action, layer, rule, reason, risk } = check({
        id: 'check',
        tool,
        input,
        directory: cwd ?? directory,
      });
      return { id, decision: action, rule, reason, risk, layer };
    },
  };
}

function idOf(given: unknown): unknown {
  return typeof given === 'object' && given !== null && 'id' in given ? given.id : undefined;
}
