/**
 * Names as git holds them are bytes, mostly UTF-8. In a string, a byte that is no part of UTF-8 stands as a lone
 * surrogate, U+DC80 to U+DCFF, so that every name can be written back as it was (Python's "surrogateescape", PEP 383).
 */
const ESCAPE_BASE = 0xdc00;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function decodeName(bytes: Uint8Array): string {
  const whole = decodeStrictly(bytes);
  if (whole !== undefined) return whole;
  let name = '';
  for (let at = 0; at < bytes.length;) {
    const length = lengthOf(bytes[at] ?? 0);
    const char = decodeStrictly(bytes.subarray(at, at + length));
    const isChar = char !== undefined && at + length <= bytes.length;
    name += isChar ? char : String.fromCharCode(ESCAPE_BASE + (bytes[at] ?? 0));
    at += isChar ? length : 1;
  }
  return name;
}

/** Undefined for a string that stands for no bytes: half a surrogate pair that is no escaped byte. */
export function encodeName(name: string): Buffer | undefined {
  const parts: Buffer[] = [];
  for (const char of name) {
    const point = char.codePointAt(0) ?? 0;
    if (point >= 0xdc80 && point <= 0xdcff) parts.push(Buffer.from([point - ESCAPE_BASE]));
    else if (point >= 0xd800 && point <= 0xdfff) return undefined;
    else parts.push(Buffer.from(char));
  }
  return Buffer.concat(parts);
}

const NAMED: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** A name as git prints it with `core.quotePath` (git-config(1)): as it is, or in quotes with bytes as `\303`. */
export function unquoteName(quoted: string): string {
  if (!quoted.startsWith('"') || !quoted.endsWith('"') || quoted.length < 2) return quoted;
  const bytes: number[] = [];
  for (const [, octal, escaped, plain] of quoted.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|([^\\])/gsu)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (escaped !== undefined) bytes.push(NAMED[escaped] ?? escaped.charCodeAt(0));
    else bytes.push(...Buffer.from(plain ?? ''));
  }
  return decodeName(Uint8Array.from(bytes));
}

/** The same the other way, for `--pathspec-from-file` and `check-attr --stdin`: in quotes, nothing but ASCII. */
export function quoteName(name: string): string {
  const bytes = [...(encodeName(name) ?? Buffer.from(name))];
  return `"${bytes.map(quoteByte).join('')}"`;
}

function quoteByte(byte: number): string {
  const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
  return isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
}

function decodeStrictly(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

function lengthOf(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}

/** A path from git's output as it may go in again: what would look like an option gets a `./`. */
export function pathOf(quoted: string): string {
  const name = unquoteName(quoted);
  return name.startsWith('-') ? `./${name}` : name;
}
