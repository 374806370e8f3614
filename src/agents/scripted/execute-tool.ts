import { z } from 'zod';
import type { ToolCall } from '../../core/ports/gate.ts';
import { messageOf } from '../../errors.ts';
import { run } from '../../process/run.ts';
import { edit, read, write } from './file-tools.ts';
import type { StepResult } from './script.ts';
import { glob, grep } from './search-tools.ts';

/** Carries out a tool call that the gate allowed. A tool that fails is a value; must not reject. */
export type Execute = (call: ToolCall, signal: AbortSignal) => Promise<StepResult>;

const BASH_TIMEOUT_MS = 120_000;
const MAX_OUTPUT_BYTES = 100_000;

const file = z.strictObject({ file_path: z.string() });
const search = z.strictObject({ pattern: z.string(), path: z.string().optional() });
// The names Claude Code gives its tools and their inputs.
const inputs = {
  Read: file,
  Write: file.extend({ content: z.string() }),
  Edit: file.extend({ old_string: z.string(), new_string: z.string(), replace_all: z.boolean().optional() }),
  Glob: search,
  Grep: search,
  Bash: z.strictObject({ command: z.string(), description: z.string().optional() }),
};

/** Really does what the tool says, in the call's directory. */
export function createExecutor(environment: Readonly<Record<string, string | undefined>>): Execute {
  return async (call, signal) => {
    try {
      return await execute(call, environment, signal);
    } catch (fault) {
      return { kind: 'failed', output: messageOf(fault) };
    }
  };
}

async function execute(
  { tool, input, directory }: ToolCall,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<StepResult> {
  switch (tool) {
    case 'Read':
      return done(await read(directory, inputs.Read.parse(input)));
    case 'Write':
      return done(await write(directory, inputs.Write.parse(input)));
    case 'Edit':
      return done(await edit(directory, inputs.Edit.parse(input)));
    case 'Glob':
      return done(await glob(directory, inputs.Glob.parse(input)));
    case 'Grep':
      return done(await grep(directory, inputs.Grep.parse(input)));
    case 'Bash':
      return bash(inputs.Bash.parse(input).command, directory, env, signal);
    default:
      return { kind: 'failed', output: `expected one of ${Object.keys(inputs).join(', ')}, got ${tool}` };
  }
}

async function bash(
  command: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<StepResult> {
  // bash reads ~/.bashrc when its stdin is a socket, which is what Node.js gives it (bash(1), "INVOCATION").
  const { exitCode, stdout, stderr, timedOut } = await run('bash', ['--norc', '-c', command], {
    cwd,
    env,
    timeoutMs: BASH_TIMEOUT_MS,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    signal,
  });
  const output = [stdout, stderr, timedOut ? 'It took too long and was ended.' : '']
    .filter(Boolean)
    .join('\n');
  return { kind: exitCode === 0 && !timedOut ? 'done' : 'failed', output };
}

function done(output: string): StepResult {
  return { kind: 'done', output };
}
