import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { Log } from '../../util/log.ts';
import type { Inbound, PersonId } from '../ports/chat.ts';
import type { OwnerStore } from '../ports/owner-store.ts';
import type { Access, Admission } from './access.ts';

/** Wrong codes before the pairing closes until the next start. */
const MOST_WRONG_CODES = 5;
// Without 0, O, 1, I and L: the code is read off one screen and typed on another. 31^8 is about 2^39.
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const CODE_LENGTH = 8;

export interface PairingOptions {
  readonly owners: OwnerStore;
  readonly log: Log;
  /** Tells the person at the machine, never in a chat. */
  readonly announce: (message: PairingMessage) => void;
}

export type PairingMessage =
  | { readonly kind: 'waiting'; readonly code: string }
  | { readonly kind: 'paired'; readonly owner: string; readonly person: PersonId }
  | { readonly kind: 'closed' };

/**
 * Serves the one who paired. While nobody has, it shows a one-time code on the machine's own terminal; the first
 * who sends `/start CODE` in a private chat becomes the owner. Five wrong codes close it until the next start.
 */
export class Pairing implements Access {
  readonly #options: PairingOptions;
  #owner: PersonId | undefined;
  #code: string | undefined;
  #wrongCodes = 0;
  #isSaving = false;

  private constructor(options: PairingOptions, owner: PersonId | undefined) {
    this.#options = options;
    this.#owner = owner;
  }

  static async begin(options: PairingOptions): Promise<Pairing> {
    const pairing = new Pairing(options, await options.owners.load());
    if (pairing.#owner === undefined) {
      pairing.#code = newCode();
      options.announce({ kind: 'waiting', code: pairing.#code });
    }
    return pairing;
  }

  /** Undefined: nobody has paired yet. */
  get owner(): PersonId | undefined {
    return this.#owner;
  }

  async admit(inbound: Inbound): Promise<Admission> {
    if (this.#owner !== undefined) {
      return inbound.person.id === this.#owner
        ? { kind: 'admitted' }
        : { kind: 'refused', reason: 'not the owner' };
    }
    const given = codeIn(inbound);
    if (given === undefined) return { kind: 'refused', reason: 'nobody has paired yet' };
    if (this.#code === undefined || this.#isSaving) return { kind: 'refused', reason: 'pairing is closed' };
    return isSameCode(given, this.#code) ? this.#pair(inbound) : this.#refuseCode();
  }

  async #pair(inbound: Inbound): Promise<Admission> {
    this.#isSaving = true;
    try {
      await this.#options.owners.save(inbound.person.id);
      this.#owner = inbound.person.id;
      this.#code = undefined;
    } finally {
      this.#isSaving = false;
    }
    this.#options.log.info('owner_paired', { person: inbound.person.id });
    const { id: person, name } = inbound.person;
    this.#options.announce({ kind: 'paired', owner: `${name} (${person})`, person });
    return {
      kind: 'answered',
      text: '🔗 Paired. This leashd now listens to you alone. Tell it what to work on, or send /help.',
    };
  }

  #refuseCode(): Admission {
    this.#wrongCodes += 1;
    const left = MOST_WRONG_CODES - this.#wrongCodes;
    this.#options.log.warn('pairing_code_wrong', { left });
    if (left > 0)
      return {
        kind: 'answered',
        text: `That code is not right. ${left} ${left === 1 ? 'try' : 'tries'} left.`,
      };
    this.#code = undefined;
    this.#options.announce({ kind: 'closed' });
    return {
      kind: 'answered',
      text: 'That code is not right. Pairing is closed: start leashd again for a new code.',
    };
  }
}

/** What came behind `/start` in a private chat. */
function codeIn(inbound: Inbound): string | undefined {
  if (!inbound.isPrivate || inbound.kind !== 'command' || inbound.name !== 'start') return undefined;
  const given = inbound.args.trim().toUpperCase();
  return given === '' ? undefined : given;
}

function isSameCode(given: string, code: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(code));
}

function newCode(): string {
  return Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
