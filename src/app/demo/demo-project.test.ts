import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { run, type RunResult } from '../../process/run.ts';
import { demoEnvironment } from './demo-environment.ts';
import { appEdit, demoFiles, testEdit } from './demo-files.ts';
import { createDemoProject, type DemoProject } from './demo-project.ts';

const made: DemoProject[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const project of made.splice(0)) await project.remove();
});

async function make(): Promise<DemoProject> {
  const project = await createDemoProject();
  made.push(project);
  return project;
}

function runIn({ directory }: DemoProject, file: string, ...args: readonly string[]): Promise<RunResult> {
  return run(file, args, {
    cwd: directory,
    env: demoEnvironment(),
    timeoutMs: 15_000,
    maxOutputBytes: 100_000,
  });
}

describe('the demo’s project', () => {
  it('is a clean git project with a remote that has the same commit', async () => {
    const project = await make();
    expect((await runIn(project, 'git', 'status', '--porcelain', '--branch')).stdout).toBe(
      '## main...origin/main\n',
    );
    const [here, there] = [
      await runIn(project, 'git', 'rev-parse', 'main'),
      await runIn(project, 'git', 'ls-remote', 'origin', 'refs/heads/main'),
    ];
    expect(there.stdout).toBe(`${here.stdout.trim()}\trefs/heads/main\n`);
  });

  it('keeps its secret out of git, and has no health check', async () => {
    const project = await make();
    const tracked = (await runIn(project, 'git', 'ls-files')).stdout.trim().split('\n');
    expect(tracked).toEqual(
      Object.keys(demoFiles)
        .filter((name) => name !== '.env')
        .sort(),
    );
    expect(await readFile(join(project.directory, '.env'), 'utf8')).toContain('no-real-key');
    expect(await readFile(join(project.directory, 'src/app.js'), 'utf8')).not.toContain('health');
  });

  it('has tests that pass, before and after both edits, and fail when only the test is edited', async () => {
    const project = await make();
    const apply = async (path: string, { from, to }: typeof appEdit): Promise<void> => {
      const file = join(project.directory, path);
      const text = await readFile(file, 'utf8');
      expect(text.split(from)).toHaveLength(2);
      await writeFile(file, text.replace(from, to));
    };
    expect((await runIn(project, 'node', '--test')).exitCode).toBe(0);
    await apply('test/app.test.js', testEdit);
    expect((await runIn(project, 'node', '--test')).exitCode).toBe(1);
    await apply('src/app.js', appEdit);
    expect((await runIn(project, 'node', '--test')).exitCode).toBe(0);
  });

  it('says what it needs when the temporary folder can’t be written to', async () => {
    const project = await make();
    vi.stubEnv('TMPDIR', join(project.directory, 'no-such-folder'));
    await expect(createDemoProject()).rejects.toMatchObject({
      fault: 'machine',
      code: 'DEMO_PROJECT',
      hint: expect.stringContaining('temporary folder') as string,
    });
  });

  it('is gone after remove, however often', async () => {
    const project = await make();
    await project.remove();
    await project.remove();
    await expect(access(join(project.directory, '..'))).rejects.toThrow('ENOENT');
  });
});
