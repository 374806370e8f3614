import { z } from 'zod';

/** What the load bench tells its other side, as its one argument. */
export const loadTask = z.object({
  token: z.string(),
  apiRoot: z.string(),
  database: z.string(),
  people: z.array(z.number()),
  rounds: z.number(),
  deltas: z.number(),
  writingMs: z.number(),
});

export type LoadTask = z.infer<typeof loadTask>;

export type FromLoad =
  | { readonly kind: 'ready' }
  | { readonly kind: 'memory'; readonly heapBytes: number; readonly residentBytes: number }
  /** The agent has said all that there is to say to this. */
  | { readonly kind: 'written'; readonly text: string };

/** The answer to a message, in lines that come one by one: each says what it answers and which it is. */
export function wordsOf(asked: string, deltas: number): readonly string[] {
  return Array.from({ length: deltas }, (_, index) => `${asked}/${index} ${'word '.repeat(7).trim()}.\n`);
}
