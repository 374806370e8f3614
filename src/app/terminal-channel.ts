import { userInfo } from 'node:os';
import type { Readable } from 'node:stream';
import type { TerminalStream } from '../connectors/terminal/output.ts';
import { createTerminalConnector, type TerminalEnd } from '../connectors/terminal/terminal-connector.ts';
import { openToAnyone } from '../core/access/open-to.ts';
import type { Channel } from '../core/create-engine.ts';
import type { PromptView } from '../core/ports/connector.ts';
import type { Clock } from '../util/clock.ts';

export interface TerminalChannelOptions {
  readonly input: Readable;
  readonly output: TerminalStream;
  readonly isTty: boolean;
  readonly clock: Clock;
  readonly onEnd: (end: TerminalEnd) => void;
  /** Who answers, as it is shown; left out: the name of the account. */
  readonly personName?: string | undefined;
  readonly autoAnswer?: ((prompt: PromptView) => string) | undefined;
}

/** The terminal leashd was started in. Who sits there has the machine already, so nobody is turned away. */
export function terminalChannel(options: TerminalChannelOptions): Channel {
  return {
    connector: createTerminalConnector({ ...options, personName: options.personName ?? userInfo().username }),
    access: openToAnyone,
    // What leashd itself has to say stands on the same screen already.
    homes: () => [],
  };
}
