import { describe, expect, it } from 'vitest';
import { clip } from './clip.ts';

describe('a clipped text', () => {
  it('stands on one line, and is cut where it is too long, never through a character', () => {
    expect(clip(' one\n two ')).toBe('one two');
    expect(clip('123456', 6)).toBe('123456');
    expect(clip('1234567', 6)).toBe('12345…');
    expect(clip('1234🦊67', 6)).toBe('1234…');
  });
});
