import { AssertionError } from 'node:assert';
import { describe, expect, it } from 'vitest';
import { eventually, expect as expectPlainly, rejection, type Expectation } from './expect.ts';

type Case = readonly [actual: unknown, use: (expectation: Expectation) => void];

const holds: readonly Case[] = [
  ['a', (it) => it.toBe('a')],
  [{ a: 1, b: undefined }, (it) => it.toEqual({ a: 1 })],
  [[{ a: 1 }], (it) => it.toStrictEqual([{ a: 1 }])],
  [{ a: { b: 1, c: 2 }, d: [1] }, (it) => it.toMatchObject({ a: { b: 1 }, d: [1] })],
  ['abc', (it) => it.toMatch(/b/)],
  ['abc', (it) => it.toContain('bc')],
  [[1, 2], (it) => it.toHaveLength(2)],
  [undefined, (it) => it.toBeUndefined()],
  [2, (it) => it.toBeGreaterThan(1)],
  [1, (it) => it.toBeLessThan(2)],
];

const fails: readonly Case[] = [
  ['a', (it) => it.toBe('b')],
  [{ a: 1 }, (it) => it.toEqual({ a: 1, b: 2 })],
  [{ a: 1, b: undefined }, (it) => it.toStrictEqual({ a: 1 })],
  [{ a: { b: 1 } }, (it) => it.toMatchObject({ a: { c: undefined, b: 2 } })],
  [{ a: [1, 2] }, (it) => it.toMatchObject({ a: [1] })],
  [undefined, (it) => it.toMatchObject({})],
  ['abc', (it) => it.toMatch(/d/)],
  [undefined, (it) => it.toContain('')],
  [[1, 2], (it) => it.toHaveLength(1)],
  [null, (it) => it.toBeUndefined()],
  [1, (it) => it.toBeGreaterThan(1)],
  ['0', (it) => it.toBeLessThan(2)],
];

describe('the expect of the contracts', () => {
  it.each(holds)('is content with %j', (actual, use) => {
    expect(() => use(expectPlainly(actual))).not.toThrow();
  });

  it.each(fails)('is not content with %j', (actual, use) => {
    expect(() => use(expectPlainly(actual))).toThrow(AssertionError);
  });

  it('says what it expected and what came', () => {
    expect(() => expectPlainly('abc').toContain('d')).toThrow('expected a text with "d", got "abc"');
  });

  it('tries again until it is content', async () => {
    let tries = 0;
    await eventually(() => expectPlainly((tries += 1)).toBe(3));
    expect(tries).toBe(3);
  });

  it('wants a rejection', async () => {
    const fault = new Error('no');
    expect(await rejection(Promise.reject(fault))).toBe(fault);
    await expect(rejection(Promise.resolve())).rejects.toThrow('expected a rejection');
  });
});
