/** What a command is for. `server` starts the thing under test; the others end by themselves. */
export type Purpose = 'unit' | 'integration' | 'e2e' | 'server';

/** `sure`: the project says so. `likely`: usual for what was found. `guess`: worth a try. */
export type Sureness = 'sure' | 'likely' | 'guess';

/** Where something was found: a file below the project's folder, and what of it. */
export type Source = { readonly path: string; readonly key: string };

/** A command of the project as it can be run: words for one known program, never text for a shell. */
export type FoundCommand = {
  readonly purpose: Purpose;
  readonly argv: readonly [string, ...string[]];
  /** Below the project's folder; `.` is that folder. */
  readonly folder: string;
  readonly from: Source;
  readonly sureness: Sureness;
  /** What stands behind the name of a script: to be shown, on one line, cut where it is long. */
  readonly script?: string | undefined;
  /** What a server says or is usually at. */
  readonly port?: number | undefined;
};

export type FoundFramework = {
  /** `vitest`, `django`. */
  readonly name: string;
  readonly role: 'tests' | 'e2e' | 'web' | 'backend';
  readonly folder: string;
  readonly from: Source;
  /** The usual port of its development server. */
  readonly port?: number | undefined;
};

/** A folder with a project of its own in it. */
export type Part = { readonly folder: string; readonly name: string; readonly ecosystems: readonly string[] };

/** What leashd found in a project, by looking at its files only. */
export type Discovery = {
  readonly parts: readonly Part[];
  readonly frameworks: readonly FoundFramework[];
  /** The likeliest first, for each purpose. */
  readonly commands: readonly FoundCommand[];
  /** Where the server is expected; of the surest command with a port. */
  readonly port?: number | undefined;
  /** What is not there, in sentences. */
  readonly missing: readonly string[];
  /** What could not be read or is not offered, and why, in sentences. */
  readonly notes: readonly string[];
};

export function commandsFor(discovery: Discovery, ...purposes: readonly Purpose[]): readonly FoundCommand[] {
  return discovery.commands.filter(({ purpose }) => purposes.includes(purpose));
}
