import { agentEnvironment } from '../../agents/claude/environment.ts';
import { sandboxObstacle } from '../../agents/claude/os-sandbox-probe.ts';
import { silentLog } from '../../util/log.ts';
import { browserFor } from '../browser.ts';
import { secretsOf } from '../secrets.ts';
import { note, ok, problem, warning, type Check } from './check.ts';
import { loadedOf } from './context.ts';

const osSandbox: Check = {
  name: 'os-sandbox',
  deadlineMs: 7000,
  run: async (context) => {
    const loaded = loadedOf(context);
    if (loaded === undefined) return [];
    const { osSandbox: setting } = loaded.settings;
    if (setting === 'off') return [ok('not asked for: LEASHD_OS_SANDBOX is off')];
    const environment = agentEnvironment(context.environment, { secrets: secretsOf(loaded.settings) });
    const obstacle = await sandboxObstacle({ environment, platform: context.platform });
    if (obstacle === undefined) return [ok('the OS sandbox runs here')];
    const { reason, hint } = obstacle;
    return setting === 'required'
      ? [problem(`LEASHD_OS_SANDBOX is required, but ${reason}: leashd does not start`, hint)]
      : [warning(`${reason}: Claude's commands run without the OS sandbox`, hint)];
  },
};

const browser: Check = {
  name: 'browser',
  run: async (context) => {
    const loaded = loadedOf(context);
    if (loaded === undefined) return [];
    const { environment, platform } = context;
    const { approvedDirectories, browser: setting } = loaded.settings;
    const found = browserFor({ loaded, approvedDirectories, environment, log: silentLog, platform });
    if (found.state.kind === 'missing') {
      const { reason, hint } = found.state;
      return setting === 'on'
        ? [warning(`${reason}: Claude goes without a browser, though LEASHD_BROWSER is on`, hint)]
        : [note(`${reason}: /test goes without one`, hint)];
    }
    return [ok(found.browser?.program ?? 'your own MCP server stands in its place')];
  },
};

/** What the agent's commands and pages run in, as far as settings ask for it. */
export const confinementChecks: readonly Check[] = [osSandbox, browser];
