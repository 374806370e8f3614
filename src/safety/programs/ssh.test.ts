import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('ssh, scp and rsync', () => {
  it.each([
    ['ssh-keyscan -f list', 'host list, ?option'],
    ['ssh user@host.example', 'host host.example, change-remote'],
    ['ssh -i key host.example rm -rf /', 'read key, host host.example, change-remote'],
    ['ssh -o ProxyCommand=x host.example', 'host ?, change-remote, ?option'],
    ['ssh -F config host.example', 'host config, change-remote, ?option'],
    [
      `rsync -e 'sh -c id' src host.example:x`,
      'tree(all) sh -c id, tree(all) src, host host.example, change-remote, ?option',
    ],
    ['ssh-keygen -lf key.pub', 'read key.pub'],
    ['ssh-keygen -t ed25519 -f key', 'read key, ?option'],
    ['scp a.txt host.example:/tmp/a', 'tree(all) a.txt, host host.example, change-remote'],
    ['scp host.example:/tmp/a a.txt', 'write a.txt, host host.example, change-remote'],
    ['scp host.example:x out -q', 'read out, host host.example, change-remote, ?option'],
    ['rsync -av src/ host.example:src/', 'tree(all) src/, host host.example, change-remote'],
    ['rsync -av src/ out/', 'tree(all) src/, write out/'],
    ['rsync --version', ''],
    [
      'rsync -av --delete src/ host.example:src/',
      'tree(all) src/, host host.example, destroy-remote, change-remote',
    ],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
