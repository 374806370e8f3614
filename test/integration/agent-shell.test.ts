import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { query } from '@anthropic-ai/claude-agent-sdk';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { agentShell } from '../../src/agents/claude/agent-shell.ts';
import { collectTurn, createClaudeStage, type ClaudeStage } from '../fixtures/claude-stage.ts';
import { message, text, toolUse, useTool } from '../fixtures/messages-api/reply.ts';

// The shell in which the real `claude` runs the agent's commands, for a person whose start-up files and variables
// bend all that they can.

let stage: ClaudeStage;
let environment: Record<string, string>;
beforeEach(async () => {
  stage = await createClaudeStage();
  const { home } = stage.home;
  const bent = (file: string): string => `
    echo "read ${file}" >> "${home}/start-up-files"
    shopt -s expand_aliases extglob globstar nullglob dotglob
    alias ls='echo bent ls'
    alias echo='echo bent'
    git() { echo bent git; }
    cat() { echo bent cat; }
    cd() { builtin cd /; }
    command_not_found_handle() { echo bent missing; }
    export PROMPT_COMMAND='echo bent' CDPATH=/usr BENT=${file}
    export -f git
    export PATH="${home}/bin:$PATH"
    set -o noclobber -o pipefail
  `;
  for (const name of ['.bashrc', '.bash_profile', '.bash_login', '.profile', '.zshrc', '.zshenv', 'env.sh']) {
    await writeFile(join(home, name), bent(name));
  }
  await writeFile(join(home, '.bash_logout'), `echo "read .bash_logout" >> "${home}/start-up-files"`);
  await mkdir(join(home, 'bin'));
  for (const name of ['date', 'wrap']) {
    await writeFile(join(home, 'bin', name), `#!/bin/sh\necho bent ${name}\n`);
    await chmod(join(home, 'bin', name), 0o755);
  }
  for (const name of ['a.ts', '.hidden.ts']) await writeFile(join(stage.home.project, name), '');
  environment = {
    ...stage.home.environment,
    SHELL: '/bin/bash',
    BASH_ENV: join(home, 'env.sh'),
    ENV: join(home, 'env.sh'),
    'BASH_FUNC_ls%%': '() {  builtin echo bent function ls\n}',
    BASHOPTS: 'dotglob:expand_aliases:extglob:globstar:nullglob',
    PROMPT_COMMAND: 'builtin echo bent',
    CDPATH: '/usr',
    CLAUDE_ENV_FILE: join(home, 'env.sh'),
  };
});
afterEach(async () => stage.dispose());

const COMMANDS = {
  kinds: 'builtin type -t ls git cat cd echo date find grep pgrep pkill command_not_found_handle; true',
  functions: 'builtin declare -F; builtin alias',
  shell: 'builtin echo "$BASH_VERSION $SHELL"; command ps -o args= -p $$ | command head -c 38',
  options: 'builtin shopt -p extglob globstar nullglob dotglob nocaseglob failglob login_shell; true',
  flags: 'set -o | command awk \'$2 == "on" { print $1 }\'',
  variables:
    'builtin echo "[$BASH_ENV$ENV$PROMPT_COMMAND$CDPATH$GLOBIGNORE$BENT$CLAUDE_ENV_FILE]"; builtin echo "$PATH"',
  words: 'builtin echo *.ts **/*.none',
  child: "command bash -c 'builtin type -t ls git; builtin echo [$BENT$CDPATH]'",
  place: 'cd bin 2>/dev/null; builtin pwd',
  leaving: 'exit 0',
} as const;

const CLEAN = {
  kinds: 'file\nfile\nfile\nbuiltin\nbuiltin\nfile\nfile\nfile\nfile\nfile',
  functions: '(Bash completed with no output)',
  shell: expect.stringMatching(
    new RegExp(`^\\d+\\.\\d+\\S* ${agentShell()}\\n/bin/bash --noprofile --norc -p -c `),
  ) as string,
  options: ['extglob', 'globstar', 'nullglob', 'dotglob', 'nocaseglob', 'failglob', 'login_shell']
    .map((name) => `shopt -u ${name}`)
    .join('\n'),
  flags: 'braceexpand\nhashall\ninteractive-comments\nprivileged',
  variables: '[]\n/usr/local/bin:/usr/bin:/bin',
  words: 'a.ts **/*.none',
  child: 'file\nfile\n[]',
  leaving: '(Bash completed with no output)',
};

