import { describe, expect, it } from 'vitest';
import type { PromptId } from '../../core/ports/chat.ts';
import { newId } from '../../util/ids.ts';
import { fromCallbackData, toCallbackData } from './callback-data.ts';

describe('what a button carries', () => {
  it('comes back as it was given, within 64 bytes', () => {
    const target = { prompt: newId<'PromptId'>(), choice: 'approve-always12' };
    const data = toCallbackData(target);
    expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
    expect(fromCallbackData(data)).toEqual(target);
  });

  it.each([
    ['x', 'has a space'],
    ['x', 'seventeen-letters'],
    ['x'.repeat(45), 'yes'],
    ['a:b', 'yes'],
    ['', 'yes'],
  ])('refuses ids that do not fit: %j %j', (prompt, choice) => {
    expect(() => toCallbackData({ prompt: prompt as PromptId, choice })).toThrow(/button's ids/);
  });
});
