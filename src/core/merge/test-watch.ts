import { code, concat, plain, type RichText } from '../../util/rich-text.ts';
import type { AgentEvent } from '../ports/agent.ts';
import type { ProjectTest } from '../ports/project-tests.ts';

type Run = { readonly words: string; readonly isTelling: boolean; outcome: 'running' | 'well' | 'badly' };

/** Sees which of the project's tests the agent has run in a turn, and how they ended: from its calls, not its words. */
export class TestWatch {
  readonly #tests: readonly ProjectTest[];
  readonly #runs = new Map<string, Run>();

  constructor(tests: readonly ProjectTest[]) {
    this.#tests = tests;
  }

  take(event: AgentEvent): void {
    if (event.kind === 'tool-started' && event.tool === 'Bash') {
      const test = this.#tests.find(({ words }) => isIn(event.summary, words));
      // Behind a pipe or another command it is that one's end which counts.
      const isTelling = !/[|;]|(?<!&)&(?!&)/.test(event.summary) && !event.summary.endsWith('…');
      if (test) this.#runs.set(event.callId, { words: test.words, isTelling, outcome: 'running' });
    } else if (event.kind === 'tool-ended') {
      const run = this.#runs.get(event.callId);
      if (run) run.outcome = event.isError ? 'badly' : 'well';
    }
  }

  /** For the person, in a line. */
  words(): RichText {
    if (this.#tests.length === 0) return plain('🧪 No tests were found here.');
    const last = [...this.#runs.values()].at(-1);
    if (!last) return concat('🧪 Tests did not run. Found: ', code(this.#tests[0]?.words ?? ''), '.');
    return concat('🧪 ', code(last.words), ` ${endOf(last)}.`);
  }
}

function endOf({ outcome, isTelling }: Run): string {
  if (outcome === 'running') return 'was begun, and did not end';
  if (outcome === 'badly') return 'did not run, or failed';
  return isTelling ? 'ran, without an error' : 'ran; how it ended stands in Claude’s words alone';
}

/** As words of their own: `npm test` is not in `npm test:e2e`. */
function isIn(command: string, words: string): boolean {
  const escaped = words.replaceAll(/[.+*?^$()[\]{}|\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`(?:^|[\s;&|(])${escaped}(?=$|[\s;&|)…])`).test(command);
}
