import { randomBytes } from 'node:crypto';

declare const brand: unique symbol;
/** A string that only its own maker may produce, so that a chat's key can't be passed for a session's. */
export type Branded<Name extends string> = string & { readonly [brand]: Name };

/** 128 random bits, 22 characters of the URL-safe base64 alphabet: unguessable and globally unique. */
export function newId<Name extends string>(): Branded<Name> {
  return randomBytes(16).toString('base64url') as Branded<Name>;
}
