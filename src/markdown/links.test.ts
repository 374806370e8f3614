import { describe, expect, it } from 'vitest';
import { leadingUrl, tappableUrl } from './links.ts';

describe('a URL that may be opened with a tap', () => {
  it.each([
    ['https://x.y/z?a=b#c', 'https://x.y/z?a=b#c'],
    ['HTTP://X.Y', 'HTTP://X.Y'],
    [' https://x.y ', 'https://x.y'],
    ['https://x.y/a b', 'https://x.y/a%20b'],
  ])('%j is %j', (href, url) => {
    expect(tappableUrl(href)).toBe(url);
  });

  it.each([
    '',
    'src/a.ts',
    '/etc/passwd',
    '#top',
    '//x.y',
    'x.y',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:a',
    'data:text/html,x',
    'file:///a',
    'ftp://x.y',
    'vscode://file/a',
    'https://',
    'https:///',
    'tg:',
    'tg://user?id=1',
    'mailto:a@b.c',
    'mailto:',
    'http://[',
  ])('%j is none', (href) => {
    expect(tappableUrl(href)).toBeUndefined();
  });
});

describe('the URL a text begins with', () => {
  it.each([
    ['https://x.y and', 'https://x.y'],
    ['https://x.y/a_(b)_c).', 'https://x.y/a_(b)_c'],
    ['https://x.y/(a', 'https://x.y/(a'],
    ['https://x.y/(', 'https://x.y/'],
    ['https://x.y?!', 'https://x.y'],
    ['https://x.y/**', 'https://x.y/'],
    ['https://localhost:3000/', 'https://localhost:3000/'],
    ['https://x.y。次', 'https://x.y'],
    ['www.x.y<b>', 'www.x.y'],
  ])('of %j is %j', (text, url) => {
    expect(leadingUrl(text)).toBe(url);
  });

  it.each(['', 'x https://x.y', 'https://', 'https://.', 'www.', 'http:x', 'ftp://x.y'])(
    'of %j is none',
    (text) => {
      expect(leadingUrl(text)).toBeUndefined();
    },
  );

  it('is found in time whatever stands behind it', () => {
    const start = performance.now();
    expect(leadingUrl(`http://a${'!('.repeat(100_000)}`)).toBe('http://a');
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
