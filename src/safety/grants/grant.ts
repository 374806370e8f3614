import type { Branded } from '../../util/ids.ts';
import type { RuleFile } from '../policy/schema.ts';

export type GrantId = Branded<'GrantId'>;

/** What is remembered of an approval: rules of the policy language that allow, and nothing else. */
export type GrantTerms = {
  /** For the person: `git push to origin`, `edits under src/`. */
  readonly words: string;
  /** Every part of a call that the policy asks about must be allowed by one of them. */
  readonly rules: readonly RuleFile[];
  /** Where its commands run, an absolute real path; absent: in the session's own directory. */
  readonly folder?: string | undefined;
  /** SHA-256 over the files that are run, as they were when they were shown; a changed one is asked about again. */
  readonly contents?: string | undefined;
};

/** Never beyond 24 hours, but for `always`, which becomes a rule in the project's overlay. */
export type GrantLength =
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'until-clear' }
  | { readonly kind: 'always' };

/** One button behind "Approve similar…". */
export type GrantOffer = {
  /** At most 16 characters of [a-z0-9-]. */
  readonly id: string;
  /** All of it in words: `git push to origin, this chat, 1 hour`. At most 60 characters. */
  readonly label: string;
  readonly terms: GrantTerms;
  readonly length: GrantLength;
};

/** An approval that is remembered, for one chat in one directory, until it ends or is revoked. */
export type Grant = GrantTerms & {
  readonly id: GrantId;
  /** The gate context's `chat`. */
  readonly chat: string;
  /** The session's own directory, an absolute real path. */
  readonly directory: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly madeAt: number;
  readonly until: number;
  readonly madeBy: string;
  /** The agent's id of the call whose card made it. */
  readonly madeFor: string;
};

/** A grant as it was found: `value` is whatever stands there, for its reader to judge. */
export type StoredGrant = { readonly id: string; readonly value: unknown };

/** Where grants outlive the process. Each method is one transaction. */
export interface GrantStore {
  load(): Promise<readonly StoredGrant[]>;
  save(grant: Grant): Promise<void>;
  /** Harmless for one that is not there. */
  remove(id: string): Promise<void>;
}

/** A rule that the person made for a project with a tap on Always. */
export type OwnRule = {
  /** Its name in the overlay file; unique there. */
  readonly name: string;
  readonly words: string;
  /** The session's own directory it is for. */
  readonly directory: string;
};
