import { isLoopback, portOf } from './address.ts';
import type { Discovery, FoundCommand } from './discovery/discovery.ts';
import { isKnownCommand } from './discovery/known-runners.ts';
import { fileRunPattern, sameCommands } from './same-commands.ts';
import { localRequestShapes } from './local-requests.ts';
import { SESSION_FILE } from './session-file.ts';
import { NO_TEST_FILES, TEST_FILES } from './test-files.ts';
import type { TestPlan } from './test-plan.ts';

/** A rule that allows, in the words of the policy files (docs/policies.md). */
export type TestRule = {
  readonly name: string;
  readonly action: 'allow';
  readonly risk_level: 'low' | 'medium';
  readonly reason: string;
  readonly tools?: string[];
  readonly commands?: string[];
  readonly command_patterns?: string[];
  readonly inline?: false;
  readonly effects?: ('read' | 'write' | 'network' | 'none')[];
  readonly acts?: ('browser-read' | 'browser-change' | 'change-remote')[];
  readonly hosts?: string[];
  readonly paths?: string[];
  readonly mcp?: string[];
};

/** Rules that hold while a test run lasts, and nowhere but in `folder`, where one is named. Plain data. */
export type TestGrant = {
  /** For the person: `npm run test:unit`, `edits of test files`. */
  readonly words: string;
  /** Where its commands run, below the session's directory (`.`); undefined for tools that are no command. */
  readonly folder?: string | undefined;
  /** The project's file that says what its commands do, below the session's directory: once it changes, they are others. */
  readonly source?: string | undefined;
  readonly rules: readonly TestRule[];
};

const MOST_PORTS = 4;
const MOST_GLOBS = 60;
const LOCAL_HOSTS = ['localhost', '127.0.0.1'];
const EDIT_TOOLS = ['Write', 'Edit', 'MultiEdit', 'NotebookEdit'];

/** By name, so that one which a new version of the server brings asks. Without those that take code, load files or install. */
const BROWSER_TOOLS = [
  'snapshot take_screenshot console_messages network_requests wait_for generate_locator',
  'verify_element_visible verify_list_visible verify_text_visible verify_value',
  'navigate navigate_back navigate_forward click type hover drag press_key select_option handle_dialog fill_form',
  'tabs tab_list tab_new tab_select tab_close resize close mouse_click_xy mouse_drag_xy mouse_move_xy',
].flatMap((names) => names.split(' ').map((tool) => `playwright/browser_${tool}`));

/**
 * What the agent may do in a test run without asking: the project's own commands as they were found (word by word),
 * requests to this machine at the found ports, the browser there, edits of tests and of the session file. Everything
 * else is decided as usual; a rule that denies is not touched by any of this.
 */
export function testGrants(plan: TestPlan, discovery: Discovery): readonly TestGrant[] {
  const commands = [...discovery.commands.map((one) => commandGrant(one)), ...typedServer(plan)];
  const ports = portsOf(plan, discovery);
  return [
    ...commands,
    ...(ports.length === 0 ? [] : [requestGrant(ports)]),
    ...(usesBrowser(plan) && (ports.length > 0 || plan.url !== undefined) ? [browserGrant] : []),
    ...editGrants(discovery),
    sessionFileGrant,
  ];
}

function usesBrowser({ areas, noBrowser }: TestPlan): boolean {
  return areas.e2e && noBrowser === undefined;
}

type GrantedCommand = Pick<FoundCommand, 'argv' | 'folder' | 'purpose'> & Partial<Pick<FoundCommand, 'from'>>;

function commandGrant({ argv, folder, purpose, from }: GrantedCommand): TestGrant {
  const all = sameCommands(argv);
  // A program with its folder can't be named word by word in a rule that allows.
  const [plain, withFolder] = [
    all.filter(([program]) => !program.includes('/')),
    all.filter(([program]) => program.includes('/')),
  ];
  const patterns = [
    ...withFolder.map((words) => `^${escaped(words.join(' '))}$`),
    ...(purpose === 'server' ? [] : all.flatMap((words) => fileRunPattern(words) ?? [])),
  ];
  const what = purpose === 'server' ? "starts the project's server" : "runs the project's tests";
  const rules: TestRule[] = [
    ...(plain.length === 0
      ? []
      : [
          rule('words', {
            commands: plain.map((words) => words.join(' ')),
            inline: false,
            reason: `It ${what}, as found`,
          }),
        ]),
    ...(patterns.length === 0
      ? []
      : [
          rule('patterns', {
            tools: ['Bash'],
            command_patterns: patterns,
            inline: false,
            reason: `It ${what}, all or some`,
          }),
        ]),
  ];
  return { words: argv.join(' '), folder, source: from?.path, rules };
}

