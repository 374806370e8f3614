import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/process/run.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PATIENCE_MS = 15_000;

/** The code blocks of the page that name a file in their first line. */
async function examplesOf(page: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(ROOT, page), 'utf8');
  const blocks = text.matchAll(/^```(?:ts|yaml)\n(?:\/\/|#) (\S+)\n([^]*?)^```$/gm);
  return new Map([...blocks].map(([, name = '', code = '']) => [name, code]));
}

describe('docs/extending.md', () => {
  let folder: string;
  const environment = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], HOME: join(folder, 'home') });

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'leashd-extending-')));
    const places: Record<string, string> = {
      '~/.leashd/config.yaml': 'home/.leashd/config.yaml',
      'careful.ts': 'home/.leashd/plugins/careful.ts',
    };
    for (const [name, code] of await examplesOf('docs/extending.md')) {
      const file = join(folder, places[name] ?? join('own', name));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, code);
    }
    await mkdir(join(folder, 'project'));
    // leashd as its authors' readers have it, from the sources.
    const installed = join(folder, 'node_modules', 'leashd');
    await mkdir(installed, { recursive: true });
    await symlink(join(ROOT, 'src'), join(installed, 'src'));
    const { exports } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      exports: Record<string, { default: string }>;
    };
    const sources = Object.entries(exports).map(([name, { default: built }]) => [
      name,
      built.replace('./dist/', './src/').replace(/\.js$/, '.ts'),
    ]);
    const manifest = { name: 'leashd', type: 'module', exports: Object.fromEntries(sources) as unknown };
    await writeFile(join(installed, 'package.json'), JSON.stringify(manifest));
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('has examples that fit the types', async () => {
    const compilerOptions = {
      strict: true,
      noEmit: true,
      target: 'es2023',
      lib: ['es2024'],
      module: 'nodenext',
      allowImportingTsExtensions: true,
      verbatimModuleSyntax: true,
      erasableSyntaxOnly: true,
      skipLibCheck: true,
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules', '@types')],
    };
    const config = { compilerOptions, include: ['own', 'home/.leashd/plugins'] };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
    const { exitCode, stdout } = await run(tsc, ['-p', folder], {
      cwd: folder,
      env: { PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` },
      timeoutMs: 60_000,
      maxOutputBytes: 100_000,
    });
    expect([exitCode, stdout]).toEqual([0, '']);
  }, 60_000);

  it('has a connector, a store and an agent that keep their contracts', async () => {
    const { exitCode, stdout } = await run(process.execPath, ['--test', 'own/contracts.test.ts'], {
      cwd: folder,
      env: { ...environment(), NODE_TEST_CONTEXT: undefined },
      timeoutMs: 60_000,
      maxOutputBytes: 500_000,
    });
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^# fail 0$|ℹ fail 0/m)]);
    expect(Number(/(?:#|ℹ) pass (\d+)/.exec(stdout)?.[1])).toBeGreaterThan(40);
  }, 60_000);

  it('has parts that work together: asked, allowed, and refused by the plugin', async () => {
    const app = startExample();
    app.says('hello');
    await app.shows(/and I write it down\./);
    app.says('note todo.txt buy milk');
    const [, question = ''] = await app.shows(/#(\d+) approve/);
    expect(existsSync(join(folder, 'project', 'todo.txt'))).toBe(false);
    app.says(`#${question} approve`);
    await app.shows(/Written to todo\.txt\./);
    expect(app.screen()).toContain('[approved]');
    expect(await readFile(join(folder, 'project', 'todo.txt'), 'utf8')).toBe('buy milk');

    app.says('note migrations/1.sql drop table');
    await app.shows(/I may not: .*migrations\/ is changed by hand only/);
    expect(existsSync(join(folder, 'project', 'migrations'))).toBe(false);
    expect(await app.ends()).toBe(0);

    const denied = join(folder, 'home', '.leashd', 'plugins', 'careful', 'denied.log');
    expect(await readFile(denied, 'utf8')).toBe('Write careful\n');
    const history = await readFile(join(folder, 'history.jsonl'), 'utf8');
    expect(history.trim().split('\n')).toHaveLength(6);
    const audit = await readFile(join(folder, '.leashd', 'audit.jsonl'), 'utf8');
    expect(audit).toMatch(/"layer":"plugin"/);
  });

  function startExample(): {
    says(line: string): void;
    screen(): string;
    shows(pattern: RegExp): Promise<RegExpExecArray>;
    ends(): Promise<number | null>;
  } {
    const child: ChildProcess = spawn(process.execPath, ['own/main.ts', 'project'], {
      cwd: folder,
      env: environment(),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const ended = once(child, 'close').then(([code]) => code as number | null);
    let screen = '';
    let seen = 0;
    const changed = new Set<() => void>();
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        screen += text;
        for (const look of changed) look();
      });
    }
    return {
      says: (line) => void child.stdin?.write(`${line}\n`),
      screen: () => screen,
      shows: (pattern) =>
        new Promise((resolve, reject) => {
          const late = setTimeout(() => {
            changed.delete(look);
            child.kill();
            reject(new Error(`the example did not show ${String(pattern)}; it showed:\n${screen}`));
          }, PATIENCE_MS);
          const look = (): void => {
            const found = pattern.exec(screen.slice(seen));
            if (!found) return;
            seen += found.index + found[0].length;
            clearTimeout(late);
            changed.delete(look);
            resolve(found);
          };
          changed.add(look);
          look();
        }),
      ends: () => {
        child.stdin?.end();
        return ended;
      },
    };
  }
});
