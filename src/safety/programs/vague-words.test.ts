import { describe, expect, it } from 'vitest';
import type { ProgramReading } from './table.ts';
import { TableReading } from './table-reading.ts';
import type { Word } from '../types.ts';
import { readerOf } from './registry.ts';

/** `$x` stands for one word that is not known, `$*` for any number of them. */
function read(line: string): ProgramReading | undefined {
  const [program = '', ...words] = line.split(' ');
  return readerOf(program)?.(
    words.map((text): Word => {
      if (text.startsWith('$'))
        return { kind: 'unknown', why: 'it is a variable', text, isOne: text === '$x' };
      return { kind: 'static', value: text, text };
    }),
  );
}

function isCertain(line: string): boolean {
  const reading = read(line);
  return reading instanceof TableReading && reading.unknowns.length === 0;
}

describe('words that are not known', () => {
  it.each([
    'find . -name $x',
    'jq --arg a $x .b f',
    'awk -F $x {print} f',
    'head -n $x f',
    'cut -d $x -f 1 f',
  ])('are harmless as data: %s', (line) => {
    expect(isCertain(line)).toBe(true);
  });

  it.each([
    'find $x -name a',
    'find . $*',
    'find . -name $*',
    'find . -name a -newer $x',
    'fd $* -x cat',
    'jq $x f',
    'jq . $x',
    'jq --arg a $* . f',
    'yq $x f.yaml',
    'awk $x f',
    'awk {print} $x',
    'sed $x f',
    'sed -e $x f',
    'sed -n p $*',
    'tar $x',
    'tar -tf $x',
    'tar -xf a.tar -C $x',
    'unzip -l $x',
    'unzip a.zip -d $x',
    '7z l $x',
    'gzip $x',
    'dd $x',
    'cp $x b',
    'cp a $x',
    'mv a $*',
    'patch $x',
    'less $x',
    'tail $x',
    'date $x',
    'mktemp $x',
    'ldd $x',
    'sort $*',
  ])('are a doubt elsewhere: %s', (line) => {
    expect(isCertain(line)).toBe(false);
  });
});
