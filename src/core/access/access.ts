import type { Inbound } from '../ports/chat.ts';

/** Who may talk to leashd through one connector. Asked about every inbound, taps and commands included, before anything reads it. */
export interface Access {
  admit(inbound: Inbound): Promise<Admission>;
}

export type Admission =
  | { readonly kind: 'admitted' }
  /** Nothing is answered: a stranger learns not even that somebody is there. `reason` is for the log. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Pairing spoke to this person; the inbound goes no further. */
  | { readonly kind: 'answered'; readonly text: string };
