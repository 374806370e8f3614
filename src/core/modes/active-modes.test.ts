import { describe, expect, it } from 'vitest';
import { ActiveModes } from './active-modes.ts';
import { MODES } from './modes.ts';
import type { SessionId } from '../ports/chat.ts';
import type { ModeRule } from '../ports/gate.ts';

const session = 's1' as SessionId;
const other = 's2' as SessionId;
const rule: ModeRule = { words: 'npm test', folder: '/p', source: '/p/package.json', rules: [] };
const pin = (rules: readonly ModeRule[]): readonly ModeRule[] =>
  rules.map((one) => ({ ...one, pins: { '/p/package.json': 'digest' } }));

describe('ActiveModes', () => {
  it('gives the gate the rules of one session, pinned as they are set', () => {
    const modes = new ActiveModes({ pin });
    modes.set(session, { name: 'extra', rules: [rule], writes: ['/p/x.md'], instruction: 'Test it.' });
    expect(modes.rulesFor(session, MODES.auto)).toMatchObject({
      name: 'auto',
      grants: ['edit-files'],
      rulesFrom: 'extra',
      rules: [{ words: 'npm test', pins: { '/p/package.json': 'digest' } }],
      writes: ['/p/x.md'],
    });
    expect(modes.instructionOf(session, MODES.auto)).toBe('Test it.');
    expect(modes.rulesFor(other, MODES.auto)).toBe(MODES.auto);
    expect(modes.instructionOf(other, MODES.auto)).toBe('');
  });

  it('is the same until it is set anew or cleared', () => {
    const modes = new ActiveModes();
    modes.set(session, { rules: [rule], writes: [] });
    const first = modes.of(session);
    expect(modes.of(session)).toBe(first);
    modes.set(session, { rules: [], writes: [] });
    expect(modes.of(session)).not.toBe(first);
    modes.clear(session);
    modes.clear(session);
    expect(modes.of(session)).toBeUndefined();
    expect(modes.rulesFor(session, MODES.default)).toBe(MODES.default);
  });

  it('leaves behind what a mode brought when the session goes to another one', () => {
    const modes = new ActiveModes();
    modes.set(session, { name: 'plan', rules: [rule], writes: [], instruction: 'Test it.' });
    expect(modes.rulesFor(session, MODES.plan)).toMatchObject({ rulesFrom: 'plan' });
    expect(modes.rulesFor(session, MODES.default)).toBe(MODES.default);
    expect(modes.instructionOf(session, MODES.default)).toBe('');
  });
});
