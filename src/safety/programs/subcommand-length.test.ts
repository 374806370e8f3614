import { expect, it } from 'vitest';
import type { Word } from '../types.ts';
import { readerOf } from './registry.ts';
import { subcommandLength } from './subcommand-length.ts';

it.each([
  ['npm run build', 1],
  ['npm pkg set a=b', 2],
  ['npm --json pkg set a=b', undefined],
  ['npm nonsense', undefined],
  ['npm constructor', undefined],
  ['mkdir x', 0],
])('%s', (line, length) => {
  const [program = '', ...texts] = line.split(' ');
  const words = texts.map((value): Word => ({ kind: 'static', value, text: value }));
  const reader = readerOf(program);
  expect(reader && subcommandLength(reader, words)).toBe(length);
});
