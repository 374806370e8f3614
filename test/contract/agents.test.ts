import { existsSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Script } from '../../src/agents/scripted/script.ts';
import { createScriptedAgent } from '../../src/agents/scripted/scripted-agent.ts';
import { agentContract } from '../../src/testing/index.ts';
import { systemClock } from '../../src/util/clock.ts';
import { runChecks } from './run-checks.ts';

const script: Script = function* ({ text, directory }) {
  if (text === 'write') {
    const file_path = join(directory, 'done.txt');
    yield { kind: 'tool', tool: 'Write', input: { file_path, content: 'done' } };
  }
  yield { kind: 'say', text: 'That is all.' };
};

runChecks(
  'the scripted agent',
  agentContract(async () => {
    const directory = await realpath(await mkdtemp(join(tmpdir(), 'leashd-agent-contract-')));
    return {
      agent: createScriptedAgent({ script, delayMs: 0, clock: systemClock, environment: {} }),
      directory,
      chatter: 'talk',
      order: 'write',
      isDone: async () => existsSync(join(directory, 'done.txt')),
      dispose: () => rm(directory, { recursive: true }),
    };
  }),
);
