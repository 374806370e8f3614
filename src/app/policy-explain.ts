import { describeEffect } from '../safety/card/describe.ts';
import { evaluateEach } from '../safety/policy/evaluate.ts';
import type { PartDecision } from '../safety/policy/evaluate.ts';
import type { Action, Decision, Flow, Footprint, ToolCall } from '../safety/types.ts';
import { assertNever } from '../util/assert-never.ts';
import { createOfflineGate } from './policy-offline.ts';
import type { OfflineGate, OfflineSetting } from './policy-offline.ts';

/** Why a call is decided as it is, in words for a person. */
export type Explanation = {
  readonly decision: Decision;
  /** In the order of the text; one without words for tools that are no command. */
  readonly commands: readonly ExplainedCommand[];
  /** What the sandbox has against it. */
  readonly bounds: Decision | undefined;
  readonly flows: readonly string[];
  readonly unknowns: readonly string[];
};

export type ExplainedCommand = {
  /** `git push -f`; the tool's name where there is no command. */
  readonly words: string;
  /** How it was reached: `$( )`, `sudo`. */
  readonly via: readonly string[];
  readonly parts: readonly ExplainedPart[];
};

export type ExplainedPart = {
  /** After "It": `reads src/a.ts`. */
  readonly does: string;
  readonly action: Action;
  readonly rule: string;
  /** Where the rule stands: `default.yaml:12:5`. */
  readonly place: string | undefined;
};

/** @throws PersonError for policies that can't be used. */
export function explainCall(setting: OfflineSetting, call: ToolCall): Explanation {
  const gate = createOfflineGate(setting);
  const examined = gate.examine(call);
  const { footprint, decision } = examined;
  if (footprint === undefined) return { decision, commands: [], bounds: undefined, flows: [], unknowns: [] };
  return {
    decision,
    commands: commandsOf(footprint, gate, setting.directory),
    bounds: gate.sandbox(footprint, gate.context, examined.view),
    flows: (footprint.flows ?? []).map((flow) => flowInWords(flow, footprint)),
    unknowns: [...new Set(footprint.unknowns.map(({ why }) => why))],
  };
}

function commandsOf(footprint: Footprint, gate: OfflineGate, directory: string): ExplainedCommand[] {
  const parts = Map.groupBy(evaluateEach(gate.policy, footprint, gate.context), ({ command }) => command);
  const explained = (ofCommand: readonly PartDecision[]): ExplainedPart[] =>
    ofCommand.map(({ command, effect, decision, rule }) => ({
      does: effect === undefined ? withoutEffect(command, footprint) : describeEffect(effect, directory),
      action: decision.action,
      rule: decision.rule,
      // A rule that would allow what is not known did not decide.
      place: rule?.name === decision.rule ? rule.place : undefined,
    }));
  const commands = footprint.commands.map(({ normalForm, via }, index) => ({
    words: normalForm,
    via,
    parts: explained(parts.get(index) ?? []),
  }));
  const others = parts.get(undefined);
  return others === undefined
    ? commands
    : [...commands, { words: footprint.tool, via: [], parts: explained(others) }];
}

/** After "It", of a part that touches nothing that was found. */
function withoutEffect(command: number | undefined, { unknowns }: Footprint): string {
  return unknowns.some((unknown) => unknown.command === undefined || unknown.command === command)
    ? 'does what is not known ahead'
    : 'changes nothing';
}

function flowInWords({ kind, from, to }: Flow, { commands }: Footprint): string {
  const nameOf = (index: number): string => commands[index]?.normalForm.split(' ')[0] ?? 'a command';
  switch (kind) {
    case 'network-to-interpreter':
      return `what ${nameOf(from)} fetches becomes a program of ${nameOf(to)}`;
    case 'decoded-to-interpreter':
      return `what ${nameOf(from)} decodes becomes a program of ${nameOf(to)}`;
    case 'secret-to-network':
      return `a secret that ${nameOf(from)} reads goes to the network with ${nameOf(to)}`;
    default:
      return assertNever(kind, 'flow');
  }
}
