import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { pairingScreen } from './pairing-screen.ts';

const link = 'https://t.me/leashd_test_bot?start=ABCDEFGH';
const pairing = { link, code: 'ABCDEFGH' };

function shown(
  size: object,
  environment: NodeJS.ProcessEnv,
  what: typeof pairing | { link: undefined; code: string } = pairing,
): string {
  return pairingScreen(what, { output: Object.assign(new PassThrough(), size), environment });
}

describe('the screen on which somebody is waited for', () => {
  const screen = { columns: 80, rows: 24 };
  const utf8 = { LANG: 'de_DE.UTF-8' };

  it('has the code to scan, and the link in one line below it', () => {
    const lines = shown(screen, utf8).split('\n');
    expect(lines.at(-1)).toBe(link);
    expect(lines.join('\n')).toContain('▀▀▀▀▀▀▀');
    expect(lines.join('\n')).toContain('/start ABCDEFGH');
  });

  it.each([
    ['too small', { columns: 80, rows: 20 }, utf8],
    ['not UTF-8', screen, { LANG: 'C' }],
    ['of no known size', {}, utf8],
  ])('has the link alone on a terminal that is %s', (_, size, environment) => {
    const text = shown(size, environment);
    expect(text).toContain(`\n${link}\n`);
    expect(text).toContain('/start ABCDEFGH');
    for (const mark of ['▀', '▄', '\u001b']) expect(text).not.toContain(mark);
  });

  it('tells the code for a bot without a name', () => {
    expect(shown(screen, utf8, { link: undefined, code: 'ABCDEFGH' })).toBe(
      'In a private chat, send your bot  /start ABCDEFGH',
    );
  });
});
