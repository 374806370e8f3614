import { z } from 'zod';
import { messageOf } from '../errors.ts';
import type { Decision } from '../safety/types.ts';
import { createOfflineGate } from './policy-offline.ts';
import type { OfflineSetting } from './policy-offline.ts';

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
export function createPolicyChecker(setting: OfflineSetting): PolicyChecker {
  const gate = createOfflineGate(setting);
  return {
    checkLine: (line) => {
      let given: unknown;
      try {
        given = JSON.parse(line);
      } catch (fault) {
        return { error: `expected one JSON object a line: ${messageOf(fault)}` };
      }
      const read = lineSchema.safeParse(given);
      if (!read.success) return { id: idOf(given), error: `${EXPECTED}: ${faultsOf(read.error)}` };
      const { id, tool, input, cwd } = read.data;
      const call = { id: 'check', tool, input, directory: cwd ?? setting.directory };
      const { action, layer, rule, reason, risk } = gate.examine(call).decision;
      return { id, decision: action, rule, reason, risk, layer };
    },
  };
}

const EXPECTED = 'expected {"id", "tool", "input": {"command": "…"}, "cwd"}';

function faultsOf({ issues }: z.ZodError): string {
  return issues
    .map((issue) => {
      const place = issue.path.join('.');
      if (issue.message.endsWith('received undefined')) return `${place} is missing`;
      return place === '' ? issue.message : `${place}: ${issue.message}`;
    })
    .join('; ');
}

function idOf(given: unknown): unknown {
  return typeof given === 'object' && given !== null && 'id' in given ? given.id : undefined;
}
