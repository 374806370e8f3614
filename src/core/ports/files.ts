/** Files of this machine that a person asks for. It reads; whether it may, the gate has said before. */
export interface PersonFiles {
  /**
   * Where `given` leads from that directory: absolute, `~` and links followed as far as there is something. Must not
   * reject.
   */
  resolve(directory: string, given: string): Promise<string>;
  /**
   * Reads that very place, and no other that it has become meanwhile. Never holds more than `limitBytes`. Must not reject.
   * @param path as `resolve` gave it, and as it was decided on
   */
  read(path: string, limitBytes: number): Promise<PersonFileRead>;
}

export type PersonFileRead =
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'missing' | 'folder' }
  /** A pipe, a socket, a device. */
  | { readonly kind: 'special' }
  /** A link has taken its place, or something else than what was opened. */
  | { readonly kind: 'moved' }
  | { readonly kind: 'too-large'; readonly sizeBytes: number }
  | { readonly kind: 'unreadable'; readonly reason: string };
