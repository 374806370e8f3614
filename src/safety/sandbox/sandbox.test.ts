import { rmSync, symlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SafetyProject } from '../../../test/fixtures/safety-project.ts';
import { diskView, rememberingView } from '../file-view.ts';
import { createSandbox } from './sandbox.ts';
import type { Decision, ToolCall } from '../types.ts';

let project: SafetyProject;
beforeAll(() => {
  project = new SafetyProject();
});
afterAll(() => project.remove());

function check(call: ToolCall, alsoReadable: readonly string[] = []): Decision | undefined {
  const sandbox = createSandbox({ ...project.sandbox, alsoReadable }, diskView);
  return sandbox(project.footprint(call), project.context(), rememberingView(diskView));
}

function verdict(call: ToolCall): string {
  const finding = check(call);
  return finding === undefined ? 'fine' : `${finding.action} ${finding.rule}`;
}

describe('the sandbox and the folders where programs are looked for', () => {
  it.each<[string, unknown, string]>([
    ['Write', { file_path: '.venv/bin/git', content: '' }, 'ask program-folder'],
    ['Bash', { command: 'cp src/index.ts .venv/bin/ls' }, 'ask program-folder'],
    ['Bash', { command: 'echo x > linked/ls' }, 'ask program-folder'],
    ['Bash', { command: 'mv src .venv' }, 'ask program-folder'],
    ['Write', { file_path: '.venv/lib/x.py', content: '' }, 'fine'],
    ['Write', { file_path: '.venv/bin/deeper/x', content: '' }, 'fine'],
    ['Read', { file_path: '.venv/bin/ls' }, 'fine'],
    ['Bash', { command: 'prettier --write .' }, 'fine'],
  ])('%s %j: %s', (tool, input, expected) => {
    project.write('.venv/bin/ls', '');
    rmSync(project.path('linked'), { force: true });
    symlinkSync(project.path('.venv/bin'), project.path('linked'));
    const programFolders = ['/usr/bin', project.path('linked'), project.path('gone')];
    const sandbox = createSandbox({ ...project.sandbox, programFolders }, diskView);
    const call = project.call(tool, input);
    const finding = sandbox(project.footprint(call), project.context(), rememberingView(diskView));
    expect(finding === undefined ? 'fine' : `${finding.action} ${finding.rule}`).toBe(expected);
  });
});

describe('the sandbox and the path tools', () => {
  it.each<[string, unknown, string]>([
    ['Read', { file_path: 'src/index.ts' }, 'fine'],
    ['Read', { file_path: '.env.example' }, 'fine'],
    ['Read', { file_path: '.env' }, 'deny secret-files'],
    ['Read', { file_path: '.ENV' }, 'deny secret-files'],
    ['Read', { file_path: '~/.ssh/id_ed25519' }, 'deny secret-files'],
    ['Read', { file_path: '/etc/hosts' }, 'deny outside-directories'],
    ['Read', { file_path: '../notes.txt' }, 'deny outside-directories'],
    ['Read', { file_path: 'way-out/file.txt' }, 'deny outside-directories'],
    ['Read', { file_path: '/dev/null' }, 'deny outside-directories'],
    ['Read', { file_path: '.leashd/audit.jsonl' }, 'deny own-files'],
    ['Read', { file_path: 'my-policy.yaml' }, 'fine'],
    ['Write', { file_path: 'my-policy.yaml', content: '' }, 'deny own-files'],
    ['Write', { file_path: '.leashd/x', content: '' }, 'deny own-files'],
    ['Write', { file_path: 'src/new.ts', content: '' }, 'fine'],
    ['Write', { file_path: 'innocent.txt', content: '' }, 'deny startup-files'],
    ['Write', { file_path: 'way-out/new.txt', content: '' }, 'deny outside-directories'],
    ['Write', { file_path: '.git/hooks/pre-commit', content: '' }, 'deny git-internals'],
    ['Write', { file_path: '.claude/settings.json', content: '' }, 'deny agent-settings'],
    ['Write', { file_path: '.gitattributes', content: '' }, 'ask git-attributes'],
    ['LS', { path: '.leashd' }, 'deny own-files'],
    ['LS', { path: '..' }, 'deny outside-directories'],
    ['Glob', { pattern: '**/*' }, 'fine'],
    ['Glob', { pattern: '../**' }, 'deny outside-directories'],
    ['Glob', { pattern: '/etc/*' }, 'deny outside-directories'],
    ['Grep', { pattern: 'x' }, 'deny secret-files'],
    ['Grep', { pattern: 'x', path: 'src' }, 'fine'],
    ['Grep', { pattern: 'x', glob: '*.ts' }, 'fine'],
    ['Grep', { pattern: 'x', glob: '*.ts .env' }, 'deny secret-files'],
    ['Grep', { pattern: 'x', glob: '.e*' }, 'deny secret-files'],
    ['Grep', { pattern: 'x', glob: '**/.env' }, 'deny secret-files'],
    ['Grep', { pattern: 'x', glob: '**/*.jsonl' }, 'deny secret-files'],
    ['Grep', { pattern: 'x', type: 'ts' }, 'fine'],
    ['Grep', { pattern: 'x', path: '.env' }, 'deny secret-files'],
    ['Grep', { pattern: 'x', path: '~' }, 'deny outside-directories'],
    ['WebFetch', { url: 'https://example.com', prompt: '' }, 'fine'],
    ['WebFetch', { url: 'http://169.254.169.254/latest', prompt: '' }, 'deny metadata-address'],
    ['WebFetch', { url: 'http://2852039166/', prompt: '' }, 'deny metadata-address'],
    ['WebFetch', { url: 'http://localhost:8080', prompt: '' }, 'ask private-address'],
    ['mcp__playwright__browser_navigate', { url: 'http://localhost:3000' }, 'fine'],
    ['mcp__playwright__browser_navigate', { url: 'http://169.254.169.254' }, 'deny metadata-address'],
    ['mcp__playwright__browser_file_upload', { paths: ['../notes.txt'] }, 'deny outside-directories'],
    ['TodoWrite', {}, 'fine'],
  ])('%s %j: %s', (tool, input, expected) => {
    expect(verdict(project.call(tool, input))).toBe(expected);
  });

  it('lets a search through a folder whose secrets git ignores', () => {
    const other = new SafetyProject();
    try {
      other.write('.gitignore', 'node_modules/\n.env\n');
      other.write('.leashd/.gitignore', '*\n');
      const sandbox = createSandbox(other.sandbox, diskView);
      const search = (input: object): Decision | undefined =>
        sandbox(other.footprint(other.call('Grep', { pattern: 'x', ...input })), other.context(), diskView);
      expect(search({})).toBeUndefined();
      expect(search({ glob: '*.ts' })).toBeUndefined();
      // A glob brings back what is ignored.
      for (const glob of ['.env', '**/.env', '*', '**/*'])
        expect(search({ glob })?.rule).toBe('secret-files');
      other.write('.gitignore', '.env\n!.env\n');
      expect(search({})?.rule).toBe('secret-files');
      other.write('.gitignore', '.env\n');
      other.write('packages/a/.env', '');
      expect(search({ path: 'packages/a' })).toBeUndefined();
    } finally {
      other.remove();
    }
  });

  it('opens what the agent may read besides, for reading alone', () => {
    const place = `${project.base}/home/elsewhere`;
    expect(check(project.call('Read', { file_path: `${place}/file.txt` }), [place])).toBeUndefined();
    expect(
      check(project.call('Write', { file_path: `${place}/file.txt`, content: '' }), [place])?.action,
    ).toBe('deny');
  });
});

