import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('programs about the machine', () => {
  it.each([
    ['printenv HOME', ''],
    ['printenv -0', 'list-environment'],
    ['man ls', 'read ls'],
    ['man --html=x ls', 'read ls, ?option'],
    ['man -P x ls', 'read x, read ls, ?option'],
    ['printenv', 'list-environment'],
    ['printenv PATH', ''],
    ['arch', ''],
    ['arch -x86_64 ls', 'runs "ls"'],
    ['arch -x86_64 rm x', 'runs "rm x"'],
    ['hostname', ''],
    ['hostname evil', '?option'],
    ['date', ''],
    ['date +%F', ''],
    ['date 01010000', '?option'],
    ['date -s now', '?option'],
    ['uname -a', ''],
    ['lscpu', ''],
    ['free -h', ''],
    ['id', ''],
    ['cal', ''],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
