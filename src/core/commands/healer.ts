import { sep } from 'node:path';
import type { PlaywrightProject } from '../ports/playwright-projects.ts';
import type { Command, CommandServices, Invocation } from './command.ts';

const USAGE = '[what]';

export const healerCommand: Command = {
  name: 'healer',
  summary: 'Let Claude repair failing Playwright tests',
  usage: USAGE,
  isAllowedDuringTurn: false,
  submits: true,
  run: async ({ inbound, args, services, say, submit }: Invocation) => {
    const browser = browserObstacle(services);
    if (browser !== undefined) {
      await say(browser);
      return;
    }
    const { directory } = await services.sessions.open(inbound.chat);
    const projects = services.playwrightProjects?.find(directory) ?? [];
    const [first] = projects;
    if (!first) {
      await say(
        `No Playwright tests were found in \`${directory}\`: no \`@playwright/test\` in a package.json there. /dir and /workspace lead elsewhere. For tests of another kind, just ask: “repair the failing tests”.`,
      );
      return;
    }
    submit(request(args, projects));
  },
};

/** Markdown; undefined where there is a browser in every conversation. */
function browserObstacle({ browser }: CommandServices): string | undefined {
  if (browser?.kind === 'ready' && browser.isAlways) return undefined;
  if (browser?.kind === 'missing') return `/healer needs a browser, and ${browser.reason}. ${browser.hint}`;
  return '/healer needs a browser: set `LEASHD_BROWSER=on` and start leashd again.';
}

function request(what: string, projects: readonly PlaywrightProject[]): string {
  const places = projects.map(({ folder, commands }) => {
    const where = folder === '.' ? 'here' : `in ${folder}${sep}`;
    return `- ${where}: ${commands.length === 0 ? 'no command was found; look how they are run' : commands.join(', or ')}`;
  });
  return [
    'Repair the failing Playwright tests of this project: hand it to the subagent playwright-test-healer, with all of this.',
    what === '' ? 'All that fail.' : `What it is about: ${what}`,
    'The project’s own commands for them, as leashd found them in its files:',
    ...places,
    'Run them, look at the app in the browser, mend the tests. Where the app is wrong and not the test, say so and leave both.',
    'No assertion is weakened, no timeout raised and no test taken out without saying so, test by test.',
  ].join('\n');
}
