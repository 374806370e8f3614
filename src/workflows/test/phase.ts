import { commandsFor, type Discovery } from './discovery/discovery.ts';
import { serverLines, testLines } from './phase-lines.ts';
import type { TestPlan } from './test-plan.ts';

/** One of the nine, in their order. */
export type PhaseId =
  'discovery' | 'server' | 'smoke' | 'unit' | 'backend' | 'e2e' | 'analysis' | 'healing' | 'report';

export type Phase = {
  readonly id: PhaseId;
  readonly title: string;
  /** Why there is nothing to do in it; undefined when there is. */
  readonly skip: (plan: TestPlan, discovery: Discovery) => string | undefined;
  /** What the agent is told, one line each. */
  readonly tell: (plan: TestPlan, discovery: Discovery) => readonly string[];
  /** When it counts as done. */
  readonly done: string;
};

const never = (): undefined => undefined;

/** Whether there is, or will be, something that answers. */
function hasServer(plan: TestPlan, discovery: Discovery): boolean {
  return plan.url !== undefined || plan.server !== undefined || commandsFor(discovery, 'server').length > 0;
}

const NO_SERVER = 'nothing to start was found, and no address was given';

export const PHASES: readonly Phase[] = [
  {
    id: 'discovery',
    title: 'Discovery',
    skip: never,
    tell: () => [
      'leashd has looked at the project already: the commands below were found in its files.',
      'Read what you need to know what the app does and which tests exist. Correct what was found where the files say otherwise.',
    ],
    done: 'you can name what is tested, with which commands, and what matters most',
  },
  {
    id: 'server',
    title: 'Server start',
    skip: (plan, discovery) => (hasServer(plan, discovery) ? undefined : NO_SERVER),
    tell: (plan, discovery) => [
      ...serverLines(plan, discovery),
      'First look whether it answers already; then leave it running and do not start another one.',
      'Start it with run_in_background, in the words above: no output file, no "&". Read its output with the tool for that.',
      'Wait until it answers, two minutes at most. If it does not, note why and go on with the phases that need no server.',
    ],
    done: 'the address answers, or the reason why it does not is noted',
  },
  {
    id: 'smoke',
    title: 'Smoke test',
    skip: (plan, discovery) => (hasServer(plan, discovery) ? undefined : NO_SERVER),
    tell: () => [
      'Open the start page (or the health route of a backend) and a few of the main routes.',
      'Note each with its status. A route that is broken here is a finding; do not mend it yet.',
    ],
    done: 'each main route is noted with its status',
  },
  {
    id: 'unit',
    title: 'Unit and integration tests',
    skip: ({ areas }, discovery) => {
      if (!areas.unit) return 'not wanted (flags)';
      return commandsFor(discovery, 'unit', 'integration').length > 0 ? undefined : 'no tests were found';
    },
    tell: (plan, discovery) => [
      ...testLines(plan, discovery, 'unit', 'integration'),
      'Run them in the words above; they run without a card. Note how many passed and failed, and each failure with its first telling line.',
    ],
    done: 'every command was run once and its figures are in the result table',
  },
  {
    id: 'backend',
    title: 'Backend verification',
    skip: (plan, discovery) => {
      if (!plan.areas.backend) return 'not wanted (flags)';
      if (!hasServer(plan, discovery)) return NO_SERVER;
      const isBackend = discovery.frameworks.some(({ role }) => role === 'backend' || role === 'web');
      return isBackend || plan.url !== undefined ? undefined : 'no backend was found';
    },
    tell: () => [
      'Read the routes in the source. Ask each one that matters with curl, at the address above: a good request, a bad one, one without the rights.',
      'Compare status and body with what the source promises. Change no data but such as you made for the test.',
    ],
    done: 'each route that matters is noted as passed or failed',
  },
  {
    id: 'e2e',
    title: 'End-to-end in the browser',
    skip: (plan, discovery) => {
      if (!plan.areas.e2e) return 'not wanted (flags)';
      if (plan.noBrowser !== undefined) return plan.noBrowser;
      return hasServer(plan, discovery) || commandsFor(discovery, 'e2e').length > 0 ? undefined : NO_SERVER;
    },
    tell: (plan, discovery) => [
      ...testLines(plan, discovery, 'e2e'),
      'Run the end-to-end tests that exist, if there are any. Then use the app yourself with the browser tools, as a user would: the focus first, then the main paths, then wrong input and the way back.',
      'Take a screenshot of each finding and of each main page, and write its path into the session file. Look at the console messages on the way.',
    ],
    done: 'each path you took is noted as passed or failed, findings with a screenshot',
  },
  {
    id: 'analysis',
    title: 'Error analysis',
    skip: never,
    tell: () => [
      'For each failure say what is wrong and where: the test, the app, or the surroundings. Read the code; do not guess.',
      'One cause with many failures is one finding.',
    ],
    done: 'each failure has a cause, or is noted as not understood',
  },
  {
    id: 'healing',
    title: 'Healing',
    skip: never,
    tell: () => [
      'Mend a test that is wrong. Mend the app where the cause is clear and small. Never weaken, skip or delete a test to make it pass.',
      'After each fix run the test that failed, and at the end all of them once. After three tries on one finding leave it, and note what you know.',
    ],
    done: 'each finding is fixed and seen to pass, or noted as left',
  },
  {
    id: 'report',
    title: 'Report',
    skip: never,
    tell: () => [
      'Stop the server if you started it.',
      'Fill in the result table, then answer with the report: passed, failed, fixed, what is left, and the screenshots. The person reads it on a phone: findings first, one line each.',
    ],
    done: 'the result table is filled in and the report is your answer',
  },
];
