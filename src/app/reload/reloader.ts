import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { LoadedSettings } from '../../config/load-settings.ts';
import { loadWorkspaces, WORKSPACES_FILE } from '../../config/workspaces.ts';
import type { Workspace } from '../../core/ports/workspace.ts';
import { LeashdError, MachineError, messageOf } from '../../errors.ts';
import type { AuditLog } from '../../safety/audit/audit-log.ts';
import type { Gatekeeper } from '../../safety/gate/gatekeeper.ts';
import type { Log } from '../../util/log.ts';
import { approvedDirectoriesOf } from '../approved-directories.ts';
import type { GateParts } from '../create-gate.ts';
import { rulesFacts, type RulesFacts } from '../open-audit.ts';
import type { Reloaded } from './reloaded.ts';
import { settingsInForce } from './settings-in-force.ts';

/** What comes into force. */
export type Coming = {
  /** As they were read. */
  readonly next: LoadedSettings;
  /** The same, but for what only a start takes. */
  readonly inForce: LoadedSettings;
  readonly approvedDirectories: readonly string[];
  readonly workspaces: readonly Workspace[];
  readonly policyFiles: readonly string[];
  readonly approvalTimeoutMs: number;
};

/** Lets it hold; must not throw. `now`: milliseconds since 1970-01-01 UTC. */
export type Commit = (now: number) => void;

export interface ReloaderOptions {
  /** What leashd was started with. */
  readonly loaded: LoadedSettings;
  readonly approvedDirectories: readonly string[];
  readonly workspaces: readonly Workspace[];
  readonly gate: GateParts;
  readonly gatekeeper: Gatekeeper;
  readonly audit: AuditLog;
  /** What else is taken anew, in this order. Each throws a LeashdError where something of it is wrong. */
  readonly others: readonly ((coming: Coming) => Promise<Commit> | Commit)[];
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
  readonly log: Log;
}

/** Takes settings, policies, workspaces and directories anew: all of them, or nothing. */
export class Reloader {
  readonly #options: ReloaderOptions;
  #directories: readonly string[];
  #workspaces: readonly Workspace[];
  #settings: LoadedSettings;
  #facts: RulesFacts;
  #reloading: Promise<unknown> = Promise.resolve();

  constructor(options: ReloaderOptions) {
    const { loaded, approvedDirectories, workspaces, gate } = options;
    this.#options = options;
    this.#directories = approvedDirectories;
    this.#workspaces = workspaces;
    this.#settings = loaded;
    this.#facts = rulesFacts({ loaded, approvedDirectories, policyFiles: gate.policyFiles });
  }

  /** Those that are approved now. */
  get approvedDirectories(): readonly string[] {
    return this.#directories;
  }

  /**
   * One after the other. What a function throws counts as what is wrong with the settings.
   * @throws LeashdError when anything is wrong, the audit log included: nothing has changed then.
   */
  reload(given: LoadedSettings | (() => LoadedSettings)): Promise<Reloaded> {
    const reloaded = this.#reloading.then(() => this.#reloadOrRefuse(given));
    this.#reloading = reloaded.catch(() => {});
    return reloaded;
  }

  async #reloadOrRefuse(given: LoadedSettings | (() => LoadedSettings)): Promise<Reloaded> {
    const { audit, log } = this.#options;
    try {
      return await this.#reload(typeof given === 'function' ? given() : given);
    } catch (thrown) {
      const fault =
        thrown instanceof LeashdError
          ? thrown
          : new MachineError('RELOAD_FAILED', `nothing could be taken anew: ${messageOf(thrown)}`, {
              cause: thrown,
            });
      try {
        await audit.record({ event: 'reload_refused', code: fault.code, why: fault.message });
      } catch (error) {
        log.error('refusal_not_written_down', { reason: messageOf(error) });
      }
      throw fault;
    }
  }

  async #reload(next: LoadedSettings): Promise<Reloaded> {
    const { gate, gatekeeper, audit, others, now } = this.#options;
    const { loaded: inForce, changed, needsRestart } = settingsInForce(this.#settings, next);
    const approvedDirectories = approvedDirectoriesOf(inForce);
    const { stateDir } = inForce.settings;
    const workspaces = loadWorkspaces({ ...inForce, stateDir, approvedDirectories });
    const { rules, ...policies } = gate.prepare(inForce, next, approvedDirectories);
    const commits = [gatekeeper.prepareRules(rules)];
    const coming = { next, inForce, approvedDirectories, workspaces, ...policies };
    for (const prepare of others) commits.push(await prepareCommit(prepare, coming, now));

    const facts = rulesFacts({ loaded: inForce, approvedDirectories, policyFiles: policies.policyFiles });
    const applied = [
      ...changed,
      ...this.#changedPolicies(facts),
      ...(isDeepStrictEqual(workspaces, this.#workspaces) ? [] : [join(stateDir, WORKSPACES_FILE)]),
    ];
    await audit.record({ event: 'leashd_reloaded', changed: applied, needsRestart, ...facts });
    // From here on nothing waits and nothing throws: no call sees a part of it.
    for (const commit of commits) commit();
    audit.setOpening(facts);
    this.#directories = approvedDirectories;
    this.#workspaces = workspaces;
    this.#settings = inForce;
    this.#facts = facts;
    return { applied, needsRestart };
  }

  #changedPolicies({ policies }: RulesFacts): readonly string[] {
    const before = new Map(this.#facts.policies.map(({ file, sha256 }) => [file, sha256]));
    return policies.flatMap(({ file, sha256 }) => (before.get(file) === sha256 ? [] : [file]));
  }
}

async function prepareCommit(
  prepare: ReloaderOptions['others'][number],
  coming: Coming,
  now: () => number,
): Promise<() => void> {
  const commit = await prepare(coming);
  return () => commit(now());
}
