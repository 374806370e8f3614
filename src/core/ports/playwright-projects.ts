/** A project with Playwright tests of its own. */
export type PlaywrightProject = {
  /** Below the directory; `.` is the directory itself. */
  readonly folder: string;
  /** How its end-to-end tests are run, the likeliest first: `npx playwright test`. */
  readonly commands: readonly string[];
};

/** Finds Playwright tests by looking at files only: runs nothing. */
export interface PlaywrightProjects {
  /** Those below an absolute real path; none where there are none. Must not throw. */
  find(directory: string): readonly PlaywrightProject[];
}
