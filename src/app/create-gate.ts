import type { LoadedSettings } from '../config/load-settings.ts';
import type { Approver, Gate } from '../core/ports/gate.ts';
import type { Audit, AuditHeadStore } from '../core/ports/audit.ts';
import type { GrantStore } from '../core/ports/grants.ts';
import type { AuditLog } from '../safety/audit/audit-log.ts';
import { createGatekeeper } from '../safety/gate/gatekeeper.ts';
import { GrantBook } from '../safety/grants/grant-book.ts';
import { loadPolicies } from '../safety/policy/load.ts';
import type { Policy } from '../safety/policy/policy.ts';
import { RememberedApprovals } from '../safety/grants/remembered.ts';
import { PlanFiles } from '../safety/sandbox/plan-files.ts';
import { RuleBook } from '../safety/grants/rule-book.ts';
import type { StricterVoter } from '../safety/gate/stricter-votes.ts';
import type { Clock } from '../util/clock.ts';
import type { Log } from '../util/log.ts';
import { REDACTED } from '../util/secret-forms.ts';
import type { Redactor } from '../util/redact.ts';
import { openAudit } from './open-audit.ts';
import { builtInPolicies, ownPaths, rulesFolder } from './paths.ts';
import { secretsOf } from './secrets.ts';

export interface GateOptions {
  readonly loaded: LoadedSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly redactor: Redactor;
  /** Absolute real paths outside the approved directories that hold the agent's own scratch files. */
  readonly agentScratch: readonly string[];
  /** Absolute path of the folder in which the agent keeps its plans; left out: it keeps none. */
  readonly agentPlans?: string | undefined;
}

/** The leash as the settings have it; `create` needs the person, who is reached through the engine. */
export interface GateParts {
  readonly approvalTimeoutMs: number;
  readonly policyFiles: readonly string[];
  create(house: GateHouse): Gate;
  /** What the person has approved in advance. To be opened before the gate is asked. */
  createRemembered(house: RememberedHouse): RememberedApprovals;
  /** Nothing is opened yet. */
  createAudit(house: AuditHouse): AuditLog;
}

/** What the gate gets from the rest of the house. */
export interface GateHouse {
  readonly approver: Approver;
  readonly audit: Audit;
  readonly remembered: RememberedApprovals;
  /** Who may make a decision stricter. */
  readonly stricter: readonly StricterVoter[];
  /** The audit log can't be written; `chat` is the key of the chat whose call is denied for it. */
  readonly onAuditFailure: (error: unknown, chat: string) => void;
  /** A grant that was chosen could not be made; the call itself runs. `chat` is a key, `said` is Markdown. */
  readonly onGrantFailure: (chat: string, said: string) => void;
}

export interface RememberedHouse {
  readonly store: GrantStore;
  readonly audit: Audit;
}

export interface AuditHouse {
  readonly heads: AuditHeadStore | undefined;
  readonly approvedDirectories: readonly string[];
  readonly onBroken: (what: string) => void;
  readonly onWritten: () => void;
}

/** @throws PersonError for policies that can't be used. */
export function createGate({
  loaded,
  clock,
  log,
  redactor,
  agentScratch,
  agentPlans,
}: GateOptions): GateParts {
  const { settings, startDirectory, homeDirectory } = loaded;
  const policy = loadPolicies(settings.policyFiles, { startDirectory, builtInDirectory: builtInPolicies });
  const approvalTimeoutMs = approvalTimeoutOf(loaded, policy);
  const redact = (text: string): string => redactor.redact(text);
  return {
    approvalTimeoutMs,
    policyFiles: policy.files,
    create: ({ approver, audit, remembered, stricter, onAuditFailure, onGrantFailure }) =>
      createGatekeeper({
        policy,
        sandbox: {
          home: homeDirectory,
          ownPaths: ownPaths(loaded, policy.files),
          alsoReadable: agentScratch,
          plans:
            agentPlans === undefined ? undefined : new PlanFiles({ folder: agentPlans, home: homeDirectory }),
        },
        audit,
        approver,
        remembered,
        stricter,
        confirmFrom: settings.confirmRisk,
        clock,
        log,
        toolFilter: { allowed: settings.allowedTools, disallowed: settings.disallowedTools },
        approvalTimeoutMs,
        redact,
        hideOwnSecrets: hider(secretsOf(settings)),
        onAuditFailure: (error, { chat }) => onAuditFailure(error, chat),
        onDecided: ({ context, remembering }) => {
          if (remembering?.kind !== 'failed') return;
          const { offer, reason } = remembering;
          onGrantFailure(
            context.chat,
            `⚠️ Approved once, but not “${offer}”: ${reason}. The next one asks again.`,
          );
        },
      }),
    createRemembered: ({ store, audit }) => {
      const base = { audit, clock, log, home: homeDirectory };
      return new RememberedApprovals({
        grants: new GrantBook({ ...base, store }),
        rules: new RuleBook({ ...base, folder: rulesFolder(settings.stateDir) }),
      });
    },
    createAudit: (house) => openAudit({ ...house, loaded, policyFiles: policy.files, clock, log, redact }),
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
