import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineBench } from '../../../test/fixtures/engine-bench.ts';
import type { Engine } from '../engine.ts';
import type { BrowserState } from '../ports/browser.ts';
import type { PlaywrightProject } from '../ports/playwright-projects.ts';

let bench: EngineBench;
beforeEach(() => (bench = new EngineBench()));
afterEach(() => bench.dispose());

const ON: BrowserState = { kind: 'ready', isAlways: true };
const SHOP: PlaywrightProject = { folder: 'shop', commands: ['npx playwright test', 'npm run e2e'] };

function start(browser: BrowserState | undefined, ...found: readonly PlaywrightProject[]): Promise<Engine> {
  return bench.start({ settings: { browser }, playwrightProjects: { find: () => found } });
}

const healer = (args = '') => bench.connector.act({ kind: 'command', name: 'healer', args });

describe('/healer', () => {
  it('hands the project’s commands and the person’s words to the subagent', async () => {
    await start(ON, SHOP);
    await healer('the cart');
    const turn = await bench.agent.turn(0);
    expect(turn.text).toContain('playwright-test-healer');
    expect(turn.text).toContain('What it is about: the cart');
    expect(turn.text).toContain('- in shop/: npx playwright test, or npm run e2e');
    expect(turn.options.hasBrowser).toBe(true);
    turn.finish();
  });

  it.each<[string, BrowserState | undefined, RegExp]>([
    ['off', { kind: 'ready', isAlways: false }, /LEASHD_BROWSER=on/],
    ['nowhere', { kind: 'missing', reason: 'there is none', hint: 'Get one.' }, /there is none\. Get one\./],
    ['unknown', undefined, /LEASHD_BROWSER=on/],
  ])('says what is missing where the browser is %s', async (_name, browser, words) => {
    const engine = await start(browser, SHOP);
    await healer();
    await engine.idle();
    expect(bench.connector.sent).toEqual([expect.stringMatching(words)]);
    expect(bench.agent.turns).toEqual([]);
  });

  it('says so where there are no Playwright tests', async () => {
    const engine = await start(ON);
    await healer();
    await engine.idle();
    expect(bench.connector.sent).toEqual([expect.stringContaining('No Playwright tests were found')]);
  });
});

describe('the agent’s browser', () => {
  it('is not there for a session whose mode asks for none, where it is not always on', async () => {
    await start({ kind: 'ready', isAlways: false });
    await bench.connector.write('hello');
    const turn = await bench.agent.turn(0);
    expect(turn.options.hasBrowser).toBe(false);
    turn.finish();
  });
});
