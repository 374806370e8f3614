import type { LoadedSettings } from '../config/load-settings.ts';
import type { Approver, Gate } from '../core/ports/gate.ts';
import { createAuditLog } from '../safety/audit-log.ts';
import { createGatekeeper } from '../safety/gatekeeper.ts';
import { loadPolicies } from '../safety/policy/load.ts';
import type { Policy } from '../safety/policy/policy.ts';
import type { Clock } from '../util/clock.ts';
import type { Log } from '../util/log.ts';
import { REDACTED } from '../util/secret-forms.ts';
import type { Redactor } from '../util/redact.ts';
import { builtInPolicies, ownPaths } from './paths.ts';
import { secretsOf } from './secrets.ts';

export interface GateOptions {
  readonly loaded: LoadedSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly redactor: Redactor;
  /** Absolute real paths outside the approved directories that hold the agent's own scratch files. */
  readonly agentScratch: readonly string[];
}

/** The leash as the settings have it; `create` needs the person, who is reached through the engine. */
export interface GateParts {
  readonly approvalTimeoutMs: number;
  readonly policyFiles: readonly string[];
  create(approver: Approver): Gate;
  /** @throws MachineError when the audit log can't be written. */
  open(): Promise<void>;
  close(): Promise<void>;
}

/** @throws PersonError for policies that can't be used. */
export function createGate({ loaded, clock, log, redactor, agentScratch }: GateOptions): GateParts {
  const { settings, startDirectory, homeDirectory } = loaded;
  const policy = loadPolicies(settings.policyFiles, { startDirectory, builtInDirectory: builtInPolicies });
  const approvalTimeoutMs = approvalTimeoutOf(loaded, policy);
  const audit = createAuditLog(settings.auditLogPath);
  const redact = (text: string): string => redactor.redact(text);
  return {
    approvalTimeoutMs,
    policyFiles: policy.files,
    create: (approver) =>
      createGatekeeper({
        policy,
        sandbox: {
          home: homeDirectory,
          ownPaths: ownPaths(loaded, policy.files),
          alsoReadable: agentScratch,
        },
        audit,
        approver,
        clock,
        log,
        toolFilter: { allowed: settings.allowedTools, disallowed: settings.disallowedTools },
        approvalTimeoutMs,
        redact,
        hideOwnSecrets: hider(secretsOf(settings)),
      }),
    open: () => audit.open(),
    close: () => audit.close(),
  };
}

/** What the person set; else what the policy says (strict: two minutes); else the setting's default. */
function approvalTimeoutOf({ settings, origins }: LoadedSettings, policy: Policy): number {
  const isSet = origins.approvalTimeoutSeconds.kind !== 'default';
  const setMs = settings.approvalTimeoutSeconds * 1000;
  return isSet ? setMs : (policy.approvalTimeoutMs ?? setMs);
}

function hider(secrets: readonly string[]): (text: string) => string {
  return (text) => secrets.reduce((hidden, secret) => hidden.replaceAll(secret, REDACTED), text);
}
