import type {
  PreparedTest,
  TestOrder,
  TestRefusal,
  TestResume,
  TestRun,
  TestStanding,
  TestWorkflow,
} from '../../core/ports/test-workflow.ts';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../util/log.ts';
import type { Redactor } from '../../util/redact.ts';
import { discover } from './discovery/discover.ts';
import type { Discovery } from './discovery/discovery.ts';
import { readTestFlags, TEST_FLAGS } from './flags.ts';
import { diskFolder } from './folder-view.ts';
import { modeRules, sessionFilePath } from './mode-rules.ts';
import { PHASES, type PhaseId } from './phase.ts';
import { privateInstructions, planPhases, testInstructions } from './test-instructions.ts';
import { readTestConfigFile } from './read-test-config-file.ts';
import { initialSession, readProgress, resumePoint } from './session-file.ts';
import { readSessionFile, writeSessionFile } from './session-store.ts';
import { summarize } from './summary.ts';
import { planDigest, planTests, type TestPlan } from './test-plan.ts';

export interface TestWorkflowOptions {
  /** Why no browser can be driven on this machine; undefined when one can. */
  readonly noBrowser: string | undefined;
  /** Absolute path of the folder that the browser saves to by itself; left out: there is none. */
  readonly browserFolder?: string | undefined;
  /** Hear of the private values before anything is done with them. */
  readonly redactors: readonly Pick<Redactor, 'add'>[];
  readonly log: Log;
}

/** What /test needs to know of a project, from its files and its `.leashd/test.yaml`. */
export function createTestWorkflow(options: TestWorkflowOptions): TestWorkflow {
  return { usage: usageLines(), prepare: (order) => prepare(order, options) };
}

function usageLines(): readonly string[] {
  const flags: readonly { name: string; letter?: string; value?: string; summary: string }[] = TEST_FLAGS;
  return [
    '/test [flags] [what to look at most]',
    ...flags.map(({ name, letter, value, summary }) => {
      const written = `--${name}${letter === undefined ? '' : ` -${letter}`}`;
      return `${written}${value === undefined ? '' : ` <${value}>`} – ${summary}`;
    }),
  ];
}

function prepare({ directory, line, now }: TestOrder, options: TestWorkflowOptions): PreparedTest {
  if (/^(?:--?|—|–)(?:help|h)$/i.test(line.trim())) return { kind: 'help' };
  const read = readTestFlags(line);
  if (read.kind === 'problem') return refused([read.problem]);
  const file = readTestConfigFile(directory);
  if (file.kind === 'faults') return refused(file.faults);
  const plan = { ...planTests(read.flags, file.config), noBrowser: options.noBrowser };
  for (const redactor of options.redactors)
    for (const values of [plan.credentials, plan.environment]) values.hideIn(redactor);
  const view = diskFolder(directory);
  const { value: folder } = plan.directory;
  if (folder !== '.' && !isFolder(view.list(parentOf(folder)), folder))
    return refused([`There is no folder ${folder} in ${directory}.`]);
  const discovery = discover(view, plan);
  return { kind: 'run', run: new PlannedRun({ ...options, directory, plan, discovery, now }) };
}

function refused(lines: readonly string[]): TestRefusal {
  return { kind: 'refused', lines };
}

function parentOf(folder: string): string {
  return folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : '.';
}

function isFolder(names: readonly string[], folder: string): boolean {
  const name = folder.split('/').at(-1) ?? folder;
  // A link to a folder inside the project is listed without a slash.
  return names.includes(`${name}/`) || names.includes(name);
}

type Planned = Pick<TestWorkflowOptions, 'browserFolder' | 'log'> & {
  readonly directory: string;
  readonly plan: TestPlan;
  readonly discovery: Discovery;
  readonly now: number;
};

class PlannedRun implements TestRun {
  readonly digest: string;
  readonly #planned: Planned;
  readonly #resume: TestResume;

  constructor(planned: Planned) {
    this.#planned = planned;
    this.digest = planDigest(planned.plan);
    const point = resumePoint(readSessionFile(planned.directory), this.digest, planned.now);
    this.#resume =
      point.kind === 'resume'
        ? { kind: 'resume', phase: numberOf(point.phase) }
        : { kind: 'fresh', ...(point.why === undefined ? {} : { why: point.why }) };
  }

  get resume(): TestResume {
    return this.#resume;
  }

  get summary(): TestRun['summary'] {
    return summarize(this.#planned.plan, this.#planned.discovery);
  }

  get phases(): TestRun['phases'] {
    return this.#phases.map(({ number, title, skipped }) => ({ number, title, skipped }));
  }

  get rules(): TestRun['rules'] {
    return modeRules(this.#planned);
  }

  get sessionFile(): string {
    return sessionFilePath(this.#planned.directory);
  }

  get needsBrowser(): boolean {
    return this.#phases.some(({ id, skipped }) => id === 'e2e' && skipped === undefined);
  }

  instructions(from: number): string {
    const { plan, discovery } = this.#planned;
    return testInstructions(plan, discovery, PHASES[from - 1]?.id);
  }

  privateInstructions(): string | undefined {
    return privateInstructions(this.#planned.plan);
  }

  begin(now: number): void {
    const skipped = this.#phases.flatMap((phase) => (phase.skipped === undefined ? [] : [phase.id]));
    const text = initialSession({ digest: this.digest, startedAt: now, skipped: new Set(skipped) });
    writeSessionFile(this.#planned.directory, text);
  }

  progress(): TestStanding {
    const { directory, browserFolder = directory } = this.#planned;
    const read = readProgress(this.#cleanFile(), [directory, browserFolder]);
    const { phases, current, results, screenshots } = read;
    return {
      states: PHASES.map(({ id }) => phases[id]),
      current: current && numberOf(current),
      results,
      screenshots,
    };
  }

  get #phases(): ReturnType<typeof planPhases> {
    return planPhases(this.#planned.plan, this.#planned.discovery);
  }

  /** The agent is told to write none of them down; what it did write down is taken out again. */
  #cleanFile(): string {
    const { directory, plan, log } = this.#planned;
    const text = readSessionFile(directory) ?? '';
    const clean = plan.environment.hide(plan.credentials.hide(text));
    if (clean === text) return text;
    try {
      writeSessionFile(directory, clean);
      log.warn('test_session_cleaned', { directory });
    } catch (fault) {
      log.error('test_session_not_cleaned', { directory, reason: messageOf(fault) });
    }
    return clean;
  }
}

function numberOf(id: PhaseId): number {
  return PHASES.findIndex((phase) => phase.id === id) + 1;
}
