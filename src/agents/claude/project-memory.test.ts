import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../process/run.ts';
import { MEMORY_LIMIT_BYTES, projectMemory } from './project-memory.ts';

let base: string;
let approved: string;
let directory: string;

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'leashd-memory-')));
  approved = join(base, 'work');
  directory = join(approved, 'shop', 'api');
  await mkdir(directory, { recursive: true });
});
afterEach(async () => rm(base, { recursive: true, force: true }));

async function put(path: string, text: string): Promise<void> {
  const full = join(base, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, text);
}

const read = (): Promise<string> => projectMemory({ directory, approvedDirectories: [approved] });

describe('projectMemory', () => {
  it('is empty for a project without instructions', async () => {
    expect(await read()).toBe('');
  });

  it('collects the known files from the approved directory down, outermost first', async () => {
    await put('work/shop/api/.claude/CLAUDE.md', 'INNER DOT');
    await put('work/shop/api/CLAUDE.md', 'INNER');
    await put('work/shop/api/CLAUDE.local.md', 'LOCAL');
    await put('work/shop/CLAUDE.md', 'MIDDLE');
    await put('work/CLAUDE.md', 'OUTER');
    await put('CLAUDE.md', 'ABOVE');
    await put('work/shop/web/CLAUDE.md', 'BESIDE');
    const memory = await read();
    const order = ['OUTER', 'MIDDLE', 'INNER', 'INNER DOT', 'LOCAL'].map((word) =>
      memory.indexOf(`\n\n${word}`),
    );
    expect(order.every((place) => place > 0)).toBe(true);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(memory).toContain(join(directory, 'CLAUDE.md'));
    expect(memory).not.toMatch(/ABOVE|BESIDE/);
  });

  it('does not follow a link out of the approved directories', async () => {
    await put('home/.ssh/id_rsa', 'SECRET');
    await put('home/notes.md', 'SECRET');
    await symlink(join(base, 'home/.ssh/id_rsa'), join(directory, 'CLAUDE.md'));
    await mkdir(join(directory, '.claude'));
    await symlink(join(base, 'home/notes.md'), join(directory, '.claude', 'CLAUDE.md'));
    expect(await read()).toBe('');
  });

  it('does not follow a folder that is a link out of them', async () => {
    await put('home/claude/CLAUDE.md', 'SECRET');
    await symlink(join(base, 'home/claude'), join(directory, '.claude'));
    expect(await read()).toBe('');
  });

  it('does not take what is no Markdown for instructions', async () => {
    await put('work/shop/api/.env', 'SECRET=1');
    await symlink(join(directory, '.env'), join(directory, 'CLAUDE.md'));
    expect(await read()).toBe('');
  });

  it('follows a link to Markdown inside, once', async () => {
    await put('work/shop/AGENTS.md', 'SHARED');
    await symlink('../AGENTS.md', join(directory, 'CLAUDE.md'));
    await symlink('AGENTS.md', join(approved, 'shop', 'CLAUDE.md'));
    expect((await read()).split('SHARED')).toHaveLength(2);
  });

  it('passes an import on without following it', async () => {
    await put('work/shop/api/extra.md', 'IMPORTED');
    await put('work/shop/api/CLAUDE.md', 'see @extra.md');
    expect(await read()).toContain('see @extra.md');
    expect(await read()).not.toContain('IMPORTED');
  });

  it('takes 64 KiB at most, says that it cut, and cuts no character in two', async () => {
    await put('work/shop/api/CLAUDE.md', `a${'é'.repeat(MEMORY_LIMIT_BYTES)}`);
    await put('work/shop/api/CLAUDE.local.md', 'AFTER');
    const memory = await read();
    expect(Buffer.byteLength(memory)).toBeLessThan(MEMORY_LIMIT_BYTES + 500);
    expect(memory).toContain('[The rest is left out here');
    expect(memory).not.toContain('\uFFFD');
    expect(memory).not.toContain('AFTER');
  });

  it('does not wait for a pipe, and leaves a folder out', async () => {
    const here = { cwd: base, env: { PATH: process.env['PATH'] }, timeoutMs: 5000, maxOutputBytes: 100 };
    await run('mkfifo', [join(directory, 'CLAUDE.md')], here);
    await mkdir(join(directory, '.claude', 'CLAUDE.md'), { recursive: true });
    expect(await read()).toBe('');
  });

  it('reads nothing when the directory is not approved', async () => {
    await put('work/shop/api/CLAUDE.md', 'TEXT');
    const memory = await projectMemory({ directory, approvedDirectories: [join(base, 'other')] });
    expect(memory).toBe('');
  });

  it('is not fooled by a sibling whose name begins alike', async () => {
    await put('work-secret/CLAUDE.md', 'SECRET');
    const memory = await projectMemory({
      directory: join(base, 'work-secret'),
      approvedDirectories: [approved],
    });
    expect(memory).toBe('');
  });
});
