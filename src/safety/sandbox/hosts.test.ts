import { describe, expect, it } from 'vitest';
import { hostKind } from './hosts.ts';

describe('hostKind', () => {
  it.each([
    ['example.com', 'public'],
    ['8.8.8.8', 'public'],
    ['[2606:4700::1111]', 'public'],
    ['169.254.169.254', 'metadata'],
    ['169.254.0.1', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['metadata.google.internal', 'metadata'],
    ['metadata.google.internal.', 'metadata'],
    ['metadata', 'metadata'],
    ['[fe80::1]', 'metadata'],
    ['[fd00:ec2::254]', 'metadata'],
    ['[::ffff:a9fe:a9fe]', 'metadata'],
    ['[::ffff:169.254.169.254]', 'metadata'],
    ['[64:ff9b::a9fe:a9fe]', 'metadata'],
    ['localhost', 'loopback'],
    ['app.localhost', 'loopback'],
    ['127.1.2.3', 'loopback'],
    ['0.0.0.0', 'loopback'],
    ['[::1]', 'loopback'],
    ['[::]', 'loopback'],
    ['[::ffff:7f00:1]', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.1.1', 'private'],
    ['[fc00::1]', 'private'],
    ['printer.local', 'private'],
    ['db.internal', 'private'],
    ['intranet', 'private'],
  ])('%s is %s', (host, kind) => {
    expect(hostKind(host)).toBe(kind);
  });
});
