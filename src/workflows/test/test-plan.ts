import { createHash } from 'node:crypto';
import { PrivateValues } from './private-values.ts';
import type { TestConfig } from './test-config.ts';
import type { TestAreas, TestFlags } from './flags.ts';

/** A value, and whose word it is: the person typed it as a flag, or it stands in the project's test.yaml. */
export type Told<Value> = { readonly value: Value; readonly by: 'person' | 'project' };

/** What is to be tested, and how. Holds no secret but in the private values, which keep themselves apart. */
export type TestPlan = {
  /** What the person wants looked at most, in their own words; empty for all of it. */
  readonly focus: string;
  readonly url?: Told<string> | undefined;
  /** The command that starts the server, as one line. leashd never runs it; the agent may ask to. */
  readonly server?: Told<string> | undefined;
  readonly framework?: Told<string> | undefined;
  /** Below the project's folder; `.` is all of it. */
  readonly directory: Told<string>;
  readonly areas: TestAreas;
  readonly preconditions: readonly string[];
  readonly focusAreas: readonly string[];
  readonly environment: PrivateValues;
  readonly credentials: PrivateValues;
  /** Why there is no browser to drive; no part of what is asked for, so a run goes on when there is one again. */
  readonly noBrowser?: string | undefined;
};

/** The flags lie over the file: what the person typed counts. */
export function planTests(flags: TestFlags, config: TestConfig = {}): TestPlan {
  const told = <Value>(typed: Value | undefined, written: Value | undefined): Told<Value> | undefined => {
    if (typed !== undefined) return { value: typed, by: 'person' };
    return written === undefined ? undefined : { value: written, by: 'project' };
  };
  return {
    focus: flags.focus,
    url: told(flags.url, config.url),
    server: told(flags.server, config.server),
    framework: told(flags.framework, config.framework),
    directory: told(flags.directory, config.directory) ?? { value: '.', by: 'project' },
    areas: flags.areas,
    preconditions: config.preconditions ?? [],
    focusAreas: config.focusAreas ?? [],
    environment: config.environment ?? PrivateValues.none,
    credentials: config.credentials ?? PrivateValues.none,
  };
}

/**
 * Sixteen hexadecimal digits that are the same for the same plan. Made of the names of the private values, never of
 * the values: it stands in a file that anybody may read, and short secrets can be guessed from a digest.
 */
export function planDigest(plan: TestPlan): string {
  const { focus, url, server, framework, directory, areas, preconditions, focusAreas } = plan;
  const content = [
    [focus, url?.value, server?.value, framework?.value, directory.value],
    [areas.unit, areas.backend, areas.e2e],
    preconditions,
    focusAreas,
    plan.environment.names,
    plan.credentials.names,
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}
