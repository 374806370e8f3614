import { messageOf } from '../errors.ts';
import { diskView, rememberingView } from '../safety/file-view.ts';
import type { FileView } from '../safety/file-view.ts';
import { footprintOf } from '../safety/footprint/footprint.ts';
import { createJudge } from '../safety/gate/judge.ts';
import { loadPolicies } from '../safety/policy/load.ts';
import type { Policy } from '../safety/policy/policy.ts';
import { createSandbox } from '../safety/sandbox/sandbox.ts';
import type { Sandbox } from '../safety/sandbox/sandbox.ts';
import type { Decision, Footprint, GateContext, ToolCall } from '../safety/types.ts';
import { builtInPolicies } from './paths.ts';

/** Everything a decision depends on; nothing else of the machine's settings is read. */
export type OfflineSetting = {
  /** Absolute paths: where a call starts, and what `~` means. */
  readonly directory: string;
  readonly home: string;
  /** Absolute paths. */
  readonly approved: readonly string[];
  readonly policyFiles: readonly string[];
  /** Where relative policy files are looked for. */
  readonly startDirectory: string;
};

/** What was found out about a call. */
export type Examined = {
  readonly footprint: Footprint;
  readonly decision: Decision;
  readonly view: FileView;
};

/** The gate without a person, an agent or a log: for those who write policies. */
export interface OfflineGate {
  readonly policy: Policy;
  readonly context: GateContext;
  readonly sandbox: Sandbox;
  /**
   * Never throws: a call that can't be examined is denied, as in the gate. `approved` stands in where the setting
   * names no approved directory.
   */
  examine(
    call: ToolCall,
    approved?: readonly string[],
  ): Examined | { readonly footprint?: undefined; readonly decision: Decision };
}

/** @throws PersonError for policies that can't be used. */
export function createOfflineGate(setting: OfflineSetting): OfflineGate {
  const { home, approved, policyFiles, startDirectory } = setting;
  const policy = loadPolicies(policyFiles, { startDirectory, builtInDirectory: builtInPolicies, home });
  const sandbox = createSandbox({ home, ownPaths: { untouchable: [], unwritable: [] } }, diskView);
  const judge = createJudge({ policy, sandbox, toolFilter: { allowed: [], disallowed: [] } });
  const context: GateContext = {
    chat: 'check',
    session: 'check',
    turn: 'check',
    directories: approved.map((directory) => realOf(directory)),
    mode: { name: 'default', mayChange: true, grants: [] },
  };
  return {
    policy,
    context,
    sandbox,
    examine: (call, instead = []) => {
      try {
        const view = rememberingView(diskView);
        const footprint = footprintOf(call, { view, home });
        const directories =
          approved.length > 0 ? context.directories : instead.map((directory) => realOf(directory));
        return { footprint, view, decision: judge(footprint, { ...context, directories }, view) };
      } catch (fault) {
        const reason = messageOf(fault);
        return { decision: { action: 'deny', layer: 'fault', rule: 'unexamined', reason, risk: 'medium' } };
      }
    },
  };
}

/** Decisions are about real paths; a directory that is not there (any more) is taken by its name. */
function realOf(directory: string): string {
  try {
    return diskView.real(directory) ?? directory;
  } catch {
    return directory;
  }
}
