import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('socat', () => {
  it.each([
    ['socat -V', ''],
    ['socat - TCP:host.example:80', 'host host.example'],
    ['socat -d -d -T 5 STDIO tcp4-connect:host.example:80', 'host host.example'],
    ['socat - UNIX-CONNECT:x.sock', 'read x.sock, change-remote'],
    ['socat - unix:/a/b.sock,retry=3', 'read /a/b.sock, change-remote, ?option'],
    ['socat - LOCAL:x.sock', 'read x.sock, change-remote'],
    ['socat UNIX-LISTEN:x.sock -', 'read x.sock, change-remote, serve'],
    ['socat TCP-LISTEN:8080 -', 'serve'],
    ['socat - EXEC:id', 'script "id", ?option'],
    ['socat - OPEN:out.txt', 'write out.txt, change-remote'],
    ['socat - ./x.sock', 'write ./x.sock, ?option'],
    ['socat -!!UNIX:a TCP:host.example:1', 'host host.example, ?option'],
    ['socat - SOCKS4:proxy.example:host.example:80', 'host proxy.example, host host.example'],
    ['socat - VSOCK-CONNECT:1:2', '?option'],
    ['socat -W lock - -', '?option'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
