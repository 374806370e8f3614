import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('archives', () => {
  it.each([
    ['zip -r a.zip src', 'write a.zip, tree(all) src'],
    ['zip -m a.zip b', 'write a.zip, delete-tree b'],
    ['zip -r a.zip src -T', 'write a.zip, tree(all) src, ?option'],
    ['unrar l a.rar', 'read a.rar'],
    ['unrar x a.rar', 'read a.rar, ?option'],
    ['binhex decode a', '?option'],
    ['binhex decode -c a', 'read a'],
    ['tar tf a.tar', 'read a.tar'],
    ['tar -tzvf a.tgz', 'read a.tgz'],
    ['tar xf a.tar', 'read a.tar, write ., ?option'],
    ['tar xf a.tar -C out', 'read a.tar, write out, ?option'],
    ['tar xfC a.tar out', 'read a.tar, write out, ?option'],
    ['tar czf a.tgz src', 'write a.tgz, tree(all) src'],
    ['tar -cf a.tar --checkpoint-action=exec=x src', 'write a.tar, tree(all) src, ?option'],
    ['tar -tf a.tar --to-command=x', 'read a.tar, ?option'],
    ['tar -tf a.tar -I x', 'read a.tar, ?option'],
    ['tar -xf host:a.tar', 'write ., host host, ?option'],
    ['tar --list --file=a.tar', 'read a.tar'],
    ['tar --lis --file=a.tar', '?option'],
    ['gzip a', 'delete a, write a.gz'],
    ['gzip -c a', 'read a'],
    ['gzip -Sc a', 'delete a, write a.gz'],
    ['gunzip a.gz', 'delete a.gz, write a'],
    ['gzip -d a.gz', 'delete a.gz, write a'],
    ['gzip -l a.gz', 'read a.gz'],
    ['zcat a.gz', 'read a.gz'],
    ['unzip a.zip', 'read a.zip, write ., ?option'],
    ['unzip -l a.zip', 'read a.zip'],
    ['unzip -P -l a.zip', 'read a.zip, ?option'],
    ['unzip -T a.zip', 'read a.zip, write ., ?option'],
    ['unzip -p a.zip x', 'read a.zip'],
    ['7z l a.7z', 'read a.7z'],
    ['7z x a.7z -oout', 'write a.7z, write out, ?option'],
    ['7z l @list', '?option'],
    ['ar t a.a', 'read a.a'],
    ['ar x a.a', '?option'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
