import { parse } from 'node:path';
import { z } from 'zod';
import type { AgentReadiness } from '../../core/ports/agent.ts';
import { messageOf } from '../../errors.ts';
import { run, type RunResult } from '../../process/run.ts';
import { findClaude } from './binary.ts';
import { logInHint } from './faults.ts';

export type ReadinessOptions = {
  /** The agent's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** The SDK's own when absent. */
  readonly claudePath?: string | undefined;
};

const DEADLINE_MS = 4500;

// `claude auth status`, Claude Code 2.1.330.
const statusSchema = z.looseObject({
  loggedIn: z.boolean(),
  authMethod: z.string().optional(),
  apiProvider: z.string().optional(),
});

/**
 * Asks Claude Code whether it has a log-in, which costs nothing and took 0.2 s. It is asked in the file system's
 * root, since it would take a project's settings into account. Must not reject.
 */
export async function claudeReadiness(options: ReadinessOptions): Promise<AgentReadiness> {
  const path = options.claudePath ?? findClaude();
  if (path === undefined) {
    return {
      ready: false,
      reason: `Claude Code is not installed for this platform (${process.platform} ${process.arch}).`,
      hint: 'Install leashd again with its optional dependencies, or set LEASHD_CLAUDE_PATH.',
    };
  }
  try {
    const result = await run(path, ['auth', 'status'], {
      cwd: parse(process.cwd()).root,
      env: options.environment,
      timeoutMs: DEADLINE_MS - 1000,
      maxOutputBytes: 64 * 1024,
    });
    return readStatus(result, path);
  } catch (error) {
    return {
      ready: false,
      reason: `Claude Code could not be started: ${messageOf(error)}.`,
      hint: `Check that ${path} is a program that runs on this machine.`,
    };
  }
}

function readStatus(result: RunResult, path: string): AgentReadiness {
  if (result.timedOut) {
    return {
      ready: false,
      reason: 'Claude Code did not say in time whether it is logged in.',
      hint: `Run \`${path} auth status\` and see what keeps it waiting.`,
    };
  }
  const status = statusSchema.safeParse(parseJson(result.stdout));
  if (!status.success) {
    return {
      ready: false,
      reason: `Claude Code did not say whether it is logged in (exit status ${result.exitCode ?? 'none'}).`,
      hint: `Run \`${path} auth status\`; Claude Code 2.1.330 or newer answers in JSON.`,
    };
  }
  if (!status.data.loggedIn) {
    return { ready: false, reason: 'Claude Code is not logged in.', hint: logInHint(path) };
  }
  const { authMethod = 'unknown', apiProvider = 'firstParty' } = status.data;
  const way = apiProvider === 'firstParty' ? authMethod.replaceAll('_', ' ') : apiProvider;
  return { ready: true, detail: `logged in with ${way}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
