import { describe, expect, it } from 'vitest';
import { programPath } from './program-path.ts';

describe('programPath', () => {
  it.each([
    ['/usr/bin:/home/ann/bin', '/usr/bin:/home/ann/bin'],
    ['./node_modules/.bin:/usr/bin', '/usr/bin'],
    [':/usr/bin:', '/usr/bin'],
    ['.:bin:../bin:~/bin:/bin', '/bin'],
    ['', '/usr/local/bin:/usr/bin:/bin'],
    ['.', '/usr/local/bin:/usr/bin:/bin'],
  ])('%s', (path, expected) => {
    expect(programPath(path)).toBe(expected);
  });
});
