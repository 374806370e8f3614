import { describe, expect, it } from 'vitest';
import { bold, code, concat, link, plain, pre, wrap } from '../../util/rich-text.ts';
import { createPaint } from './paint.ts';

const colored = createPaint(true);
const bare = createPaint(false);
const ESC = '\u001b[';

describe('paint', () => {
  it('styles bold and code', () => {
    expect(colored.rich(concat('run ', bold('Bash'), ' on ', code('x.ts')))).toBe(
      `run ${ESC}1mBash${ESC}0m on ${ESC}36mx.ts${ESC}0m`,
    );
  });

  it('colours the lines of a diff, and nothing of another block', () => {
    const diff = '@@ -1 +1 @@\n-old\n+new\n same\n';
    expect(colored.rich(pre(diff, 'diff'))).toBe(
      `${ESC}36m@@ -1 +1 @@\n${ESC}0m${ESC}31m-old\n${ESC}0m${ESC}32m+new\n${ESC}0m same\n`,
    );
    expect(colored.rich(pre('-old', 'ts'))).toBe('-old');
  });

  it('joins styles that overlap', () => {
    expect(colored.rich(wrap(concat('a', code('b')), { kind: 'bold' }))).toBe(
      `${ESC}1ma${ESC}0m${ESC}1;36mb${ESC}0m`,
    );
  });

  it('writes out where a link leads, and marks what is quoted', () => {
    expect(bare.rich(link('the docs', 'https://example.org'))).toBe('the docs (https://example.org)');
    expect(bare.rich(link('https://example.org', 'https://example.org'))).toBe('https://example.org');
    expect(bare.rich(concat('so:\n', wrap(plain('one\ntwo'), { kind: 'quote' })))).toBe('so:\n│ one\n│ two');
  });

  it('writes no escape sequence without colours', () => {
    const text = concat(bold('b'), pre('+x\n', 'diff'), bare.dim('d'));
    expect(bare.rich(text)).toBe('b+x\nd');
  });

  it('obeys no escape sequence in what it is given', () => {
    const nasty = '\u001b[2J\u202e';
    for (const shown of [
      bare.plain(nasty),
      bare.dim(nasty),
      bare.bold(nasty),
      bare.rich(code(nasty)),
      bare.rich(link('x', `https://a/${nasty}`)),
    ]) {
      expect(shown).toContain('␛[2J<U+202E>');
      expect(shown).not.toContain('\u001b');
    }
  });

  it('takes spans that point outside of the text for what they are', () => {
    const text = { text: 'ab', spans: [{ kind: 'bold' as const, offset: 1, length: 99 }] };
    expect(colored.rich(text)).toBe(`a${ESC}1mb${ESC}0m`);
  });
});
