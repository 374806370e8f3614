import { describe, expect, it } from 'vitest';
import type { Word } from '../types.ts';
import { compileShape } from './command-shape.ts';

/** `?` at the front marks a word that can't be known, `?a|b` one that is each of these in turn. */
function argv(line: string): Word[] {
  return line.split(' ').map((text) => {
    if (!text.startsWith('?')) return { kind: 'static', value: text, text };
    const values = text.includes('|') ? text.slice(1).split('|') : undefined;
    return { kind: 'unknown', why: 'x', text, isOne: true, values };
  });
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
    ['npm run test:*', 'npm run ?test:a|test:b'],
    ['npm run *', 'npm run ?a|b'],
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
    ['npm run test:*', 'npm run ?test:a|deploy'],
    ['npm run build', 'npm run ?build|deploy'],
    ['npm test', '?npm|rm test'],
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
    ['git push', 'git ?fetch|push'],
    ['rm -r', '?ls|/bin/rm -r x'],
    ['git push', 'git ?-C|-c x push'],
  ])('%s fits %s', (shape, line) => expect(matches(shape, line, false)).toBe(true));

  it.each([
    ['git push', 'git commit -m push'],
    ['git push', 'git'],
    ['git push', 'git pushy'],
    ['git push', 'legit push'],
    ['git push -f', 'git push origin'],
    ['git push', 'git ?$X'],
    ['git push', 'git ?fetch|pull'],
  ])('%s does not fit %s', (shape, line) => expect(matches(shape, line, false)).toBe(false));

  it('answers about very many words without delay', () => {
    const line = `git ${'-x y '.repeat(20_000)}z`;
    const started = performance.now();
    expect(matches('git push * * x', line, false)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

it('lets no rule that allows take a word that may be several for one', () => {
  const word: Word = { kind: 'unknown', why: 'x', text: '$x', values: ['build'] };
  const shape = compileShape('npm run build', true);
  expect(shape.matches([...argv('npm run'), word])).toBe(false);
  expect(shape.matches([...argv('npm run'), { ...word, isOne: true }])).toBe(true);
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
