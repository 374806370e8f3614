/** What an index says of repositories inside a repository. */
export type GitIndex = {
  /** Folders, relative to the work tree, that hold another repository. */
  readonly gitlinks: readonly string[];
  /** Most of it stands in a second file, `sharedindex.…`. */
  readonly isSplit: boolean;
};

const SIGNATURE = 0x44495243;
const LINK_EXTENSION = 0x6c696e6b;
const HEADER = 12;
const MODE_AT = 24;
const HASH_AT = 40;
const GITLINK_MODE = 0xe000;
const IS_EXTENDED = 0x4000;
const LONGEST_COUNTED_NAME = 0xfff;

/** Versions 2 to 4 of gitformat-index(5); undefined for what is none of them. `hashBytes`: 20, with SHA-256 32. */
export function readGitIndex(bytes: Uint8Array, hashBytes: number): GitIndex | undefined {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < HEADER + hashBytes || data.getUint32(0) !== SIGNATURE) return undefined;
  const version = data.getUint32(4);
  if (version < 2 || version > 4) return undefined;
  const entries = new EntryReader(bytes, data, version, hashBytes);
  for (let left = data.getUint32(8); left > 0; left -= 1) {
    if (!entries.next()) return undefined;
  }
  const isSplit = hasLink(data, entries.place, bytes.byteLength - hashBytes);
  return isSplit === undefined ? undefined : { gitlinks: entries.gitlinks, isSplit };
}

class EntryReader {
  readonly gitlinks: string[] = [];
  place = HEADER;
  readonly #bytes: Uint8Array;
  readonly #data: DataView;
  readonly #version: number;
  readonly #flagsAt: number;
  /** Version 4 says of a name only how it differs from the one before. */
  #name: Uint8Array = new Uint8Array();

  constructor(bytes: Uint8Array, data: DataView, version: number, hashBytes: number) {
    this.#bytes = bytes;
    this.#data = data;
    this.#version = version;
    this.#flagsAt = HASH_AT + hashBytes;
  }

  /** False when there is no further entry that could be read. */
  next(): boolean {
    const start = this.place;
    if (start + this.#flagsAt + 4 > this.#bytes.length) return false;
    const flags = this.#data.getUint16(start + this.#flagsAt);
    const nameAt = start + this.#flagsAt + ((flags & IS_EXTENDED) === 0 ? 2 : 4);
    const name = this.#version === 4 ? this.#compressedName(nameAt) : this.#plainName(start, nameAt, flags);
    if (name === undefined) return false;
    if (this.#data.getUint32(start + MODE_AT) === GITLINK_MODE)
      this.gitlinks.push(new TextDecoder().decode(name));
    return true;
  }

  #plainName(start: number, nameAt: number, flags: number): Uint8Array | undefined {
    const counted = flags & LONGEST_COUNTED_NAME;
    const end = counted < LONGEST_COUNTED_NAME ? nameAt + counted : this.#bytes.indexOf(0, nameAt + counted);
    if (end < nameAt || end > this.#bytes.length) return undefined;
    // Entries begin at multiples of eight, with one to eight zeros ahead.
    this.place = start + ((end - start + 8) & ~7);
    return this.#bytes.subarray(nameAt, end);
  }

  #compressedName(nameAt: number): Uint8Array | undefined {
    let at = nameAt;
    let byte = this.#bytes[at] ?? 0;
    let dropped = byte & 127;
    while ((byte & 128) !== 0 && at < nameAt + 5) {
      at += 1;
      byte = this.#bytes[at] ?? 0;
      dropped = (dropped + 1) * 128 + (byte & 127);
    }
    const end = this.#bytes.indexOf(0, at + 1);
    if (end < 0 || dropped > this.#name.length) return undefined;
    const kept = this.#name.subarray(0, this.#name.length - dropped);
    const name = new Uint8Array(kept.length + end - at - 1);
    name.set(kept);
    name.set(this.#bytes.subarray(at + 1, end), kept.length);
    this.#name = name;
    this.place = end + 1;
    return name;
  }
}

/** Whether one of the extensions behind the entries is a link; undefined when they are not well formed. */
function hasLink(data: DataView, start: number, end: number): boolean | undefined {
  let place = start;
  while (place + 8 <= end) {
    if (data.getUint32(place) === LINK_EXTENSION) return true;
    place += 8 + data.getUint32(place + 4);
  }
  return place === end ? false : undefined;
}
