import { describe, expect, it } from 'vitest';
import { isHarmlessSetting, readGitConfig } from './git-config.ts';

describe('readGitConfig', () => {
  it('reads sections, subsections, comments and quotes', () => {
    const text = `# c
[core]
  Bare = false ; no
[remote "Origin.X"] url = "a # b"
[branch "a\\"b"]
\tmerge=refs/heads/main
[alias] st
`;
    expect(readGitConfig(text)).toEqual([
      { key: 'core.bare', value: 'false' },
      { key: 'remote.Origin.X.url', value: 'a # b' },
      { key: 'branch.a"b.merge', value: 'refs/heads/main' },
      { key: 'alias.st', value: 'true' },
    ]);
  });

  it.each(['x = 1', '[core\nx = 1', '[core]\n= 1', '[core]\n# c \\\nfsmonitor = x'])(
    'gives up on %j',
    (text) => {
      expect(readGitConfig(text)).toBeUndefined();
    },
  );
});

describe('isHarmlessSetting', () => {
  it.each([
    ['core.bare', 'false', true],
    ['core.fsmonitor', 'true', true],
    ['core.fsmonitor', './x', false],
    ['diff.submodule', 'log', true],
    ['diff.submodule', 'diff', false],
    ['remote.origin.url', 'x', true],
    ['alias.st', 'status', false],
  ])('%s = %s: %s', (key, value, expected) => {
    expect(isHarmlessSetting({ key, value })).toBe(expected);
  });
});
