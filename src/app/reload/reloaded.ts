/** What came of taking the settings, the policies and the directories anew. */
export type Reloaded = {
  /** What has changed and holds now: settings by their names (`LEASHD_…`), policy files and `workspaces.yaml` by their paths. */
  readonly applied: readonly string[];
  /** Settings that have changed, by their names, and hold only once leashd is started again. */
  readonly needsRestart: readonly string[];
};
