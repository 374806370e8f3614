import { Writable } from 'node:stream';
import type { LoadedSettings } from '../../config/load-settings.ts';
import { Relay } from '../../app/control/relay.ts';
import { createRedactor } from '../../util/redact.ts';
import { exitStatusOf, renderError } from '../render-error.ts';
import type { Surroundings } from './cli-command.ts';
import { serve } from './serve.ts';

type ServeParentOptions = {
  readonly surroundings: Surroundings;
  readonly loadAgain: () => LoadedSettings;
  /** Whether the process that started this one can ask somebody. */
  readonly hasPerson: boolean;
};

/**
 * leashd in the background: what is for the person goes to the process that started it, as long as that listens, and
 * to the log.
 */
export async function serveParent({
  surroundings,
  loadAgain,
  hasPerson,
}: ServeParentOptions): Promise<number> {
  const relay = new Relay();
  try {
    const served = await serve({
      surroundings,
      loaded: loadAgain(),
      loadAgain,
      console: nowhere(),
      announce: (text) => relay.tell({ kind: 'line', text }),
      confirm: hasPerson ? (question) => relay.ask(question) : undefined,
      onUp: ({ bot, isWaiting }) => {
        relay.tell({ kind: 'up', pid: process.pid, bot, isWaiting });
      },
      isBackground: true,
    });
    if (served.kind === 'ended') return 0;
    relay.tell({ kind: 'not-ready', reason: served.reason, hint: served.hint });
    await relay.told();
    return 1;
  } catch (fault) {
    const text = renderError(fault, (words) => createRedactor([]).redact(words));
    if (!relay.isHeard) throw fault;
    relay.tell({ kind: 'failed', text, status: exitStatusOf(fault) });
    await relay.told();
    return exitStatusOf(fault);
  }
}

/** The log file has it all; stderr is for what leashd itself can't write down any more. */
function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