describe('the sandbox and bash', () => {
  it.each([
    ['cat src/index.ts', 'fine'],
    ['cat ~/.ssh/id_ed25519', 'deny secret-files'],
    ['cat .env', 'deny secret-files'],
    ['base64 .env', 'deny secret-files'],
    ['cat ~/notes.txt', 'deny outside-directories'],
    ['cat /etc/hosts', 'ask outside-directories'],
    ['cat /proc/cpuinfo', 'fine'],
    ['cat /dev/null', 'fine'],
    ['ls /usr/share', 'fine'],
    ['cat way-out/file.txt', 'ask outside-directories'],
    ['echo x > ~/.bashrc', 'deny startup-files'],
    ['echo x > innocent.txt', 'deny startup-files'],
    ['echo x > /tmp/x', 'ask temporary-files'],
    ['echo x > /var/tmp/a/b', 'ask temporary-files'],
    ['rm -r /tmp/x', 'ask temporary-files'],
    ['rm -r /tmp', 'deny outside-directories'],
    ['echo x > out.txt', 'fine'],
    ['echo x > .git/config', 'deny git-internals'],
    ['sort -o ../x README.md', 'deny outside-directories'],
    ['rm README.md', 'fine'],
    ['rm ../notes.txt', 'deny outside-directories'],
    ['rm -r src', 'fine'],
    ['rm -r .', 'deny whole-directory'],
    ['rm -r ..', 'deny outside-directories'],
    ['rm -r .git', 'deny git-internals'],
    ['find . -delete', 'deny whole-directory'],
    [`find . -name '*.log' -delete`, 'ask whole-directory'],
    ['find src -delete', 'fine'],
    ['grep -r x src', 'fine'],
    ['grep -r x .', 'ask secret-files'],
    [`grep -r --include='*.ts' x .`, 'fine'],
    ['rg x', 'fine'],
    ['rg -uu x', 'ask secret-files'],
    ['rg -g .env x', 'ask secret-files'],
    [`rg -g '*.ts' x`, 'fine'],
    // Its one .txt is a link to ~/.bashrc.
    [`find . -name '*.txt' -exec cat {} +`, 'ask secret-files'],
    [`find . -name '*.md' -exec cat {} +`, 'fine'],
    [`find . -name '*.txt' -exec wc -l {} +`, 'fine'],
    [
      `find . ( ! -name a -o -name b ) -exec cat {} +`.replaceAll(/[()]/g, String.raw`\$&`),
      'ask secret-files',
    ],
    ['cat .leashd/audit.jsonl', 'deny own-files'],
    ['find . -type f', 'fine'],
    ['git show HEAD:.env', 'deny secret-files'],
    ['git -C .. status', 'deny outside-directories'],
    ['echo x > /dev/tcp/169.254.169.254/80', 'deny metadata-address'],
    ['ls; cat ~/.ssh/id_ed25519', 'deny secret-files'],
    ['echo $(cat .env)', 'deny secret-files'],
  ])('%s: %s', (command, expected) => {
    expect(verdict(project.bash(command))).toBe(expected);
  });

  it('asks about anything that would run outside', () => {
    const outside = project.call('Bash', { command: 'npm test' }, `${project.base}/home/elsewhere`);
    expect(verdict(outside)).toBe('ask outside-directories');
  });

  it('keeps a repository in a folder that is deleted whole', () => {
    project.write('vendor/lib/.git/config', '');
    expect(verdict(project.bash('rm -r vendor/lib'))).toBe('deny protected-inside');
  });
});
