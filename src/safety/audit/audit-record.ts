import type { Decision, Footprint, GateContext, ToolCall } from '../types.ts';

/** Writes down what happened, for whoever asks later. */
export interface Audit {
  /**
   * Resolves once the record is on disk (written and flushed). Records stand in the order of the calls.
   * @throws MachineError when it could not be written: what it tells of must not take effect then.
   */
  record(record: AuditRecord): Promise<void>;
}

/** All that is written down. When it happened is added by the log, and no secret gets through it. */
export type AuditRecord = CallRecord | HouseRecord;

/** A tool call on its way through the gate. */
export type CallRecord = {
  readonly event: 'tool_decided' | 'approval_requested' | 'approval_resolved';
  readonly call: ToolCall;
  readonly context: GateContext;
  /** Absent when the call could not be read. */
  readonly footprint: Footprint | undefined;
  readonly decision: Decision;
  /** The id of the question that was put to the person. */
  readonly prompt?: string | undefined;
  readonly answer?: 'approved' | 'rejected' | 'timed-out' | 'not-answered' | undefined;
  readonly by?: string | undefined;
  /** Milliseconds that the call waited for the person. */
  readonly waitedMs?: number | undefined;
  /** The id of the grant that allowed it. */
  readonly grant?: string | undefined;
  /** The name of the person's own rule that allowed it. */
  readonly ownRule?: string | undefined;
};

/** `chat` is a chat's key, `by` and `person` are people's ids, `directory` is absolute. */
export type HouseRecord =
  | { readonly event: 'leashd_stopped'; readonly reason: string }
  /** Settings, policies and directories are taken anew; what comes below it was decided by these. */
  | {
      readonly event: 'leashd_reloaded';
      /** Names of settings, and files, that have changed and hold from here on. */
      readonly changed: readonly string[];
      /** Names of settings that have changed and wait for a start. */
      readonly needsRestart: readonly string[];
      /** As in `log_opened`. */
      readonly settings: string;
      readonly policies: readonly { readonly file: string; readonly sha256: string }[];
      readonly directories: readonly string[];
    }
  /** They could not be taken anew: those of before hold. */
  | { readonly event: 'reload_refused'; readonly code: string; readonly why: string }
  | {
      readonly event: 'grant_made';
      readonly grant: string;
      readonly chat: string;
      readonly directory: string;
      readonly words: string;
      /** The rules it consists of, in the policy language. */
      readonly rules: unknown;
      /** ISO 8601, UTC; the latest it can end. */
      readonly until: string;
      readonly by: string;
      /** The agent's id of the call whose card made it. */
      readonly call: string;
    }
  | {
      readonly event: 'grant_revoked';
      readonly grant: string;
      readonly chat: string;
      readonly words: string;
      readonly by: string;
    }
  | {
      readonly event: 'grant_ended';
      readonly grant: string;
      readonly chat: string;
      readonly words: string;
      readonly why: 'time' | 'clear' | 'directory' | 'changed';
    }
  | {
      readonly event: 'rule_added';
      readonly ownRule: string;
      readonly chat: string;
      readonly directory: string;
      readonly words: string;
      readonly rules: unknown;
      readonly by: string;
      readonly call: string;
    }
  | {
      readonly event: 'rule_removed';
      readonly ownRule: string;
      readonly chat: string;
      readonly directory: string;
      readonly words: string;
      readonly by: string;
    }
  | {
      readonly event: 'tap_refused';
      readonly chat: string;
      readonly prompt: string;
      readonly by: string;
      readonly why: string;
    }
  | {
      readonly event: 'mode_changed';
      readonly chat: string;
      readonly session: string;
      readonly from: string;
      readonly to: string;
      /** SHA-256, hexadecimal, of the plan that was accepted with it. */
      readonly plan?: string | undefined;
      readonly by?: string | undefined;
    }
  | {
      readonly event: 'directory_changed';
      readonly chat: string;
      readonly session?: string | undefined;
      readonly from: string;
      readonly to: string;
      readonly fromWorkspace?: string | undefined;
      readonly toWorkspace?: string | undefined;
      /** All directories of that workspace. */
      readonly directories?: readonly string[] | undefined;
      readonly by?: string | undefined;
    }
  | {
      readonly event: 'session_ended';
      readonly chat: string;
      readonly session: string;
      readonly why: 'cleared' | 'ended';
      readonly by?: string | undefined;
    }
  /** Today may cost more than LEASHD_MAX_COST_USD_PER_DAY says; US dollars. */
  | {
      readonly event: 'budget_raised';
      readonly chat: string;
      readonly spentUsd: number;
      readonly fromUsd: number;
      readonly toUsd: number;
      readonly by: string;
    }
  | {
      readonly event: 'git_operation';
      readonly chat: string;
      readonly session?: string | undefined;
      readonly directory: string;
      /** What leashd itself did with git: `commit`, `push`, `merge`. */
      readonly operation: string;
      readonly detail?: string | undefined;
      /** `begun`: it is about to run; a look has no other line. */
      readonly outcome: 'begun' | 'done' | 'failed' | 'refused';
      readonly by?: string | undefined;
    }
  /** A stranger, or somebody who may talk but not do this. Never what they wrote. */
  | {
      readonly event: 'message_refused';
      readonly chat: string;
      readonly person: string;
      readonly why: string;
    };

/** A place in the chain: an entry's number and hash. */
export type AuditHead = { readonly seq: number; readonly hash: string };

/** Remembers, apart from the file, how far each audit log has come: so that a cut tail shows. */
export interface AuditHeadStore {
  /** `path`: absolute, its folder's links followed. */
  load(path: string): Promise<AuditHead | undefined>;
  /** Resolves once it is on disk. */
  save(path: string, head: AuditHead): Promise<void>;
}

/** Sees to it that one process alone writes a file. */
export interface AuditLock {
  /**
   * Resolves with what lets go of it. A process that dies lets go by itself.
   * @throws MachineError AUDIT_LOCKED when another process has it.
   */
  acquire(path: string): Promise<() => void>;
}
