import { z } from 'zod';

/** What the turn of a test run is about, as it stands in its message: no private value. */
export type TestWork = {
  /** Absolute real path of the session's directory when it was asked for. */
  readonly directory: string;
  /** What was typed behind /test. */
  readonly line: string;
  /** Of the plan that it was asked for. */
  readonly digest: string;
};

const schema = z.object({ directory: z.string().min(1), line: z.string(), digest: z.string().min(1) });

export function writeTestWork({ directory, line, digest }: TestWork): string {
  return JSON.stringify({ directory, line, digest });
}

/** Undefined for what another leashd may have written. */
export function readTestWork(about: string): TestWork | undefined {
  try {
    return schema.safeParse(JSON.parse(about)).data;
  } catch {
    return undefined;
  }
}
