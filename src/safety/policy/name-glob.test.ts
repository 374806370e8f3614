import { describe, expect, it } from 'vitest';
import { compileHost, compileMcp } from './name-glob.ts';

describe('compileHost', () => {
  it.each([
    ['example.com', 'example.com', true],
    ['example.com', 'EXAMPLE.com.', true],
    ['example.com', 'a.example.com', false],
    ['example.com', 'example.com.evil.org', false],
    ['example.com', 'exampleXcom', false],
    ['*.example.com', 'a.b.example.com', true],
    ['*.example.com', 'example.com', false],
    ['*.example.com', 'evil-example.com', false],
    ['*', 'x', true],
    ['[::1]', '::1', true],
  ])('%s and %s: %s', (glob, host, expected) => {
    expect(compileHost(glob, false)(host)).toBe(expected);
  });

  it('takes a host that is not known for any only where that is stricter', () => {
    expect(compileHost('*', true)(undefined)).toBe(true);
    expect(compileHost('*', false)(undefined)).toBe(false);
    expect(compileHost('*.com', true)(undefined)).toBe(false);
  });

  it.each(['https://example.com', 'example.com/x', 'example.com:443', ''])('refuses %j', (host) => {
    expect(() => compileHost(host, false)).toThrow(/a host such as/);
  });
});

describe('compileMcp', () => {
  it('fits a server with all its tools, or single ones', () => {
    const tool = { server: 'playwright', tool: 'browser_click' };
    const fitting = [
      'playwright',
      'playwright/browser_*',
      'playwright/browser_click',
      '*',
      '*/browser_click',
    ];
    expect(fitting.filter((glob) => !compileMcp(glob)(tool))).toEqual([]);
    const others = ['play', 'playwright/click', 'evil/browser_click', 'playwrigh.'];
    expect(others.filter((glob) => compileMcp(glob)(tool))).toEqual([]);
  });

  it.each(['', 'a/', '/b', 'a/b/c'])('refuses %j', (name) => {
    expect(() => compileMcp(name)).toThrow(/server or server\/tool/);
  });
});
