import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

export interface Expectation {
  toBe(expected: unknown): void;
  /** Fields that are undefined count as absent. */
  toEqual(expected: unknown): void;
  toStrictEqual(expected: unknown): void;
  /** Has all that `expected` has, at any depth; lists have to be as long. */
  toMatchObject(expected: object): void;
  toMatch(pattern: RegExp): void;
  toContain(part: string): void;
  toHaveLength(length: number): void;
  toBeUndefined(): void;
  toBeGreaterThan(bound: number): void;
  toBeLessThan(bound: number): void;
}

/** As much of the usual `expect` as the contracts need, so that they run under any test runner. */
export function expect(actual: unknown): Expectation {
  const compare = (holds: boolean, expected: unknown, operator: string, words: string): void => {
    if (!holds)
      assert.fail(
        new assert.AssertionError({ actual, expected, operator, message: message(words, expected, actual) }),
      );
  };
  return {
    toBe: (expected) => compare(Object.is(actual, expected), expected, 'is', ''),
    toEqual: (expected) => compare(isDeepStrictEqual(bare(actual), bare(expected)), expected, 'equal', ''),
    toStrictEqual: (expected) => compare(isDeepStrictEqual(actual, expected), expected, 'strictEqual', ''),
    toMatchObject: (expected) => compare(matches(actual, expected), expected, 'match', 'something with '),
    toMatch: (pattern) =>
      compare(typeof actual === 'string' && pattern.test(actual), pattern, 'match', 'a text that matches '),
    toContain: (part) =>
      compare(typeof actual === 'string' && actual.includes(part), part, 'contain', 'a text with '),
    toHaveLength: (length) => compare(lengthOf(actual) === length, length, 'length', 'a length of '),
    toBeUndefined: () => compare(actual === undefined, undefined, 'is', ''),
    toBeGreaterThan: (bound) =>
      compare(typeof actual === 'number' && actual > bound, bound, '>', 'more than '),
    toBeLessThan: (bound) => compare(typeof actual === 'number' && actual < bound, bound, '<', 'less than '),
  };
}

/** What the promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (fault) {
    return fault;
  }
  return assert.fail('expected a rejection, but it resolved');
}

const PATIENCE_MS = 8_000;
const PAUSE_MS = 10;

/** Tries again until `check` no longer throws; gives up after eight seconds with what it threw last. */
export async function eventually(check: () => void): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      check();
      return;
    } catch (fault) {
      if (performance.now() > end) throw fault;
    }
    await sleep(PAUSE_MS);
  }
}

const LONGEST = 500;

function message(words: string, expected: unknown, actual: unknown): string {
  return `expected ${words}${shown(expected)}, got ${shown(actual)}`;
}

function shown(value: unknown): string {
  const text = value instanceof RegExp ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function lengthOf(value: unknown): number | undefined {
  return Array.isArray(value) || typeof value === 'string' ? value.length : undefined;
}

function matches(actual: unknown, expected: unknown): boolean {
  if (!isObject(expected)) return Object.is(actual, expected);
  if (!isObject(actual) || Array.isArray(actual) !== Array.isArray(expected)) return false;
  if (Array.isArray(expected) && lengthOf(actual) !== expected.length) return false;
  return Object.entries(expected).every(([key, value]) => matches(actual[key], value));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Without the fields that are undefined. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(kept.map(([key, one]) => [key, bare(one)]));
}
