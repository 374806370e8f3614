import type { BrowserState } from '../core/ports/browser.ts';
import type { TestWorkflow } from '../core/ports/test-workflow.ts';
import { HiddenValues, type Hide } from '../util/hidden-values.ts';
import type { Log } from '../util/log.ts';
import type { Redactor } from '../util/redact.ts';
import { createTestWorkflow } from '../workflows/test/create-test-workflow.ts';

export interface TestRunsOptions {
  readonly redactor: Redactor;
  /** Left out: there is none. */
  readonly browser: BrowserState | undefined;
  readonly log: Log;
}

/** What /test needs, and what keeps the private values of test.yaml out of the chat, from the first run on. */
export function testRuns({ redactor, browser, log }: TestRunsOptions): {
  readonly testWorkflow: TestWorkflow;
  readonly hidePrivate: Hide;
} {
  const hidden = new HiddenValues();
  const redactors = [redactor, hidden];
  const browserFolder = browser?.kind === 'ready' ? browser.folder : undefined;
  return {
    testWorkflow: createTestWorkflow({ redactors, noBrowser: noBrowserWords(browser), browserFolder, log }),
    hidePrivate: (text, isGrowing) => hidden.hide(text, isGrowing),
  };
}

function noBrowserWords(browser: BrowserState | undefined): string | undefined {
  if (browser === undefined) return 'there is no browser for it here';
  return browser.kind === 'missing' ? `${browser.reason}. ${browser.hint}` : undefined;
}
