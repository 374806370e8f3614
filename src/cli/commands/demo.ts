import { systemClock } from '../../util/clock.ts';
import type { CliCommand } from './cli-command.ts';

export const demoCommand: CliCommand = {
  name: 'demo',
  summary: 'See the leash at work: no token, no log-in, no network',
  run: async ({ surroundings }) => {
    const { runDemo } = await import('../../app/demo/run-demo.ts');
    const stop = new AbortController();
    const unlisten = new AbortController();
    const stopping = surroundings.untilStopped(unlisten.signal).then(() => stop.abort());
    try {
      await runDemo({ ...surroundings, clock: systemClock, signal: stop.signal });
    } finally {
      unlisten.abort();
    }
    if (stop.signal.aborted) await stopping;
    return stop.signal.aborted ? 130 : 0;
  },
};
