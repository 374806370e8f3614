import { describe, expect, it } from 'vitest';
import { TestWatch } from './test-watch.ts';

const TESTS = [
  { words: 'npm test', folder: '.' },
  { words: 'pytest', folder: 'api' },
];

function after(tests: typeof TESTS, ...calls: readonly (readonly [string, boolean?])[]): string {
  const watch = new TestWatch(tests);
  for (const [index, [summary, isError]] of calls.entries()) {
    watch.take({ kind: 'tool-started', callId: String(index), tool: 'Bash', summary });
    if (isError !== undefined) watch.take({ kind: 'tool-ended', callId: String(index), isError });
  }
  return watch.words().text;
}

describe('whether tests ran', () => {
  it('is seen from the calls and how they ended; the last one counts', () => {
    expect(after(TESTS, ['npm test', true], ['npm test -- --run', false])).toBe(
      '🧪 npm test ran, without an error.',
    );
    expect(after(TESTS, ['cd api && pytest -x', false])).toBe('🧪 pytest ran, without an error.');
    expect(after(TESTS, ['npm test', false], ['npm test', true])).toBe('🧪 npm test did not run, or failed.');
    expect(after(TESTS, ['npm test'])).toBe('🧪 npm test was begun, and did not end.');
  });

  it('is not taken from what only looks like it', () => {
    const none = '🧪 Tests did not run. Found: npm test.';
    expect(after(TESTS)).toBe(none);
    expect(after(TESTS, ['npm test:e2e', false], ['echo xnpm test', false], ['git add -- a', false])).toBe(
      none,
    );
    expect(after(TESTS, ['npm test | tail -5', false])).toContain(
      'how it ended stands in Claude’s words alone',
    );
    expect(after(TESTS, ['npm test || true', false])).toContain('in Claude’s words alone');
    expect(after(TESTS, ['npm test & ', false])).toContain('in Claude’s words alone');
    expect(after([], ['npm test', false])).toBe('🧪 No tests were found here.');
  });
});
