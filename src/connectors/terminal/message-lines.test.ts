import { describe, expect, it } from 'vitest';
import { bodyOf, MessageLines } from './message-lines.ts';

describe('MessageLines', () => {
  it('joins a line that ends with a backslash to the next', () => {
    const lines = new MessageLines();
    expect(lines.add('first\\')).toBeUndefined();
    expect(lines.isContinuing).toBe(true);
    expect(lines.add('second\\')).toBeUndefined();
    expect(lines.add('third')).toBe('first\nsecond\nthird');
    expect(lines.isContinuing).toBe(false);
  });

  it('takes two backslashes at the end as they stand', () => {
    expect(new MessageLines().add('a\\\\')).toBe('a\\\\');
  });
});

describe('bodyOf', () => {
  it.each([
    ['hello', { kind: 'text', text: 'hello' }],
    ['  hello\n there ', { kind: 'text', text: 'hello\n there' }],
    ['/stop', { kind: 'command', name: 'stop', args: '' }],
    ['/Plan  add a\nhealth check ', { kind: 'command', name: 'plan', args: 'add a\nhealth check' }],
    ['/usr/bin is empty', { kind: 'text', text: '/usr/bin is empty' }],
    ['/', { kind: 'text', text: '/' }],
    ['   ', undefined],
  ])('reads %j', (message, body) => {
    expect(bodyOf(message)).toEqual(body);
  });
});
