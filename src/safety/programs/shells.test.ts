import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('shells', () => {
  it.each([
    [`bash -c 'ls'`, 'script "ls"'],
    [`sh -ec 'ls'`, 'script "ls"'],
    [`dash -c 'ls'`, 'script "ls"'],
    [`zsh -c 'ls'`, 'script "ls", ?syntax'],
    [`zsh -n -c 'ls'`, 'script "ls", ?syntax'],
    [`ksh -c 'ls'`, 'script "ls", ?syntax'],
    [`fish -c 'ls'`, 'script "ls", ?syntax'],
    [`tcsh -c 'ls'`, 'script "ls", ?syntax'],
    ['fish', 'runs its input, ?syntax'],
    ['zsh a.sh', 'read a.sh, run-file, ?syntax'],
    ['zsh -n a.sh', 'read a.sh'],
    ['zsh --version', ''],
    ['bash -n a.sh', 'read a.sh'],
    ['bash -n +n a.sh', 'read a.sh, run-file'],
    ['bash -n +en a.sh', 'read a.sh, run-file'],
    ['bash -n -o exec a.sh', 'read a.sh, ?option'],
    ['bash a.sh', 'read a.sh, run-file'],
    ['bash -i a.sh', 'read a.sh, run-file, ?option'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
