import type { LoadedSettings } from '../config/load-settings.ts';
import type { Channel } from '../core/create-engine.ts';

/** A channel whose people may be others while leashd runs. */
export type AppChannel = Channel & {
  /**
   * Sees who may talk and approve by these settings; what it returns lets that hold, and does not throw.
   * @throws PersonError where they can't be used; nothing has changed then.
   */
  readonly prepareReload?: ((loaded: LoadedSettings) => Promise<() => void>) | undefined;
};
