import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryFolder } from '../folder-view.ts';
import { planTests } from '../test-plan.ts';
import { discover } from './discover.ts';
import type { Discovery } from './discovery.ts';
import { isKnownCommand } from './known-runners.ts';

function look(files: Readonly<Record<string, string>>): Discovery {
  const plan = planTests({ areas: { unit: true, backend: true, e2e: true }, focus: '' });
  return discover(memoryFolder(files), plan);
}

const json = (value: unknown): string => JSON.stringify(value);
const inWords = ({ commands }: Discovery): string[] => commands.map(({ argv }) => argv.join(' '));

describe('discovery of hostile projects', () => {
  it('offers no name that is not plain, and no path that leads out', () => {
    const scripts = {
      test: 'x; rm -rf ~',
      'test:a b': 'x',
      'test:$(id)': 'x',
      'test:`id`': 'x',
      'test-*': 'x',
      '--test': 'x',
      'test:\u202Ex': 'x',
      'test:../x': 'x',
    };
    const { commands } = look({ 'package.json': json({ scripts }) });
    expect(commands.map(({ argv }) => argv.join(' '))).toEqual(['npm run test']);
    expect(commands[0]?.script).toBe('x; rm -rf ~');
    const go = look({ 'go.mod': 'github.com/gin-gonic/gin', 'cmd/$(id)/main.go': '' });
    expect(inWords(go)).toEqual(['go test ./...']);
    expect(go.notes.join()).toContain('its name is not plain');
  });

  it('shows a script on one line, cut, without what can not be seen', () => {
    const { commands } = look({
      'package.json': json({ scripts: { test: `a\n\u202Eb\u0000${'x'.repeat(5000)}` } }),
    });
    expect(commands[0]?.script).toMatch(/^a b x+…$/);
    expect(commands[0]?.script).toHaveLength(160);
  });

  const hostile = [
    '"\\"'.repeat(80_000),
    '/*'.repeat(120_000),
    '['.repeat(200_000),
    '{"a":'.repeat(40_000),
    '\n'.repeat(250_000),
    ' '.repeat(250_000),
    `[${' '.repeat(250_000)}`,
    'test '.repeat(50_000),
    `${'a '.repeat(250)}\n`.repeat(500),
    'server: {'.repeat(25_000),
    'node '.repeat(50_000),
    `{"scripts":${JSON.stringify({ test: 'node '.repeat(50_000) })}}`,
    '{"scripts":{"__proto__":{"test":"x"},"constructor":"x","test":1}}',
    '? '.repeat(15_000),
    '['.repeat(32_000),
    '- '.repeat(15_000),
    'a:\n'.repeat(10_000),
    '[project]\nname = '.repeat(10_000),
    'null',
    '[]',
    '"x"',
    '{"workspaces":["**","*","/","~/*","./*/*","../*"],"scripts":[]}',
  ];
  const names = [
    'package.json',
    'deno.jsonc',
    'pyproject.toml',
    'requirements.txt',
    'setup.cfg',
    'tox.ini',
    'Cargo.toml',
    'go.mod',
    'go.work',
    'Makefile',
    'justfile',
    'Taskfile.yml',
    'pnpm-workspace.yaml',
    'pom.xml',
    'build.gradle',
    'Gemfile',
    'composer.json',
    'mix.exs',
    'x.csproj',
    'vite.config.ts',
    'main.py',
    'manage.py',
  ];

  it('takes no time over any of these texts in any of its files', () => {
    for (const text of hostile) {
      const began = performance.now();
      look(Object.fromEntries(names.map((name) => [name, text])));
      expect(performance.now() - began).toBeLessThan(5000);
    }
  });

  it('never throws, and gives only known commands in plain words', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(...hostile.map((one) => one.slice(0, 2000))),
      fc.json(),
      fc
        .dictionary(fc.oneof(fc.string(), fc.constantFrom('test', 'dev', 'test:e2e')), fc.string())
        .map((scripts) => json({ scripts, tasks: scripts, workspaces: Object.keys(scripts) })),
      fc
        .array(
          fc.constantFrom(
            '[tool.pytest]',
            'test:',
            'test x:',
            '\tx',
            'gem "rails"',
            '[workspace]',
            'members = [',
            '"../x"',
            'fastapi',
            '\r',
          ),
        )
        .map((lines) => lines.join('\n')),
    );
    const file = fc.tuple(
      fc.oneof(
        fc.constantFrom(...names),
        fc.constantFrom(...names).map((name) => `apps/web/${name}`),
        fc.string(),
      ),
      text,
    );
    fc.assert(
      fc.property(fc.array(file, { maxLength: 10 }), (files) => {
        const discovery = look(Object.fromEntries(files));
        expect(discovery.commands.length).toBeLessThanOrEqual(60);
        for (const { argv, folder, from, script = '' } of discovery.commands) {
          expect(isKnownCommand([...argv])).toBe(true);
          expect(argv.join(' ')).toMatch(/^[\w./@+:= -]+$/);
          expect(folder).not.toMatch(/^[/~-]|(?:^|\/)\.\.(?:\/|$)/);
          expect(`${from.path}${from.key}${script}`.length).toBeLessThan(500);
        }
      }),
      { numRuns: 80 },
    );
  });
});
