import { isIPv4, isIPv6 } from 'node:net';

/**
 * `metadata`: link-local, where clouds hand out credentials. `loopback`: this machine. `private`: the network it
 * stands in. By name and number alone: what a name resolves to is not known here.
 */
export type HostKind = 'metadata' | 'loopback' | 'private' | 'public';

const METADATA_NAMES =
  /^(?:metadata|instance-data)(?:\.google\.internal|\.ec2\.internal|\.goog)?$|^metadata\..*\.internal$/;

export function hostKind(host: string): HostKind {
  const name = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  if (isIPv4(name)) return kindOfIPv4(name);
  if (isIPv6(name)) return kindOfIPv6(name);
  if (METADATA_NAMES.test(name)) return 'metadata';
  if (name === 'localhost' || name.endsWith('.localhost')) return 'loopback';
  if (/\.(?:local|internal|lan|home|corp|intranet|home\.arpa)$/.test(name) || !name.includes('.'))
    return 'private';
  return 'public';
}

// RFC 6890 lists these blocks; 100.100.100.200 and 192.0.0.192 are metadata services of two clouds.
function kindOfIPv4(address: string): HostKind {
  const [first = 0, second = 0] = address.split('.').map(Number);
  if ((first === 169 && second === 254) || address === '100.100.100.200' || address === '192.0.0.192') {
    return 'metadata';
  }
  if (first === 127 || first === 0) return 'loopback';
  const isPrivate =
    first === 10 ||
    (first === 172 && second >= 16 && second < 32) ||
    (first === 192 && second === 168) ||
    (first === 100 && second >= 64 && second < 128) ||
    (first === 198 && (second === 18 || second === 19)) ||
    first >= 224;
  return isPrivate ? 'private' : 'public';
}

function kindOfIPv6(address: string): HostKind {
  const groups = groupsOf(address);
  const [first = 0] = groups;
  // ::ffff:a.b.c.d, ::a.b.c.d and 64:ff9b::a.b.c.d lead to an IPv4 address.
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped =
    groups.slice(0, 5).every((group) => group === 0) && (groups[5] === 0xffff || groups[5] === 0);
  const isTranslated = first === 0x64 && groups[1] === 0xff9b;
  if (isMapped && high === 0 && low <= 1) return 'loopback';
  if (isMapped || isTranslated) return kindOfIPv4(`${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`);
  if (first >= 0xfe80 && first <= 0xfebf) return 'metadata';
  if (first === 0xfd00 && groups[1] === 0xec2) return 'metadata';
  return (first & 0xfe00) === 0xfc00 || (first & 0xff00) === 0xff00 ? 'private' : 'public';
}

/** The eight groups of an address that isIPv6 has accepted. */
function groupsOf(address: string): number[] {
  const plain = address.replace(/%.*$/, '').replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (...parts: string[]) => {
    const [, a = '0', b = '0', c = '0', d = '0'] = parts;
    return `${(Number(a) * 256 + Number(b)).toString(16)}:${(Number(c) * 256 + Number(d)).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const numbers = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const front = numbers(head);
  const back = numbers(tail ?? '');
  const gap = tail === undefined ? 0 : 8 - front.length - back.length;
  return [...front, ...Array.from({ length: gap }, () => 0), ...back];
}
