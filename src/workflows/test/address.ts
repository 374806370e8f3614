/** Where the thing under test answers: an http or https address without a password in it. */
export type Address =
  { readonly kind: 'address'; readonly url: string } | { readonly kind: 'fault'; readonly expected: string };

const LONGEST = 500;
const ADDRESS_EXAMPLE = 'an address such as http://localhost:3000';

/** Takes what people type on a phone, too: `3000`, `:3000`, `localhost:3000`. */
export function readAddress(text: string): Address {
  const given = text.trim();
  if (given === '' || given.length > LONGEST || /[\s\p{Cc}\p{Cf}]/u.test(given))
    return fault(ADDRESS_EXAMPLE);
  const short = /^:?(\d{1,5})$/.exec(given)?.[1];
  const full = short === undefined ? given : `localhost:${short}`;
  // `localhost:3000` would be read as a scheme.
  const parsed = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(full) ? full : `http://${full}`);
  if (parsed === null || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:'))
    return fault(ADDRESS_EXAMPLE);
  if (parsed.username !== '' || parsed.password !== '')
    return fault('an address without a name or password in it (they belong under credentials)');
  const url = parsed.href;
  return { kind: 'address', url: parsed.pathname === '/' && url.endsWith('/') ? url.slice(0, -1) : url };
}

function fault(expected: string): Address {
  return { kind: 'fault', expected };
}

/** The port that is asked when the address names none. */
export function portOf(url: string): number | undefined {
  const parsed = URL.parse(url);
  if (parsed === null) return undefined;
  if (parsed.port !== '') return Number(parsed.port);
  return parsed.protocol === 'https:' ? 443 : 80;
}

/** Whether it is this machine that is asked. */
export function isLoopback(url: string): boolean {
  const host = URL.parse(url)?.hostname;
  return host === 'localhost' || host === '127.0.0.1' || host === '[::1]';
}
