import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('fzf', () => {
  it.each([
    ['fzf -m --height=50% --border', ''],
    ['fzf +i -q execute', ''],
    ['fzf --filter x', ''],
    ['fzf --bind ctrl-a:select-all,ctrl-d:deselect-all', ''],
    ['fzf --bind=tab:toggle+down', ''],
    ["fzf --bind 'enter:execute(rm {})'", '?option'],
    ["fzf --bind='enter:become(vim {})'", '?option'],
    ["fzf --bind 'ctrl-x:execute-silent:rm {}'", '?option'],
    ["fzf --bind 'change:reload:rg x'", '?option'],
    ["fzf --bind 'a:up+execute[rm {}]'", '?option'],
    ["fzf --preview 'cat {}'", 'script "cat {}"'],
    ['fzf --listen=6266', '?option'],
    ['fzf --listen-unsafe', '?option'],
    ['fzf --history=h', 'write h'],
    ['fzf --with-shell x', '?option'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
