import { describe, expect, it } from 'vitest';
import type { Word } from '../types.ts';
import { compileShape } from './command-shape.ts';

/** `?` at the front marks a word that can't be known. */
function argv(line: string): Word[] {
  return line
    .split(' ')
    .map((text) =>
      text.startsWith('?') ? { kind: 'unknown', why: 'x', text } : { kind: 'static', value: text, text },
    );
}

const matches = (shape: string, line: string, isExact: boolean): boolean =>
  compileShape(shape, isExact).matches(argv(line));

describe('a shape in a rule that allows', () => {
  it.each([
    ['npm run *', 'npm run build'],
    ['npm run test:*', 'npm run test:unit'],
    ['cargo build **', 'cargo build'],
    ['cargo build **', 'cargo build --release -p x'],
    ['git status', '/usr/bin/git status'],
    ['git log *', 'git log ?$X'],
  ])('%s fits %s', (shape, line) => expect(matches(shape, line, true)).toBe(true));

  it.each([
    ['npm run *', 'npm run'],
    ['npm run *', 'npm run build --x'],
    ['npm run test:*', 'npm run deploy'],
    ['git status', 'git status -s'],
    ['git status', 'git -C x status'],
    ['git status', './git status'],
    ['git status', '/tmp/git status'],
    ['git status', 'git ?$X'],
    ['git st.tus', 'git status'],
    ['cargo build **', 'cargo builder'],
  ])('%s does not fit %s', (shape, line) => expect(matches(shape, line, true)).toBe(false));
});

describe('a shape in a rule that asks or denies', () => {
  it.each([
    ['git push', 'git push origin main'],
    ['git push', 'git -C x push'],
    ['git push', 'git -c a=b --no-pager push -f'],
    ['git push -f', 'git push -f origin'],
    ['git push', './git push'],
    ['git push', '/opt/x/bin/git push'],
    ['docker compose down', 'docker --context x compose -f a.yml down'],
    ['*sql *', 'mysql shop'],
  ])('%s fits %s', (shape, line) => expect(matches(shape, line, false)).toBe(true));

  it.each([
    ['git push', 'git commit -m push'],
    ['git push', 'git'],
    ['git push', 'git pushy'],
    ['git push', 'legit push'],
    ['git push -f', 'git push origin'],
    ['git push', 'git ?$X'],
  ])('%s does not fit %s', (shape, line) => expect(matches(shape, line, false)).toBe(false));

  it('answers about very many words without delay', () => {
    const line = `git ${'-x y '.repeat(20_000)}z`;
    const started = performance.now();
    expect(matches('git push * * x', line, false)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('compileShape', () => {
  it.each([
    ['', false, /a command such as/],
    ['**', false, /a command such as/],
    ['git ** push', false, /only at the end/],
    ['/usr/bin/git push', false, /without its folder/],
    ['* push', true, /name of a program first/],
  ])('refuses %j', (shape, isExact, complaint) => {
    expect(() => compileShape(shape, isExact)).toThrow(complaint);
  });
});
