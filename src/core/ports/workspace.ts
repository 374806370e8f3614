/** Directories that one conversation works in together, as the person has put them down. */
export type Workspace = {
  /** At most 32 of [a-z0-9-_]. */
  readonly name: string;
  readonly description?: string | undefined;
  /** Absolute real paths, each an approved directory or inside one; the agent starts in the first. */
  readonly directories: readonly [string, ...string[]];
};
