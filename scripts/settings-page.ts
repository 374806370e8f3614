import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeDefault } from '../src/config/describe-settings.ts';
import { settingGroups, settingKeys, settingTable, type SettingKey } from '../src/config/settings.ts';

const PAGE = fileURLToPath(new URL('../docs/configuration.md', import.meta.url));

const INTRO = `# Configuration

<!-- Made from src/config/settings.ts by \`npm run docs\`. Changes made here by hand are lost. -->

leashd runs without any settings: it then opens in the terminal, on the directory you started it in. To reach it
from your phone, run \`leashd init\` ([what it asks](operating.md#init)), or set the [essentials](#essentials) yourself.

\`leashd config\` prints every setting, its value and where that came from. Secrets are masked.

## Where settings come from

Four places. When two of them set the same thing, the one further down wins:

1. the defaults on this page
2. \`~/.leashd/config.yaml\`: for everything you start on this machine; \`leashd init\` writes it
3. \`.env\` in the directory you start leashd in
4. environment variables

In \`config.yaml\` a setting has its name in lower case and without \`LEASHD_\`: \`LEASHD_MAX_TURNS\` is
\`max_turns\`. Lists may be YAML lists.

\`\`\`yaml
# ~/.leashd/config.yaml
approved_directories:
  - ~/code/shop
  - ~/code/blog
telegram_bot_token: '123456:your-token-from-BotFather'
allowed_user_ids: [981234567]
approval_timeout_seconds: 600
mcp_servers:
  browser:
    command: npx
    args: ['@playwright/mcp', '--headless']
\`\`\`

A file with your bot token in it is for your eyes only: \`chmod 600 ~/.leashd/config.yaml .env\`. leashd tells
you when others on the machine may open it.

An empty variable (\`LEASHD_MAX_TURNS=\`) counts as not set. A wrong value, or a \`LEASHD_\` name that does not
exist, stops leashd before it starts. It lists everything that is wrong at once, with file and line:

\`\`\`
2 settings are wrong:
  .env:3 LEASHD_MAX_TURN: no setting has this name; did you mean LEASHD_MAX_TURNS?
  environment LEASHD_LOG_LEVEL: expected DEBUG, INFO, WARNING or ERROR, got "inof"; did you mean INFO?
\`\`\`

**Changed something while leashd runs?** \`leashd reload\` takes it, and names what [waits for a restart](operating.md#reload).

**Somebody else's project?** leashd reads the \`.env\` of the directory you start it in. When the agent may work in
that directory, leashd tells you which settings the file makes. Make sure that you wrote them. A \`.leashd\` there that
is a link is refused: it would have leashd write elsewhere.

## Paths

A relative path starts from the directory you started leashd in, wherever the setting stands. \`~\` is your home
directory. Approved directories are followed through symbolic links to where they really are.

## Where leashd keeps its files

| File | What it is | Setting |
| --- | --- | --- |
| \`.leashd/messages.db\` | sessions, messages, open questions, grants | \`LEASHD_STORAGE_PATH\` |
| \`.leashd/audit.jsonl\` | every tool call and what was decided; full ones are \`audit-<time>-<number>.jsonl\` beside it | \`LEASHD_AUDIT_LOG_PATH\` |
| \`.leashd/logs/app.log\` | the log, as JSON lines | \`LEASHD_LOG_DIR\` |
| \`~/.leashd/config.yaml\` | your settings | – |
| \`~/.leashd/workspaces.yaml\` | your [workspaces](conversation.md#directories-and-workspaces) | \`LEASHD_STATE_DIR\` |
| \`~/.leashd/rules/\` | the rules you made with *Always*, one file a directory | \`LEASHD_STATE_DIR\` |
| \`~/.leashd/owner-<bot id>.json\` | who that bot’s owner is, after pairing | \`LEASHD_STATE_DIR\` |

The agent can't touch any of them, nor \`.env\`, wherever you put them, and whatever you approve. Where leashd was started in
a project, that is its whole folder \`.leashd\`: it can't be written, moved, deleted, cleaned away by git or put into a commit,
also when you approve it. A command that would read it along with a whole folder (\`grep -r x .\`) is put to you. A program
that you let run is held back by the [OS sandbox](safety.md#the-operating-systems-sandbox) alone.

## Who gets in: pairing

With a bot token and no \`LEASHD_ALLOWED_USER_IDS\`, leashd starts in *pairing*: nobody is served until you prove
that you sit at the machine.

1. leashd prints a one-time code in its terminal.
2. Open a private chat with your bot and send \`/start CODE\`.
3. You are the owner from now on, after a restart too.

After five wrong codes pairing is over, until you start leashd again.

To change the owner, stop leashd, delete \`owner-<bot id>.json\` in \`~/.leashd\` (the bot's id is what its token begins
with, before the colon), and start leashd: it pairs again. Each bot has an owner of its own.

The original leashd let *anyone* use the bot while the list was empty. This one is stricter on purpose: whoever
finds the bot could otherwise run programs on your machine. If you do want that, set \`LEASHD_ALLOWED_USER_IDS=*\`;
leashd warns you at every start.
`;

const GROUP_INTROS: Readonly<Record<(typeof settingGroups)[number], string>> = {
  essentials: 'What you need to work from your phone.',
  agent: 'How Claude Code works for you.',
  safety:
    'What passes by itself, what waits for you, and what never happens. See the policies for the rules.',
  people: 'How much one person may ask for.',
  'storage and logs': 'What is written to disk, and where.',
  streaming: 'How answers appear in Telegram.',
  telegram: 'Where the bot connects to.',
};

/** docs/configuration.md as it has to be. */
export function renderSettingsPage(): string {
  const groups = settingGroups.map((group) => {
    const keys = settingKeys.filter((key) => settingTable[key].group === group);
    const title = group.charAt(0).toUpperCase() + group.slice(1);
    return [`## ${title}`, GROUP_INTROS[group], ...keys.map(renderSetting)].join('\n\n');
  });
  return `${[INTRO.trimEnd(), ...groups].join('\n\n')}\n`;
}

function renderSetting(key: SettingKey): string {
  const { env, schema, description } = settingTable[key];
  const value = describeDefault(key);
  const isPlain = 'defaultText' in settingTable[key] || value === 'none';
  const accepted = `Takes ${schema.description ?? 'text'}.`;
  return `### \`${env}\`\n\n${description}\n\n${accepted} Default: ${isPlain ? value : `\`${value}\``}.`;
}

/** What is wrong with the page at that path, or undefined. */
export function findStaleness(page: string): string | undefined {
  let current: string | undefined;
  try {
    current = readFileSync(page, 'utf8');
  } catch {
    return `${page} can't be read; run "npm run docs" to write it.`;
  }
  if (current === renderSettingsPage()) return undefined;
  return `${page} does not say what src/config/settings.ts says; run "npm run docs" to write it anew.`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problem = process.argv.includes('--check') ? findStaleness(PAGE) : undefined;
  if (problem !== undefined) {
    console.error(problem);
    process.exitCode = 1;
  } else if (!process.argv.includes('--check')) {
    writeFileSync(PAGE, renderSettingsPage());
  }
}
