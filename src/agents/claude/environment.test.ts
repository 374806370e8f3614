import { describe, expect, it } from 'vitest';
import { agentShell } from './agent-shell.ts';
import { agentEnvironment } from './environment.ts';

const added = {
  DISABLE_AUTOUPDATER: '1',
  CLAUDE_AGENT_SDK_CLIENT_APP: 'leashd',
  CLAUDE_CODE_SHELL: agentShell(),
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'safe.bareRepository',
  GIT_CONFIG_VALUE_0: 'explicit',
  GIT_CONFIG_KEY_1: 'core.fsmonitor',
  GIT_CONFIG_VALUE_1: 'false',
};
const none = { secrets: [] };

describe('agentEnvironment', () => {
  it('keeps the person’s own variables', () => {
    const own = {
      HOME: '/home/ann',
      PATH: '/usr/bin:/home/ann/node_modules/.bin',
      NODE: '/opt/node',
      ANTHROPIC_API_KEY: 'key',
      CLAUDE_CONFIG_DIR: '/home/ann/.config/claude',
    };
    expect(agentEnvironment(own, none)).toEqual({ ...own, ...added });
  });

  it('leaves out what npm added to run leashd', () => {
    const env = {
      PATH: [
        '/home/ann/leashd/node_modules/.bin',
        '/home/ann/node_modules/.bin',
        '/home/node_modules/.bin',
        '/node_modules/.bin',
        '/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin',
        '/home/ann/bin',
        '/usr/bin',
      ].join(':'),
      npm_execpath: '/usr/lib/npm.js',
      npm_config_registry: 'https://registry.example',
      npm_package_json: '/home/ann/leashd/package.json',
      npm_node_execpath: '/usr/bin/node',
      NPM_CONFIG_X: '1',
      NODE: '/usr/bin/node',
      INIT_CWD: '/home/ann/leashd/docs',
      EDITOR: 'vi',
      COLOR: '0',
    };
    expect(agentEnvironment(env, none)).toEqual({ PATH: '/home/ann/bin:/usr/bin', ...added });
  });

  it('finds no program in whatever directory a command runs in', () => {
    expect(agentEnvironment({ PATH: '.:./node_modules/.bin:/usr/bin:' }, none)['PATH']).toBe('/usr/bin');
  });

  it('keeps an editor and a node_modules/.bin of the person’s own, under npm too', () => {
    const env = {
      npm_lifecycle_event: 'start',
      npm_package_json: '/p/package.json',
      EDITOR: 'nano',
      PATH: '/p/node_modules/.bin:/node_modules/.bin:/other/node_modules/.bin:/p/node_modules/.bin:/bin',
    };
    expect(agentEnvironment(env, none)).toEqual({
      EDITOR: 'nano',
      PATH: '/other/node_modules/.bin:/p/node_modules/.bin:/bin',
      ...added,
    });
  });

  it('keeps another NODE than npm’s own', () => {
    const env = { npm_execpath: 'x', npm_node_execpath: '/usr/bin/node', NODE: '/opt/node' };
    expect(agentEnvironment(env, none)['NODE']).toBe('/opt/node');
  });

  it('adds its git settings behind the person’s own', () => {
    const own = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'user.name', GIT_CONFIG_VALUE_0: 'Ann' };
    expect(agentEnvironment(own, none)).toMatchObject({
      GIT_CONFIG_COUNT: '3',
      GIT_CONFIG_KEY_0: 'user.name',
      GIT_CONFIG_KEY_1: 'safe.bareRepository',
      GIT_CONFIG_KEY_2: 'core.fsmonitor',
    });
  });

  it('leaves out leashd’s settings', () => {
    const env = { LEASHD_TELEGRAM_BOT_TOKEN: '1:a', leashd_x: '1', LEASH: 'kept' };
    expect(agentEnvironment(env, none)).toEqual({ LEASH: 'kept', ...added });
  });

  it('leaves out every variable that has a secret in its value, encoded for a URL too', () => {
    const env = {
      BOT: '123:abc',
      URL: 'https://api.example/bot123:abc/send',
      ENCODED: 'https://api.example/?t=123%3Aabc',
      OTHER: '123',
    };
    expect(agentEnvironment(env, { secrets: ['123:abc', ''] })).toEqual({ OTHER: '123', ...added });
  });

  it('does not pass on that leashd itself runs inside Claude Code', () => {
    const env = { CLAUDECODE: '1', CLAUDE_CODE_ENTRYPOINT: 'cli', CLAUDE_CODE_SSE_PORT: '1' };
    expect(agentEnvironment(env, none)).toEqual(added);
  });

  it.each([
    ['BASH_ENV', '/home/ann/.env.sh'],
    ['ENV', '/home/ann/.env.sh'],
    ['BASH_FUNC_ls%%', '() {  rm -rf "$@"\n}'],
    ['BASH_FUNC_ls()', '() {  rm -rf "$@"\n}'],
    ['__BASH_FUNC<ls>()', '() {  rm -rf "$@"\n}'],
    ['ls', '() { rm -rf "$@"; }'],
    ['PROMPT_COMMAND', 'date'],
    ['PS4', '$(date)'],
    ['CDPATH', '/elsewhere'],
    ['GLOBIGNORE', '*.ts'],
    ['EXECIGNORE', '/usr/bin/git'],
    ['SHELLOPTS', 'xtrace'],
    ['BASHOPTS', 'extglob'],
    ['BASH_COMPAT', '31'],
    ['POSIXLY_CORRECT', '1'],
    ['CLAUDE_CODE_SHELL_PREFIX', '/home/ann/bin/wrap'],
    ['CLAUDE_ENV_FILE', '/home/ann/env.sh'],
    ['CLAUDE_CODE_SHELL', '/bin/zsh'],
  ])('keeps %s from changing how a command is read', (name, value) => {
    expect(agentEnvironment({ [name]: value }, none)).toEqual(added);
  });

  it('leaves updates to whoever installed Claude Code', () => {
    expect(agentEnvironment({ DISABLE_AUTOUPDATER: '0' }, none)['DISABLE_AUTOUPDATER']).toBe('1');
  });
});
