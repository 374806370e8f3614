import { describe, expect, it } from 'vitest';
import { readGitIndex } from './git-index.ts';

type Entry = { readonly name: string; readonly mode?: number; readonly isExtended?: boolean };

/** An index as gitformat-index(5) has it, with zeros for whatever does not matter here. */
function index(version: number, entries: readonly Entry[], extension = '', hashBytes = 20): Uint8Array {
  let before = '';
  const written = entries.map(({ name, mode = 0o100644, isExtended = false }) => {
    const head = Buffer.alloc(40 + hashBytes + (isExtended ? 4 : 2));
    head.writeUInt32BE(mode, 24);
    head.writeUInt16BE(Math.min(name.length, 0xfff) | (isExtended ? 0x4000 : 0), 40 + hashBytes);
    if (version < 4) {
      const length = head.length + name.length;
      return Buffer.concat([head, Buffer.from(name), Buffer.alloc(8 - (length % 8))]);
    }
    const kept = commonStart(before, name);
    const dropped = before.length - kept;
    before = name;
    return Buffer.concat([head, varint(dropped), Buffer.from(name.slice(kept)), Buffer.alloc(1)]);
  });
  const header = Buffer.from('DIRC\0\0\0\0\0\0\0\0');
  header.writeUInt32BE(version, 4);
  header.writeUInt32BE(entries.length, 8);
  const more = extension === '' ? [] : [Buffer.from(`${extension}\0\0\0\u0003abc`)];
  return Buffer.concat([header, ...written, ...more, Buffer.alloc(hashBytes)]);
}

function commonStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

/** Each byte but the last stands for one more than it says. */
function varint(value: number): Buffer {
  return value < 128 ? Buffer.from([value]) : Buffer.from([0x80 | ((value >> 7) - 1), value & 127]);
}

const GITLINK = 0o160000;
const names = (bytes: Uint8Array, hashBytes = 20): readonly string[] | undefined =>
  readGitIndex(bytes, hashBytes)?.gitlinks;

describe('readGitIndex', () => {
  it.each([2, 3, 4])('finds the repositories among the files of version %i', (version) => {
    const long = `long/${'x'.repeat(300)}`;
    const entries: Entry[] = [
      { name: 'a' },
      { name: 'lib', mode: GITLINK },
      { name: `${long}/b`, isExtended: version > 2 },
      { name: `${long}/c`, mode: GITLINK },
      { name: 'm' },
    ];
    expect(names(index(version, entries))).toEqual(['lib', `${long}/c`]);
  });

  it('reads names that are longer than their length says, and SHA-256', () => {
    const name = 'x'.repeat(5000);
    expect(names(index(2, [{ name }, { name: 'sub', mode: GITLINK }]))).toEqual(['sub']);
    expect(names(index(2, [{ name: 'sub', mode: GITLINK }], 'TREE', 32), 32)).toEqual(['sub']);
  });

  it('says when the rest stands in another file', () => {
    expect(readGitIndex(index(2, [{ name: 'a' }], 'TREE'), 20)).toEqual({ gitlinks: [], isSplit: false });
    expect(readGitIndex(index(2, [{ name: 'a' }], 'link'), 20)).toEqual({ gitlinks: [], isSplit: true });
  });

  it('gives up on what it can not read to the end', () => {
    const whole = index(2, [{ name: 'a' }, { name: 'sub', mode: GITLINK }]);
    expect(names(whole)).toEqual(['sub']);
    for (let length = 0; length < whole.length; length += 1)
      expect(readGitIndex(whole.subarray(0, length), 20)).toBeUndefined();
    expect(names(index(5, []))).toBeUndefined();
    expect(names(index(2, [{ name: 'a' }], 'TREE'), 32)).toBeUndefined();
    expect(names(Buffer.from('not an index at all, but long enough to be one'))).toBeUndefined();
  });
});
