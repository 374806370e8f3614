import { describe, expect, it } from 'vitest';
import { compilePattern } from './pattern.ts';

describe('compilePattern', () => {
  it.each([
    [String.raw`\bsudo\b`, 'a sudo b', true],
    [String.raw`\bsudo\b`, 'pseudo', false],
    ['(?i)drop', 'DROP', true],
    [String.raw`^a\s+b$`, 'a  b', true],
    [String.raw`b\Z`, 'ab', true],
    [String.raw`^a{,2}b`, 'aab', true],
    [String.raw`^a{,2}b`, 'aaab', false],
    [String.raw`\u0041`, 'A', true],
    ['(?P<x>a)', 'a', true],
    [String.raw`\\Z`, String.raw`\Z`, true],
  ])('%s on %j: %s', (source, text, expected) => {
    expect(compilePattern(source).test(text)).toBe(expected);
  });

  it.each(['(?!a)', '(?<=a)b', String.raw`(a)\1`, '[', '*a', '(?x) a'])('refuses %s', (source) => {
    expect(() => compilePattern(source)).toThrow(/pattern without|RE2/);
  });

  it('takes time that grows only with the length of the text', () => {
    const started = performance.now();
    const greedy = compilePattern(String.raw`^rm( .*)*(-.*)*(r.*)*(f.*)*\$$`);
    expect(greedy.test(`rm ${'-r'.repeat(8000)}`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(8000);
  });
});
