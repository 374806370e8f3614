import { PassThrough } from 'node:stream';
import { connectorContract } from '../../testing/index.ts';
import { runChecks } from '../../../test/contract/run-checks.ts';
import { VirtualTerminal } from '../../../test/fixtures/terminal/virtual-terminal.ts';
import { systemClock } from '../../util/clock.ts';
import { createTerminalConnector } from './terminal-connector.ts';

runChecks(
  'the terminal',
  connectorContract(async () => {
    const input = new PassThrough();
    const output = new VirtualTerminal();
    // A person looks at a question before they answer; here that takes no time.
    let lookedForMs = 0;
    const connector = createTerminalConnector({
      input,
      output,
      isTty: true,
      clock: { ...systemClock, monotonic: () => systemClock.monotonic() + lookedForMs },
      personName: 'Ada',
      onEnd: () => {},
    });
    const says = async (text: string): Promise<void> => void input.write(`${text}\r`);
    return {
      connector,
      chat: { connector: 'terminal', chat: 'local' },
      says,
      taps: (_message, prompt, choiceId) => {
        lookedForMs += 1_000;
        return says(prompt.choices.find(({ id }) => id === choiceId)?.key ?? choiceId);
      },
      screen: () => output.shown,
      dispose: () => connector.stop(),
    };
  }),
);
