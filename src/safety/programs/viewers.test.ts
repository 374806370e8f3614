import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('programs that show', () => {
  it.each([
    ['split -l 5 a', 'read a, ?option'],
    ['sort --compress-program=x a', 'read a, ?option'],
    ['md5sum a', 'read a'],
    ['md5sum -c list', 'read list, ?option'],
    ['sha256sum a b', 'read a, read b'],
    ['shasum -a 256 a', 'read a'],
    ['base64 -d a', 'read a'],
    ['base64 -o out a', 'write out, read a'],
    ['xxd a', 'read a'],
    ['xxd -r a b', 'read a, write b, ?option'],
    ['hexdump -C a', 'read a'],
    ['objdump -d a', 'read a'],
    ['readelf -a a', 'read a'],
    ['ldd a', 'read a, run-file'],
    ['nm --plugin x a', 'read x, read a, ?option'],
    ['od -A x -t x1z a', 'read a'],
    ['diff -u a b', 'tree(all) a, tree(all) b'],
    ['diff -rq a b', 'tree(all) a, tree(all) b'],
    ['sdiff -o out a b', 'read out, read a, read b, ?option'],
    ['diff3 --diff-program=x a b c', 'read a, read b, read c, ?option'],
    ['tree -L 2', 'names .'],
    ['tree -o out', 'write out, names .'],
    ['eza -la', 'read .'],
    ['bat -p a', 'read a'],
    ['bat --pager=x a', 'read a, ?option'],
    ['less a', 'read a'],
    ['less +F a', 'read a'],
    [`'less' '+!touch x' a`, '?option'],
    ['less -o log a', 'write log, read a'],
    ['locate x', ''],
    ['cloc .', 'tree(all) .'],
    ['join a b', 'read a, read b'],
    ['iconv -f utf-8 -t ascii -o out a', 'write out, read a'],
    ['shuf -e a b', ''],
    ['shuf -o out a', 'write out, read a'],
    ['ag x', 'tree(visible) .'],
    ['ag --pager x y', 'tree(visible) y, ?option'],
    ['ack x', 'tree(all) .'],
    ['ack --output=x y', 'tree(all) ., ?option'],
    ['column -t -s, a', 'read a'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