/** What each of these commands printed, by its name. */
async function printed(run: () => Promise<unknown>): Promise<Record<string, string>> {
  const calls = Object.entries(COMMANDS).map(([name, command]) => ({ name, id: `toolu_${name}`, command }));
  for (const { id, command } of calls) stage.api.enqueue(message([toolUse('Bash', { command }, id)]));
  stage.api.enqueue(text('Done.'));
  await run();
  return Object.fromEntries(calls.map(({ name, id }) => [name, stage.api.lastToolResult(id)?.text ?? '']));
}

const startUpFiles = (): string => join(stage.home.home, 'start-up-files');

describe('the shell of the agent’s commands', () => {
  it('is bash as the gate reads it, without anything of the person’s start-up files and variables', async () => {
    const seen = await printed(async () =>
      collectTurn(stage.open({ maxTurns: 20 }, { environment }), 'look'),
    );
    expect(seen).toEqual({ ...CLEAN, place: stage.home.project });
    expect(existsSync(startUpFiles())).toBe(false);
  });

  it('stays so when the person’s Claude Code settings bend it', async () => {
    const { home, config } = stage.home;
    const env = {
      BASH_ENV: join(home, 'env.sh'),
      CLAUDE_ENV_FILE: join(home, 'env.sh'),
      CLAUDE_CODE_SHELL: '/bin/bash',
      CLAUDE_CODE_SHELL_PREFIX: join(home, 'bin', 'wrap'),
      CDPATH: '/usr',
      PROMPT_COMMAND: 'echo bent',
    };
    await writeFile(join(config, 'settings.json'), JSON.stringify({ env }));
    const seen = await printed(async () =>
      collectTurn(stage.open({ maxTurns: 20 }, { environment }), 'look'),
    );
    expect(seen).toEqual({ ...CLEAN, place: stage.home.project });
    expect(existsSync(startUpFiles())).toBe(false);
  });

  it('is the same for what runs on in the background', async () => {
    const told = (name: string): string =>
      `builtin type -t ls git cat >${name}.part; mv ${name}.part ${name}`;
    const description = 'd';
    stage.api.enqueue(
      useTool('Bash', { command: told('bash.txt'), description, run_in_background: true }),
      text('Started.'),
      text('Ended.'),
    );
    await collectTurn(stage.open({}, { environment }), 'start');
    const file = join(stage.home.project, 'bash.txt');
    await vi.waitFor(() => expect(existsSync(file)).toBe(true), { timeout: 10_000 });
    expect(await readFile(file, 'utf8')).toBe('file\nfile\nfile\n');
    expect(existsSync(startUpFiles())).toBe(false);
  });
});

describe('plain /bin/bash under the Agent SDK (so that the tests above can fail)', () => {
  it('has the person’s aliases, functions and options', async () => {
    const { BASH_ENV: _, CLAUDE_ENV_FILE: __, ...env } = environment;
    const hook = () =>
      Promise.resolve({
        hookSpecificOutput: {
          hookEventName: 'PreToolUse' as const,
          permissionDecision: 'allow' as const,
        },
      });
    const seen = await printed(async () => {
      const claude = query({
        prompt: 'look',
        options: {
          cwd: stage.home.project,
          env: { ...env, CLAUDE_CODE_SHELL: '/bin/bash' },
          hooks: { PreToolUse: [{ hooks: [hook] }] },
        },
      });
      for await (const _message of claude);
    });
    expect(seen['kinds']).toContain('alias\nfunction\nfunction\nfunction\nalias');
    expect(seen['options']).toContain('shopt -s globstar\nshopt -s nullglob\nshopt -s dotglob');
    expect(seen['flags']).toContain('noclobber');
    expect(seen['child']).toContain('function');
    expect(existsSync(startUpFiles())).toBe(true);
  });
});
