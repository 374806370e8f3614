import { delimiter, isAbsolute } from 'node:path';
import type { LoadedSettings } from '../config/load-settings.ts';
import type { Approver } from '../core/ports/gate.ts';
import type { Audit, AuditHeadStore } from '../core/ports/audit.ts';
import type { GrantStore } from '../core/ports/grants.ts';
import type { AuditLog } from '../safety/audit/audit-log.ts';
import { createGatekeeper, type Gatekeeper } from '../safety/gate/gatekeeper.ts';
import type { GateRules } from '../safety/gate/gate-rules.ts';
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
import { builtInPolicies, ownPaths, ownProgram, rulesFolder } from './paths.ts';
import { secretsOf } from './secrets.ts';

export interface GateOptions {
  readonly loaded: LoadedSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly redactor: Redactor;
  /** Absolute real paths outside the approved directories that hold the agent's own scratch files. */
  readonly agentScratch: readonly string[];
  /** Its PATH says where programs are looked for. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Absolute path of the folder in which the agent keeps its plans; left out: it keeps none. */
  readonly agentPlans?: string | undefined;
}

/** The leash as the settings have it; `create` needs the person, who is reached through the engine. */
export interface GateParts {
  readonly approvalTimeoutMs: number;
  readonly policyFiles: readonly string[];
  create(house: GateHouse): Gatekeeper;
  /**
   * The rules of other settings, to be put in place of those in force. `next` may name files of leashd's own that it
   * will only use when it is started again: they are closed as well.
   * @throws PersonError for policies that can't be used.
   */
  prepare(inForce: LoadedSettings, next: LoadedSettings, approvedDirectories: readonly string[]): NextGate;
  /** Never shown from here on. */
  addSecrets(secrets: readonly string[]): void;
  /** What the person has approved in advance. To be opened before the gate is asked. */
  createRemembered(house: RememberedHouse): RememberedApprovals;
  /** Nothing is opened yet. */
  createAudit(house: AuditHouse): AuditLog;
}

export interface NextGate {
  readonly approvalTimeoutMs: number;
  readonly policyFiles: readonly string[];
  readonly rules: GateRules;
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
  /** A call was approved and did not run all the same: the disk or the rules have changed. */
  readonly onVoidApproval: (chat: string, said: string) => void;
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
export function createGate(options: GateOptions): GateParts {
  const { loaded, clock, log, redactor, agentPlans } = options;
  const { settings, homeDirectory } = loaded;
  // The same for all rules: it knows which plans are the agent's own.
  const plans =
    agentPlans === undefined ? undefined : new PlanFiles({ folder: agentPlans, home: homeDirectory });
  const first = rulesOf({ ...options, plans }, loaded, loaded);
  const { approvalTimeoutMs, policyFiles } = first;
  const redact = (text: string): string => redactor.redact(text);
  const secrets = new Set(secretsOf(settings));
  return {
    approvalTimeoutMs,
    policyFiles,
    prepare: (inForce, next, approvedDirectories) => {
      const { rules, ...rest } = rulesOf({ ...options, plans }, inForce, next);
      return { ...rest, rules: { ...rules, approvedDirectories } };
    },
    addSecrets: (more) => {
      for (const secret of more) secrets.add(secret);
    },
    create: ({ approver, audit, remembered, stricter, onAuditFailure, onGrantFailure, onVoidApproval }) =>
      createGatekeeper({
        ...first.rules,
        audit,
        approver,
        remembered,
        stricter,
        clock,
        log,
        redact,
        hideOwnSecrets: hider(secrets),
        onAuditFailure: (error, { chat }) => onAuditFailure(error, chat),
        onDecided: ({ context, decision, answer, remembering }) => {
          if (answer?.kind === 'approved' && decision.action === 'deny' && decision.layer !== 'fault')
            onVoidApproval(context.chat, `⛔ Approved, but not run: ${redact(decision.reason)}.`);
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
    createAudit: (house) => openAudit({ ...house, loaded, policyFiles, clock, log, redact }),
  };
}

function rulesOf(
  {
    agentScratch,
    environment = {},
    plans,
  }: Pick<GateOptions, 'agentScratch' | 'environment'> & { readonly plans: PlanFiles | undefined },
  inForce: LoadedSettings,
  next: LoadedSettings,
): NextGate {
  const { settings, startDirectory, homeDirectory } = inForce;
  const policy = loadPolicies(settings.policyFiles, { startDirectory, builtInDirectory: builtInPolicies });
  const approvalTimeoutMs = approvalTimeoutOf(inForce, policy);
  const own = [inForce, next].map((loaded) => ownPaths(loaded, policy.files));
  return {
    approvalTimeoutMs,
    policyFiles: policy.files,
    rules: {
      policy,
      sandbox: {
        home: homeDirectory,
        ownPaths: {
          untouchable: [...new Set(own.flatMap(({ untouchable }) => untouchable))],
          unwritable: [...new Set(own.flatMap(({ unwritable }) => unwritable))],
        },
        ownProgram: ownProgram(),
        alsoReadable: agentScratch,
        programFolders: (environment['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder)),
        plans,
      },
      confirmFrom: settings.confirmRisk,
      toolFilter: { allowed: settings.allowedTools, disallowed: settings.disallowedTools },
      approvalTimeoutMs,
    },
  };
}

/** What the person set; else what the policy says (strict: two minutes); else the setting's default. */
function approvalTimeoutOf({ settings, origins }: LoadedSettings, policy: Policy): number {
  const isSet = origins.approvalTimeoutSeconds.kind !== 'default';
  const setMs = settings.approvalTimeoutSeconds * 1000;
  return isSet ? setMs : (policy.approvalTimeoutMs ?? setMs);
}

function hider(secrets: ReadonlySet<string>): (text: string) => string {
  return (text) => [...secrets].reduce((hidden, secret) => hidden.replaceAll(secret, REDACTED), text);
}
