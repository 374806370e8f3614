import { describe, expect, it } from 'vitest';
import { plansFolder } from './plans-folder.ts';

describe('plansFolder', () => {
  it.each([
    [{ HOME: '/home/ada' }, '/home/ada/.claude/plans'],
    [{ HOME: '/home/ada', CLAUDE_CONFIG_DIR: '' }, '/home/ada/.claude/plans'],
    [{ HOME: '/home/ada', CLAUDE_CONFIG_DIR: '/etc/claude' }, '/etc/claude/plans'],
  ])('with %j is %s', (environment, folder) => {
    expect(plansFolder(environment)).toBe(folder);
  });
});
