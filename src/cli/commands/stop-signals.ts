import type { Surroundings } from './cli-command.ts';

/** How a process that serves is told to end, from its start to its end. */
export type StopSignals = {
  /** Why it is to end, once somebody says so. */
  readonly asked: Promise<string>;
  /** Aborts then, with that as its reason. */
  readonly begun: AbortSignal;
  /** Aborts at the second signal: wait for nothing any more. */
  readonly hurry: AbortSignal;
  /** As a signal does it. */
  readonly ask: (reason: string) => void;
  readonly unlisten: () => void;
};

/** `onHangUp`: see Surroundings.untilStopped. */
export function listenForStop(
  { untilStopped }: Pick<Surroundings, 'untilStopped'>,
  onHangUp?: () => 'ends' | 'goes-on',
): StopSignals {
  const listening = new AbortController();
  const begun = new AbortController();
  const hurry = new AbortController();
  const asked = Promise.withResolvers<string>();
  const ask = (reason: string): void => {
    asked.resolve(reason);
    begun.abort(reason);
  };
  const listen = async (): Promise<void> => {
    while (!listening.signal.aborted) {
      const name = await untilStopped(listening.signal, onHangUp);
      // Later ones change nothing: the end is seconds away. Unheard, they would cut it short.
      if (begun.signal.aborted) hurry.abort();
      ask(name);
    }
  };
  void listen();
  return {
    asked: asked.promise,
    begun: begun.signal,
    hurry: hurry.signal,
    ask,
    unlisten: () => listening.abort(),
  };
}
