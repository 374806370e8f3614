import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/process/run.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const COPIED = [
  'src',
  'test/fixtures',
  'test/contract',
  'scripts',
  'policies',
  'docs/architecture.md',
  'package.json',
  'vitest.config.ts',
  '.prettierrc.json',
];
const RECIPES = ['src/core/commands/turns', 'src/safety/programs/programs', 'test/contract/line-connector'];
const TIMEOUT_MS = 60_000;

const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

describe('the recipes in CONTRIBUTING.md, followed in a copy', () => {
  let copy: string;
  beforeAll(() => {
    copy = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-recipes-')));
    for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    write('src/connectors/line/line-connector.ts', lineConnector());
    for (const [, path = '', code = ''] of read('CONTRIBUTING.md').matchAll(
      /^```ts\n\/\/ (\S+)\n([^]*?)^```$/gm,
    ))
      write(path, code);
    for (const [, path = '', diff = ''] of read('CONTRIBUTING.md').matchAll(
      /^```diff\n--- (\S+)\n([^]*?)^```$/gm,
    ))
      write(path, diff.split('@@\n').reduce(applied, readFileSync(join(copy, path), 'utf8')));
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  };
  const node = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await run(process.execPath, args, {
      cwd: copy,
      env: { PATH: process.env['PATH'], HOME: copy, NO_COLOR: '1' },
      timeoutMs: TIMEOUT_MS,
      maxOutputBytes: 200_000,
    });
    return { exitCode, output: stdout + stderr };
  };

  it(
    'pass their tests',
    async () => {
      const { exitCode, output } = await node('node_modules/vitest/vitest.mjs', 'run', ...RECIPES);
      expect([exitCode, output]).toEqual([0, expect.stringMatching(/Test Files +3 passed/)]);
    },
    TIMEOUT_MS,
  );

  it('leave every import with a door, and every file in a room', async () => {
    expect(await node('scripts/doors.ts')).toMatchObject({ exitCode: 0 });
    expect(await node('scripts/architecture.ts')).toEqual({ exitCode: 0, output: '' });
    const page = readFileSync(join(copy, 'docs/architecture.md'), 'utf8');
    expect(page).toContain('connectors_line --> core_ports');
  });

  it('keep the examples of the policy', async () => {
    const tested = await node('src/cli/main.ts', 'policy', 'test', 'policies/default.yaml');
    expect(tested).toMatchObject({ exitCode: 0 });
    const check = ['policy', 'check', 'kubectl delete ns shop', '--policy', 'policies/default.yaml'];
    expect((await node('src/cli/main.ts', ...check)).output).toContain('no-namespace-deletes');
  });
});

/** What follows the lines that stay, put where they stand in the text. */
function applied(text: string, hunk: string): string {
  const lines = hunk.trimEnd().split('\n');
  const kept = lines.filter((line) => !line.startsWith('+')).map((line) => line.slice(1));
  const before = kept.map((line) => `${line}\n`).join('');
  expect(text).toContain(before);
  return text.replace(before, () => lines.map((line) => `${line.slice(1)}\n`).join(''));
}

/** The one of docs/extending.md, as it would stand inside. */
function lineConnector(): string {
  const [, code = ''] = /```ts\n\/\/ line-connector\.ts\n([^]*?)```/.exec(read('docs/extending.md')) ?? [];
  const inside = `import type { ChatRef, InboundBody, PromptId } from '../../core/ports/chat.ts';
import { personId } from '../../core/ports/chat.ts';
import type { Connector, PromptView } from '../../core/ports/connector.ts';
import { newId } from '../../util/ids.ts';
`;
  return code.replace(/import \{[^}]*\} from 'leashd';\n/, inside);
}
