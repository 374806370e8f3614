import type { Inbound } from '../ports/chat.ts';
import type { Receipt } from '../ports/connector.ts';

/** Sees an inbound before the engine does; answers itself, or hands it on with `next`. */
export type Middleware = (inbound: Inbound, next: () => Promise<Receipt>) => Promise<Receipt>;

/** Runs the steps in order; the last one's `next` is `end`. */
export function compose(
  steps: readonly Middleware[],
  end: (inbound: Inbound) => Promise<Receipt>,
): (inbound: Inbound) => Promise<Receipt> {
  return (inbound) => {
    const runFrom = (index: number): Promise<Receipt> => {
      const step = steps[index];
      return step ? step(inbound, () => runFrom(index + 1)) : end(inbound);
    };
    return runFrom(0);
  };
}
