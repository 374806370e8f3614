import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('ripgrep', () => {
  it.each([
    ['rg x', 'tree(visible) .'],
    [`rg -g '!dist' x`, 'tree(visible) .'],
    [`rg --glob=!dist x`, 'tree(visible) .'],
    ['rg -t ts x', 'tree(visible) .'],
    ['rg -g .env x', 'tree(all) .'],
    [`rg -g '*' x`, 'tree(all) .'],
    ['rg -ng .env x', 'tree(all) .'],
    ['rg --iglob=.ENV x', 'tree(all) .'],
    ['rg -tsh x', 'tree(all) .'],
    ['rg --type all x', 'tree(all) .'],
    ['rg --type-add x:.env -tx y', 'tree(visible) y, ?option'],
    [`rg --files -g '*'`, 'names .'],
  ])('%s: a glob brings back what is hidden', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
