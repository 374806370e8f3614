import type { DoctorContext } from './context.ts';

/** `ok`: as it should be; `note`: good to know; `warning`: works, but not for ever; `problem`: does not work. */
export type Level = 'ok' | 'note' | 'warning' | 'problem';

/** What a check has to say, as sentences without a full stop at the end of `says`. */
export type Told = {
  readonly level: Level;
  readonly says: string;
  /** What to do about it: a command to copy, or a sentence. */
  readonly todo?: string | undefined;
};

/** Checks that belong together. */
export type Family = 'programs' | 'settings' | 'files' | 'records' | 'telegram' | 'leashd';

export type Finding = Told & { readonly check: string; readonly family: Family };

/** One thing that the doctor looks at. It must change nothing, and print no secret. */
export type Check = {
  readonly name: string;
  /** Milliseconds that it gets; what it has not said by then is said for it. Left out: five seconds. */
  readonly deadlineMs?: number;
  /** Keeps the process busy: begins once the others have ended, or one second after them. */
  readonly isHeavy?: boolean;
  /** Nothing to say: no finding. Whatever it throws becomes a problem. */
  readonly run: (context: DoctorContext, signal: AbortSignal) => Promise<readonly Told[]>;
};

export const ok = (says: string): Told => ({ level: 'ok', says });
export const note = (says: string, todo?: string): Told => ({ level: 'note', says, todo });
export const warning = (says: string, todo?: string): Told => ({ level: 'warning', says, todo });
export const problem = (says: string, todo?: string): Told => ({ level: 'problem', says, todo });
