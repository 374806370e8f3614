import { agentEnvironment } from '../../agents/claude/environment.ts';
import { claudeReadiness } from '../../agents/claude/readiness.ts';
import type { LoadedSettings } from '../../config/load-settings.ts';
import type { AgentReadiness } from '../../core/ports/agent.ts';
import { secretsOf } from '../secrets.ts';

/** Whether Claude Code has a log-in here, as `leashd start` will ask it; it costs nothing. */
export async function checkLogIn(
  { settings }: LoadedSettings,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<AgentReadiness> {
  return claudeReadiness({
    environment: agentEnvironment(environment, { secrets: secretsOf(settings) }),
    claudePath: settings.claudePath,
  });
}
