/** A command that tests the project, as it was found. */
export type ProjectTest = {
  /** `npm test`. */
  readonly words: string;
  /** Below the project's folder; `.` is that folder. */
  readonly folder: string;
};

/** Finds out how a project is tested, by looking at its files only: runs nothing. */
export interface ProjectTests {
  /** The likeliest first; none where none were found. `directory`: absolute real path. Must not reject. */
  find(directory: string): Promise<readonly ProjectTest[]>;
}
