import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('programs that run others', () => {
  it.each([
    ['xargs -I A cat A', 'runs "cat A"'],
    ['xargs -n 1 -I A cat A', 'runs "cat A"'],
    ['xargs -I A -I B cat B', 'runs "cat B", ?option'],
    ['xargs -I A --replace=B cat B', 'runs "cat B", ?option'],
    ['xargs -I A -n 2 cat x', 'runs "cat x", ?option'],
    ['xargs -I A --max-lines=2 cat x', 'runs "cat x", ?option'],
    ['xargs -a list cat', 'read list, runs "cat", ?option'],
    ['xargs --process-slot-var=PATH cat', 'runs "cat", ?option'],
    ['script -q /dev/null ls', 'write /dev/null, script "ls"'],
    [`script -c 'rm x' /dev/null`, 'write /dev/null, script "rm x"'],
    [`script /dev/null ls -c 'rm x'`, 'write /dev/null, runs "ls -c rm x", ?option'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
