import { expect, it } from 'vitest';
import { isOlder } from './is-older.ts';

it.each([
  ['2.30.9', '2.31', true],
  ['2.31', '2.31.0', false],
  ['2.100.1', '2.31', false],
  ['v22.12.9', '22.13.0', true],
  ['git version 2.39.5 (Apple Git-154)', '2.31', false],
  ['', '1', true],
])('%j against %j: %j', (version, than, expected) => expect(isOlder(version, than)).toBe(expected));
