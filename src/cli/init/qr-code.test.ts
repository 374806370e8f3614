import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { isUtf8, qrLines } from './qr-code.ts';

const link = 'https://t.me/leashd_test_bot?start=ABCDEFGH';
const longest = `https://t.me/${'a'.repeat(32)}?start=ABCDEFGH`;
const screen = { columns: 80, rows: 24 };
// eslint-disable-next-line no-control-regex
const bare = (line: string): string => line.replaceAll(/\u001b\[[\d;]*m/g, '');

describe('the QR code', () => {
  it.each([link, longest])('fits on 80x24 with the words beside it and five lines below', (text) => {
    const lines = qrLines(text, screen, ['Scan this with the camera of your phone, then press Start.']) ?? [];
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.length + 5).toBeLessThanOrEqual(24);
    expect(Math.max(...lines.map((line) => bare(line).length))).toBeLessThanOrEqual(80);
    expect(lines.map((line) => bare(line)).join(' ')).toContain('Scan this');
  });

  it('is the code, in black on white with a white border', () => {
    const lines = (qrLines(link, screen, []) ?? []).map((line) => bare(line));
    const { data } = encode(link, { ecc: 'L', boostEcc: false, border: 2 });
    const read = lines.flatMap((line) => [
      Array.from(line, (char) => '█▀'.includes(char)),
      Array.from(line, (char) => '█▄'.includes(char)),
    ]);
    expect(read.slice(0, data.length)).toEqual(data);
    expect(read[0]).not.toContain(true);
    expect(read.at(-1)).not.toContain(true);
    for (const line of qrLines(link, screen, []) ?? []) expect(line).toContain('38;5;16;48;5;231');
  });

  it('is left out where the terminal is too small', () => {
    expect(qrLines(link, { columns: 32, rows: 24 }, [])).toBeUndefined();
    expect(qrLines(link, { columns: 80, rows: 18 }, [])).toBeUndefined();
    expect(qrLines(link, { columns: 40, rows: 24 }, ['words'])?.map(bare).join('')).not.toContain('words');
  });

  it('needs a terminal that takes more than ASCII', () => {
    expect(isUtf8({ LANG: 'en_US.UTF-8' })).toBe(true);
    expect(isUtf8({ LC_CTYPE: 'UTF-8' })).toBe(true);
    expect(isUtf8({ LANG: 'en_US.UTF-8', LC_ALL: 'C' })).toBe(false);
    expect(isUtf8({})).toBe(false);
  });
});
