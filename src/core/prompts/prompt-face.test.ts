import { describe, expect, it } from 'vitest';
import { plain } from '../../util/rich-text.ts';
import { bodyNow } from './prompt-face.ts';

describe('the text of a question', () => {
  const long = { id: 'a', label: '✅ git push to origin, this chat, 1 hour', key: '1' };
  const short = { id: 'b', label: 'for an hour', key: '2' };
  const request = {
    chat: { connector: 'test', chat: '1' },
    body: plain('May it?'),
    choices: [],
    menus: { long: [long, short], short: [short] },
    timeoutMs: 1000,
    outcome: () => '',
  };

  it('holds an open menu in full when its labels are too long for a phone’s button', () => {
    expect(bodyNow(request, { menu: 'long' }).text).toBe(`May it?\n\n${long.label}\n${short.label}`);
  });

  it('is the question alone otherwise', () => {
    expect(bodyNow(request, { menu: 'short' }).text).toBe('May it?');
    expect(bodyNow(request, {}).text).toBe('May it?');
  });
});
