export type Room = {
  /** A folder or a file; the longest one that fits a file is its room. */
  readonly path: string;
  /** Where it stands in the picture. `all`: everyone may import it, so that nobody draws it. */
  readonly group: 'edge' | 'app' | 'adapter' | 'heart' | 'all';
  readonly what: string;
};

/** The rooms that docs/architecture.md draws. Which may go into which stands in door-rules.ts. */
export const ROOMS: readonly Room[] = [
  { path: 'src/cli', group: 'edge', what: 'the `leashd` command; alone prints and exits' },
  { path: 'src/index.ts', group: 'edge', what: 'the public API; no logic' },
  { path: 'src/testing', group: 'edge', what: '`leashd/testing`: what a port must do, as checks' },
  { path: 'src/app', group: 'app', what: 'settings in, a wired app out; alone sees everything' },
  { path: 'src/agents/claude', group: 'adapter', what: 'Claude Code through the Agent SDK' },
  { path: 'src/agents/scripted', group: 'adapter', what: 'the demo’s agent: a script' },
  {
    path: 'src/connectors/telegram',
    group: 'adapter',
    what: 'the bot: polling, sending within limits, cards',
  },
  { path: 'src/connectors/terminal', group: 'adapter', what: 'the same conversation on a keyboard' },
  { path: 'src/storage', group: 'adapter', what: 'SQLite: one driver file, migrations, one file a store' },
  { path: 'src/git', group: 'adapter', what: 'git for `/git`, without running what a repository names' },
  {
    path: 'src/workflows/test',
    group: 'adapter',
    what: '`/test`: what a project is tested with, and the nine phases',
  },
  { path: 'src/config', group: 'adapter', what: 'defaults, `config.yaml`, `.env`, environment → settings' },
  { path: 'src/log', group: 'adapter', what: 'the log file and the console line' },
  { path: 'src/markdown', group: 'adapter', what: 'what Claude writes → text with entities' },
  { path: 'src/process', group: 'adapter', what: 'child processes; the one place that starts them' },
  { path: 'src/core', group: 'heart', what: 'the conversation: turns, queue, questions, sessions, commands' },
  { path: 'src/core/ports', group: 'heart', what: 'what core asks of the outside, as interfaces' },
  { path: 'src/safety', group: 'heart', what: 'the leash: footprint, sandbox, policy, grants, cards, audit' },
  { path: 'src/util', group: 'all', what: 'clock, log, ids, redaction: no ideas of its own' },
  { path: 'src/errors.ts', group: 'all', what: '`LeashdError`: a code, a sentence, a hint' },
];

/** The folders inside the three big rooms. */
export const INSIDE: Readonly<Record<string, string>> = {
  'src/core/turns': 'one message answered: files, the agent, deadline, outcome',
  'src/core/replies': 'the answer as it grows, and delivered once, over restarts too',
  'src/core/queue': 'what waits, Send now or Wait, what a crash cut off, albums',
  'src/core/prompts': 'questions with buttons, stored before they are shown',
  'src/core/sessions': 'which conversation, in which directories',
  'src/core/modes': '`/plan`, `/edit`, `/default`, and runs that bring rules',
  'src/core/merge': 'merge mode: Claude resolves conflicts, and never commits',
  'src/core/test-runs': 'a run of `/test` and the message that shows it',
  'src/core/budget': 'what a turn and a day may cost',
  'src/core/commands': 'slash commands, one file each; `git/` has those of `/git`',
  'src/core/access': 'who gets in: a list, or pairing',
  'src/core/middleware': 'what an inbound passes before the engine: auth, rate limit',
  'src/core/events': 'what plugins can watch',
  'src/safety/shell': 'bash source → the commands it could run, words as bash resolves them',
  'src/safety/programs': 'what a program does with its words: tables, one file a family',
  'src/safety/footprint': 'a tool call → the commands, files, hosts and acts it comes to',
  'src/safety/sandbox': 'directories, secrets, protected paths, hosts',
  'src/safety/policy': 'YAML rules: reading, deciding, explaining',
  'src/safety/grants': 'what was approved for a while, or for ever',
  'src/safety/modes': 'the narrow rules that a mode brings for its time',
  'src/safety/card': 'what the person sees of a call',
  'src/safety/audit': 'the log that is a chain of hashes',
  'src/safety/gate': 'the gatekeeper: all of the above in order, any fault a denial',
  'src/app/reload': 'new settings and policies into a running leashd, all or nothing',
  'src/app/control': 'one leashd a state folder: lock, control socket, its client',
  'src/app/doctor': '`leashd doctor`: one check a line',
  'src/app/init': '`leashd init`: what it asks, and what it writes',
  'src/app/service': 'leashd as a service of systemd or launchd',
  'src/app/demo': '`leashd demo`',
};
