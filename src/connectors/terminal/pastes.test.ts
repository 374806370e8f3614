import { describe, expect, it } from 'vitest';
import { PASTE_MODE_OFF, PASTE_MODE_ON, PasteFilter } from './paste-filter.ts';
import { Pastes } from './pastes.ts';

const START = '\u001b[200~';
const END = '\u001b[201~';

/** What comes out when these chunks go in, and the pastes beside it. */
function through(...chunks: readonly (string | Buffer)[]): { keys: string; pastes: string[] } {
  const filter = new PasteFilter({});
  let keys = '';
  filter.on('data', (chunk: Buffer) => (keys += chunk.toString()));
  for (const chunk of chunks) filter.write(chunk);
  const pastes: string[] = [];
  for (let paste = filter.takePaste(); paste !== undefined; paste = filter.takePaste()) pastes.push(paste);
  return { keys, pastes };
}

describe('PasteFilter', () => {
  it('takes pasted text out of the keys and marks its place', async () => {
    expect(through(`a${START}one\rtwo${END}b`)).toEqual({ keys: `a${START}b`, pastes: ['one\rtwo'] });
  });

  it('knows its markers wherever a chunk ends', () => {
    const whole = `a${START}päste 漢${END}b`;
    const bytes = Buffer.from(whole);
    for (let cut = 1; cut < bytes.length; cut += 1) {
      // A lone Escape key goes on at once, so a start that is cut there is no start.
      if (cut === 2) continue;
      const { keys, pastes } = through(bytes.subarray(0, cut), bytes.subarray(cut));
      expect({ cut, keys, pastes }).toEqual({ cut, keys: `a${START}b`, pastes: ['päste 漢'] });
    }
  });

  it('lets a lone Escape and other keys pass at once', () => {
    expect(through('\u001b').keys).toBe('\u001b');
    expect(through('\u001b[A').keys).toBe('\u001b[A');
    expect(through('\u001b[2', 'x').keys).toBe('\u001b[2x');
  });

  it('switches the terminal to tell pastes from keys', () => {
    expect([PASTE_MODE_ON, PASTE_MODE_OFF]).toEqual(['\u001b[?2004h', '\u001b[?2004l']);
  });
});

describe('Pastes', () => {
  it('keeps the lines of a short paste in one line being typed', () => {
    const pastes = new Pastes();
    const inline = pastes.inline('one\r\ntwo\rthree');
    expect(inline).not.toMatch(/[\r\n]/);
    expect(pastes.expand(`see: ${inline}!`)).toBe('see: one\ntwo\nthree!');
  });

  it('shows a long paste as a token and sends it whole', () => {
    const pastes = new Pastes();
    const text = 'a line of text $& $1\n'.repeat(50);
    const token = pastes.inline(text);
    expect(token).toBe('[paste 1: 51 lines]');
    expect(pastes.inline('x'.repeat(300))).toBe('[paste 2: 300 characters]');
    expect(pastes.expand(`read ${token}`)).toBe(`read ${text}`);
  });

  it('leaves out pasted control characters', () => {
    expect(new Pastes().inline('a\u0003\u001b[31mb\u0004\tc')).toBe('a[31mb\tc');
  });
});
