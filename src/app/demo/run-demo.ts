import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createScriptedAgent } from '../../agents/scripted/scripted-agent.ts';
import { loadSettings, type LoadedSettings } from '../../config/load-settings.ts';
import type { TerminalStream } from '../../connectors/terminal/output.ts';
import { personId, type Inbound } from '../../core/ports/chat.ts';
import type { Clock } from '../../util/clock.ts';
import { newId } from '../../util/ids.ts';
import { silentLog } from '../../util/log.ts';
import { createRedactor } from '../../util/redact.ts';
import { createApp, type App } from '../create-app.ts';
import { createGate } from '../create-gate.ts';
import { terminalChannel } from '../terminal-channel.ts';
import { accountOf, accountText } from './demo-account.ts';
import { demoEnvironment } from './demo-environment.ts';
import { createDemoProject, makeTemporaryFolder, type DemoProject } from './demo-project.ts';
import { demoRequest, demoScript } from './demo-script.ts';

export interface DemoOptions {
  readonly input: Readable;
  readonly output: TerminalStream;
  /** Somebody is there to answer; otherwise the safe answer is given. */
  readonly isTty: boolean;
  readonly clock: Clock;
  /** Aborts when the person has had enough. */
  readonly signal: AbortSignal;
}

/** Milliseconds between two words of the script, where somebody reads along. */
const READING_PACE_MS = 25;
const SAFE_ANSWER = 'reject';

// Who answers where nobody watches.
const NOBODY = 'leashd itself';

/**
 * Plays the script through the real engine, gate, policies and audit, in a temporary project.
 * @throws MachineError DEMO_PROJECT when the project can't be made.
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const project = await createDemoProject();
  let auditLogPath: string;
  try {
    const loaded = demoSettings(await makeTemporaryFolder('leashd-demo-state-'), project.directory);
    ({ auditLogPath } = loaded.settings);
    await runPlay(options, project, loaded);
  } finally {
    await project.remove();
  }
  const lines = readFileSync(auditLogPath, 'utf8').split('\n');
  const answeredBy = options.isTty ? 'you' : NOBODY;
  options.output.write(`\n${accountText(accountOf(lines), auditLogPath, answeredBy)}\n`);
}

async function runPlay(options: DemoOptions, project: DemoProject, loaded: LoadedSettings): Promise<void> {
  const { output, isTty, clock, signal } = options;
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  const channel = terminalChannel({
    input: isTty ? options.input : Readable.from([]),
    output,
    isTty,
    clock,
    // The play ends by itself, unless it waits for somebody who has left.
    onEnd: (end) => (end === 'unanswerable' ? leave() : undefined),
    ...(isTty ? {} : { personName: NOBODY, autoAnswer: () => SAFE_ANSWER }),
  });
  signal.addEventListener('abort', () => leave(), { once: true });
  const app = createApp({
    loaded,
    approvedDirectories: [project.directory],
    channels: [channel],
    agent: createScriptedAgent({
      script: demoScript({ isWatched: isTty }),
      delayMs: isTty ? READING_PACE_MS : 0,
      clock,
      environment: demoEnvironment(),
    }),
    gate: createGate({ loaded, clock, log: silentLog, redactor: createRedactor([]), agentScratch: [] }),
    clock,
    log: silentLog,
  });
  try {
    await app.start();
    await Promise.race([play(app, clock), left]);
  } finally {
    await app.stop('the demo is over');
  }
}

async function play(app: App, clock: Clock): Promise<void> {
  const request: Inbound = {
    id: newId(),
    chat: { connector: 'terminal', chat: 'local' },
    isPrivate: true,
    person: { id: personId('terminal', 'local'), name: 'you' },
    receivedAt: clock.now(),
    kind: 'text',
    text: demoRequest,
  };
  await app.engine.receive(request);
  await app.engine.idle();
}

/** The defaults, with everything that is written in a temporary folder. */
function demoSettings(state: string, project: string): LoadedSettings {
  return loadSettings({
    startDirectory: state,
    homeDirectory: state,
    environment: {
      LEASHD_APPROVED_DIRECTORIES: project,
      LEASHD_STORAGE_BACKEND: 'memory',
      LEASHD_AUDIT_LOG_PATH: join(state, 'audit.jsonl'),
      LEASHD_STATE_DIR: join(state, 'state'),
      LEASHD_LOG_DIR: join(state, 'logs'),
    },
  });
}
