import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SafetyProject } from '../../../test/fixtures/safety-project.ts';
import { diskView, rememberingView } from '../file-view.ts';
import { createSandbox } from './sandbox.ts';

let project: SafetyProject;
let folder: string;
beforeAll(() => {
  project = new SafetyProject();
  // Where installed programs lie: a person may be asked to let the agent read there.
  project.write('../../../opt/leashd/dist/cli/main.js', '#!/usr/bin/env node\n');
  project.write('../../../opt/leashd/package.json', '{}\n');
  folder = join(project.base, 'opt/leashd');
  project.write('node_modules/.bin/other', '');
  symlinkSync(join(folder, 'dist/cli/main.js'), project.path('node_modules/.bin/leashd'));
  symlinkSync(join(folder, 'dist/cli/main.js'), project.path('harmless'));
  symlinkSync(folder, project.path('folder'));
});
afterAll(() => project.remove());

function verdict(command: string, directories: readonly string[] = [project.directory]): string {
  const ownProgram = {
    folder,
    pid: 4242,
    commandLine: `node /usr/bin/node ${folder}/dist/cli/main.js start -f`,
  };
  const ownPaths = { untouchable: [join(project.home, '.leashd')], unwritable: [folder] };
  const sandbox = createSandbox({ home: project.home, ownPaths, ownProgram }, diskView);
  const context = { ...project.context(), directories };
  const finding = sandbox(project.footprint(project.bash(command)), context, rememberingView(diskView));
  return finding === undefined ? 'fine' : `${finding.action} ${finding.rule}, ${finding.risk}`;
}

describe('leashd and the agent that it holds', () => {
  it.each([
    'leashd stop',
    'leashd',
    'leashd reload && echo done',
    'npx leashd stop',
    'npx -y leashd@latest stop',
    'npm exec -- leashd stop',
    'pnpm dlx leashd stop',
    '/usr/local/bin/leashd stop',
    'command leashd stop',
    'env -i leashd stop',
    `bash -c 'leashd stop'`,
    `'lea'shd stop`,
    'L=leashd; $L stop',
    'echo | xargs leashd stop',
    'timeout 5 leashd restart',
    './node_modules/.bin/leashd stop',
    './harmless stop',
    'node harmless stop',
    'node folder/dist/cli/main.js stop',
    'bash folder/dist/cli/main.js',
    'FOLDER/dist/cli/main.js stop',
    'node FOLDER/dist/cli/main.js',
    'node --import=FOLDER/dist/cli/main.js x.js',
    'npm --prefix FOLDER -s start -- stop',
    'npm --prefix=folder start',
    'npm -C FOLDER start',
    'kill 4242',
    'kill -9 -4242',
    'kill -s KILL 04242',
    'pkill leashd',
    'pkill -f leashd',
    'killall leashd',
    'systemctl --user stop leashd',
    `systemctl --user stop '*'`,
    'launchctl kickstart -k gui/501/leashd',
  ])('never: %s', (command) => {
    expect(verdict(command.replaceAll('FOLDER', folder))).toBe('deny own-program, critical');
  });

  it.each([
    `echo '{"method":"stop"}' | nc -U ~/.leashd/leashd.sock`,
    'nc ~/.leashd/leashd.sock -U',
    'nc -lU ../.leashd/leashd.sock',
    'socat - UNIX-CONNECT:$HOME/.leashd/leashd.sock',
    'socat - unix-client:../.leashd/leashd.sock,retry=2',
    'curl --unix-socket ~/.leashd/leashd.sock http://x/',
    'curl -s --unix-socket ../.leashd/leashd.sock x',
    'redis-cli -s ~/.leashd/leashd.sock ping',
  ])('never over its socket: %s', (command) => {
    const inFull = command.replaceAll('$HOME', project.home);
    expect(verdict(inFull)).toBe('deny own-files, critical');
  });

  it.each([
    'kill $(pgrep -f leashd)',
    'pgrep -f leashd | xargs kill',
    `ps aux | grep leashd | awk '{print $2}' | xargs kill -9`,
    'kill -9 -1',
    'pkill node',
    'killall node',
    'pkill -f dist/cli/main.js',
    'pkill -f .',
    `pkill -f 'n.de'`,
    'pkill -u ada',
    'killall5',
  ])('asks in earnest: %s', (command) => {
    expect(verdict(command)).toBe('ask own-process, high');
  });

  it.each([
    'echo leashd stop | bash',
    'yarn leashd stop',
    `npx -c 'leashd stop'`,
    'tmux new -d leashd restart',
    'busctl --user call a.b /c d StopUnit ss leashd.service replace',
  ])('asks where it can not tell: %s', (command) => {
    expect(verdict(command)).toBe('ask own-program, high');
  });

  it.each([
    'leashd --version',
    'leashd policy check ls',
    'pgrep -fa leashd',
    'systemctl --user status leashd',
    'kill 1234',
    'kill -1 1234',
    'pkill -f vite',
    'pkill -9 -f playwright',
    'npm test',
    'git commit -m "leashd stop"',
    'grep -rn leashd src',
    'node src/index.ts',
  ])('leaves to the policy: %s', (command) => {
    expect(verdict(command)).toBe('fine');
  });

  it('lets who works on leashd run its tools, and not leashd', () => {
    const inside = (command: string): string => verdict(command, [project.directory, folder]);
    expect(inside(`cd ${folder} && npm test`)).toBe('fine');
    expect(inside(`npm --prefix ${folder} test`)).toBe('fine');
    expect(inside(`node ${folder}/dist/cli/main.js stop`)).toBe('deny own-program, critical');
  });
});
