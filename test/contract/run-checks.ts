import { expect, it } from 'vitest';
import type { Check } from '../../src/testing/index.ts';

/** Each check of a contract as a test. */
export function runChecks(name: string, checks: readonly Check[]): void {
  it.each(checks.map((check) => [`${name}: ${check.name}`, check] as const))('%s', async (_title, check) => {
    await expect(check.run()).resolves.toBeUndefined();
  });
}