function escaped(words: string): string {
  return words.replaceAll(/[.+*?^$()[\]{}|\\]/g, String.raw`\$&`);
}

/** What the person typed is their word; the project's own word for a server asks, unless it was found. */
function typedServer({ server, directory }: TestPlan): readonly TestGrant[] {
  if (server?.by !== 'person') return [];
  const argv = server.value.split(/\s+/);
  return isKnownCommand(argv) ? [commandGrant({ argv, folder: directory.value, purpose: 'server' })] : [];
}

function portsOf({ url }: TestPlan, { port, commands }: Discovery): readonly number[] {
  const own = url !== undefined && isLoopback(url.value) ? portOf(url.value) : undefined;
  const said = [own, port, ...commands.map((one) => one.port)];
  const all = said.flatMap((one) =>
    one === undefined || (isServicePort(one) && !(url?.by === 'person' && one === own)) ? [] : [one],
  );
  return [...new Set(all)].slice(0, MOST_PORTS);
}

/** Where a machine's own services listen: only the person's word makes a server under test of one. */
const SERVICE_PORTS: ReadonlySet<number> = new Set([
  // Docker, Kubernetes, debuggers of browsers and of Node; databases, caches, queues and their consoles
  2375, 2376, 2377, 6443, 8001, 10250, 10255, 9222, 9229, 1433, 1521, 3306, 5432, 5672, 5984, 6379, 8086,
  8200, 8500, 9042, 9200, 11211, 15672, 27017,
]);

function isServicePort(port: number): boolean {
  return SERVICE_PORTS.has(port) || (port < 1024 && port !== 80 && port !== 443);
}

function requestGrant(ports: readonly number[]): TestGrant {
  const commands = ports.flatMap((port) => localRequestShapes(port));
  const reason = 'It asks the server under test on this machine';
  return {
    words: `requests to localhost:${ports.join(', ')}`,
    folder: '.',
    rules: [
      rule('requests', { commands, inline: false, effects: ['network'], hosts: LOCAL_HOSTS, reason }),
      rule('changing-requests', { commands, inline: false, acts: ['change-remote'], reason }),
    ],
  };
}

const browserGrant: TestGrant = {
  words: 'the browser, on pages of this machine',
  rules: [
    rule('browser', {
      mcp: BROWSER_TOOLS,
      acts: ['browser-read', 'browser-change'],
      reason: 'It uses the app under test',
    }),
    rule('browser-pages', {
      mcp: BROWSER_TOOLS,
      effects: ['network'],
      hosts: LOCAL_HOSTS,
      reason: 'It opens a page of this machine',
    }),
  ],
};

function editGrants({ frameworks }: Discovery): readonly TestGrant[] {
  const globs = frameworks.flatMap(({ name, folder }) => {
    const below = folder === '.' ? './' : `./${folder}/`;
    return (Object.hasOwn(TEST_FILES, name) ? (TEST_FILES[name] ?? []) : []).map((glob) => below + glob);
  });
  const paths = [...new Set(globs)].slice(0, MOST_GLOBS);
  if (paths.length === 0) return [];
  return [
    {
      words: 'edits of test files',
      rules: [edits('tests', [...paths, ...NO_TEST_FILES], 'It changes a test')],
    },
  ];
}

const sessionFileGrant: TestGrant = {
  words: `edits of ${SESSION_FILE}`,
  rules: [edits('session-file', [`./${SESSION_FILE}`], "It writes down the run's progress")],
};

function edits(name: string, paths: string[], reason: string): TestRule {
  return rule(name, { tools: EDIT_TOOLS, effects: ['write'], paths, reason });
}

function rule(name: string, matchers: Omit<TestRule, 'name' | 'action' | 'risk_level'>): TestRule {
  return { name: `test-mode-${name}`, action: 'allow', risk_level: 'low', ...matchers };
}
