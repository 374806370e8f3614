import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('sed', () => {
  it.each([
    [`sed -l 5p 'e rm x' a`, 'read e rm x, read a, ?option'],
    [`sed --line-length 5p 'e rm x' a`, 'read e rm x, read a, ?option'],
    ['sed -n 1,50p a', 'read a'],
    ['sed s/a/b/ a', 'read a'],
    ['sed -i s/a/b/ a', 'write a'],
    ['sed -i.bak s/a/b/ a', 'write a'],
    [`sed -i '' s/a/b/ a`, 'write a'],
    ['sed -ni p a', 'write a'],
    [`sed -e p -e 'w out' a`, 'read a, write out'],
    [`sed 's/a/b/e' a`, 'read a, ?option'],
    [`sed 's/a/b/w out' a`, 'read a, write out'],
    [`sed '1e id' a`, 'read a, ?option'],
    ['sed e a', 'read a, ?option'],
    [`sed ':a;1e id' a`, 'read a, ?option'],
    [`sed ':a;N;$!ba;s/\\n/ /g' a`, 'read a'],
    [`sed '/x/r other' a`, 'read a, read other'],
    ['sed -f script a', 'read script, read a, run-file'],
    [`sed 's/[^/]*$//' a`, 'read a'],
    [`sed 's/[\\]/]/;a foo/e' a`, 'read a, ?option'],
    [`sed '1!G;h;$!d' a`, 'read a'],
    [`sed '/a/,/b/{s/x/y/;p}' a`, 'read a'],
    [`sed '2i\\ hello' a`, 'read a'],
    ['sed --expression=p a', 'read a'],
    ['sed --expr=p a', '?option'],
    [`sed ':a;s/x/id/e' a`, 'read a, ?option'],
    [`sed 's/x/y/ge' a`, 'read a, ?option'],
    ['sed s/a/b', '?option'],
    [`sed '$!N;s/^\\(.*\\)\\n\\1/\\1/;t;D' a`, 'read a'],
    [`sed -i 'x/*' s/a/b/ a`, 'write s/a/b/, write a, ?option'],
    ['sed --in-place=x/* s/a/b/ a', 'write a, ?option'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
