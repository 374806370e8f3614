import { describe, expect, it } from 'vitest';
import { diskView } from '../file-view.ts';
import { alwaysAsked, OwnFiles, writeProtection } from './protected-paths.ts';

describe('writeProtection', () => {
  it.each([
    ['/p/.git', 'git-internals'],
    ['/p/.git/config', 'git-internals'],
    ['/p/.GIT/hooks/pre-commit', 'git-internals'],
    ['/p/sub/.git/info/attributes', 'git-internals'],
    ['/p/.g\u200Cit/config', 'git-internals'],
    ['/p/.claude/settings.json', 'agent-settings'],
    ['/p/.claude/settings.local.json', 'agent-settings'],
    ['/p/.claude/hooks/x.sh', 'agent-settings'],
    ['/p/.claude/agents/x.md', 'agent-settings'],
    ['/p/.claude/commands/x.md', 'agent-settings'],
    ['/p/.claude/skills/x/SKILL.md', 'agent-settings'],
    ['/p/.Claude/Skills', 'agent-settings'],
    ['/p/.mcp.json', 'agent-settings'],
    ['/h/.bashrc', 'startup-files'],
    ['/h/.zshenv', 'startup-files'],
    ['/h/.config/fish/config.fish', 'startup-files'],
    ['/h/.gitconfig', 'personal-settings'],
    ['/h/.ssh/authorized_keys', 'personal-settings'],
    ['/h/.config/systemd/user/x.service', 'system-files'],
    ['/h/Library/LaunchAgents/x.plist', 'system-files'],
    ['/etc/cron.d/x', 'system-files'],
    ['/var/spool/cron/ada', 'system-files'],
  ])('keeps %s from being written', (path, rule) => {
    expect(writeProtection(path)?.rule).toBe(rule);
  });

  it.each([
    '/p/src/index.ts',
    '/p/.gitignore',
    '/p/.github/workflows/ci.yml',
    '/p/.claude/plans/x.md',
    '/p/CLAUDE.md',
    '/p/git/config',
    '/p/etc/x',
    '/p/docs/.bashrc.md',
  ])('leaves %s alone', (path) => {
    expect(writeProtection(path)).toBeUndefined();
  });

  it.each([
    ['/p/.gitattributes', 'git-attributes'],
    ['/p/.gitmodules', 'git-attributes'],
    ['/p/.husky/pre-commit', 'run-later'],
    ['/p/.vscode/tasks.json', 'run-later'],
    ['/p/.envrc', 'run-later'],
    ['/p/lefthook.yml', 'run-later'],
    ['/p/mise.toml', 'run-later'],
    ['/p/.devcontainer.json', 'run-later'],
    ['/p/.yarnrc.yml', 'run-later'],
    ['/p/x.code-workspace', 'run-later'],
    ['/p/.idea/workspace.xml', 'run-later'],
    ['/p/.cargo/config.toml', 'run-later'],
    ['/p/src/a.ts', undefined],
  ])('always asks about %s: %s', (path, rule) => {
    expect(alwaysAsked(path)?.rule).toBe(rule);
  });
});

describe('OwnFiles', () => {
  const own = new OwnFiles(
    { untouchable: ['/x/.leashd', '/x/m.db', '/x/.env'], unwritable: ['/x/policy.yaml'] },
    '/h',
    diskView,
  );

  it('keeps files, all below folders, and the companions of a database', () => {
    const kept = ['/x/.leashd', '/x/.LEASHD/audit.jsonl', '/x/m.db', '/x/m.db-wal', '/x/m.db-shm'];
    const others = ['/x/.leashd2', '/x/m.dbx', '/x/.env.example', '/x/policy.yaml', '/x'];
    expect([...kept, ...others].filter((path) => own.isUntouchable(path))).toEqual(kept);
    expect(own.isUnwritable('/x/policy.yaml')).toBe(true);
    expect(own.isUnwritable('/x/m.db-journal')).toBe(true);
    expect(own.isUnwritable('/x/a.ts')).toBe(false);
  });

  it('keeps the lock of the audit log, and its files that were full', () => {
    const audit = new OwnFiles({ untouchable: ['/x/audit.jsonl'], unwritable: [] }, '/h', diskView);
    const kept = ['/x/audit.jsonl', '/x/audit.jsonl.lock', '/x/Audit-20260131T142530Z-12.jsonl'];
    const others = [
      '/x/audit-report.jsonl',
      '/x/audit-20260131T142530Z-1.json',
      '/y/audit-20260131T142530Z-1.jsonl',
    ];
    expect([...kept, ...others].filter((path) => audit.isUntouchable(path))).toEqual(kept);
  });

  it('knows which of them lie below a folder', () => {
    expect(own.untouchableBelow('/x')).toEqual(['/x/.leashd', '/x/m.db', '/x/.env']);
    expect(own.unwritableBelow('/')).toHaveLength(4);
    expect(own.untouchableBelow('/y')).toEqual([]);
  });
});
