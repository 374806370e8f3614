import type { ModeRule } from './gate.ts';

/** Looks at projects to see how they are tested, and says what an agent that tests one is told and may do. Runs nothing. */
export interface TestWorkflow {
  /** How /test is written: one line a flag. */
  readonly usage: readonly string[];
  /** Reads what was typed and looks at the project. Writes nothing; must not throw. */
  prepare(order: TestOrder): PreparedTest;
}

export type TestOrder = {
  /** Absolute real path of the session's own directory. */
  readonly directory: string;
  /** What was typed behind /test. */
  readonly line: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: number;
};

export type PreparedTest =
  { readonly kind: 'help' } | TestRefusal | { readonly kind: 'run'; readonly run: TestRun };

/** What is wrong with what was typed or with the project's test.yaml; lines of plain text. Never a private value. */
export type TestRefusal = { readonly kind: 'refused'; readonly lines: readonly string[] };

/** One run, planned; it holds private values, but no text that is made of it does, save `privateInstructions`. */
export interface TestRun {
  /** Sixteen hexadecimal digits that are the same for the same plan. */
  readonly digest: string;
  readonly summary: TestSummary;
  /** All nine, in their order. */
  readonly phases: readonly TestPhase[];
  /** For the modes of a session: see ActiveMode. */
  readonly rules: readonly ModeRule[];
  /** Absolute path of the one file of leashd's own that the agent may write. */
  readonly sessionFile: string;
  /** Where an earlier run of the same plan stopped; without it, why there is nothing to go on from. */
  readonly resume: TestResume;
  /** Whether the agent gets a browser for it. */
  readonly needsBrowser: boolean;
  /** What the agent is told, beginning with that phase (1 to 9). Holds no private value. */
  instructions(from: number): string;
  /** For the agent alone: to be kept in memory, and shown and stored nowhere. Undefined when there is none. */
  privateInstructions(): string | undefined;
  /**
   * Writes the session file as it is at the beginning of a run.
   * @throws MachineError TEST_SESSION_NOT_WRITTEN
   */
  begin(now: number): void;
  /** What the session file says now; private values that stand there are taken out of it. Must not throw. */
  progress(): TestStanding;
}

/** For the person: short lines of plain text, some of them in the project's own words. */
export type TestSummary = {
  /** `shop: node, vitest`, `Tests: npm run test`. */
  readonly found: readonly string[];
  readonly missing: readonly string[];
  /** What passes without a question while it runs. */
  readonly unasked: readonly string[];
  /** What could not be read or is not offered. */
  readonly notes: readonly string[];
};

export type TestPhase = {
  /** From 1 to 9. */
  readonly number: number;
  readonly title: string;
  /** Why there is nothing to do in it. */
  readonly skipped?: string | undefined;
};

export type TestResume =
  | { readonly kind: 'resume'; readonly phase: number }
  | { readonly kind: 'fresh'; readonly why?: string | undefined };

export type TestStanding = {
  /** The state of all nine phases, in order. */
  readonly states: readonly TestPhaseState[];
  /** From 1 to 9: the first that is neither done nor skipped; undefined when none is left. */
  readonly current: number | undefined;
  readonly results: TestFigures | undefined;
  /** Paths below the session's directory, or absolute ones. */
  readonly screenshots: readonly string[];
};

export type TestPhaseState = 'open' | 'begun' | 'done' | 'skipped';

export type TestFigures = {
  readonly passed: number;
  readonly failed: number;
  readonly fixed: number;
  readonly left: number;
};
