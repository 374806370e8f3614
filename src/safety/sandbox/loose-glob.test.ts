import { describe, expect, it } from 'vitest';
import { couldFit } from './loose-glob.ts';

describe('couldFit', () => {
  it.each([
    ['*.ts', 'a.ts', true],
    ['*.ts', '.env', false],
    ['*.TS', 'a.ts', true],
    ['.e*', '.env', true],
    ['.en[v-z]', '.env', true],
    ['.en?', '.env', true],
    ['.en[]v]', '.env', true],
    ['.en[[:alpha:]]', '.env', true],
    ['*.[jt]s', '.env', false],
    ['*.{ts,env}', 'prod.env', true],
    ['*.{ts,js}', 'prod.env', false],
    ['**/*.env', 'a/b.env', true],
    ['**/.env', '.env', true],
    ['**/*', '.env', true],
    ['src/**/*.ts', 'src/a.ts', true],
    ['src/**/*.ts', '.env', false],
    ['src/*', '.env', false],
    [String.raw`\.env`, '.env', true],
    ['@(a|.env)', '.env', true],
    ['a{b', 'a{b', true],
    ['*'.repeat(5000), 'x', true],
  ])('%s and %s: %s', (glob, name, expected) => {
    expect(couldFit(glob, name)).toBe(expected);
  });

  it('is quick with globs that are made to be slow', () => {
    const started = performance.now();
    expect(couldFit(`${'*a'.repeat(400)}b`, 'a'.repeat(250))).toBe(false);
    expect(performance.now() - started).toBeLessThan(8000);
  });
});
