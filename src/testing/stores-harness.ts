import type { Stores } from '../core/ports/store.ts';

export type StoresHarness = {
  readonly stores: Stores;
  /** Closes the stores and opens the same ones anew, as a restart does. Absent when nothing outlives them. */
  readonly reopen?: () => Promise<Stores>;
  readonly dispose: () => Promise<void>;
};
