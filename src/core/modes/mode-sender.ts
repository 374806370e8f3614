import type { Inbound, ModeWork } from '../ports/chat.ts';

/** Sends the agent to work for one turn in a mode of its own. */
export interface ModeSender {
  /** As the message of whoever is behind `inbound`, behind what waits. */
  send(from: { readonly inbound: Inbound }, work: Omit<ModeWork, 'back'>, text: string): Promise<void>;
}
