import { describe, expect, it } from 'vitest';
import { normalForm } from './normal-form.ts';
import { readShell } from './parse.ts';
import { unwrapCommands } from './unwrap.ts';

function inner(source: string): string[] {
  const { commands } = readShell(source, '/home/ada');
  const all = unwrapCommands(commands, '/home/ada').commands;
  return all
    .slice(commands.length)
    .map((command) => `${command.via.join(' › ')}: ${normalForm(command.argv)}`);
}

describe('unwrapCommands', () => {
  it.each([
    ['ls -la', []],
    ['sudo -u bob rm -rf x', ['sudo: rm -rf x']],
    ['env -i A=1 rm x', ['env: rm x']],
    ['timeout -s KILL 5 rm x', ['timeout: rm x']],
    ['nice -n 10 nohup rm x', ['nice: nohup rm x', 'nice › nohup: rm x']],
    ['command rm x', ['command: rm x']],
    ['ls | xargs -0 -n 1 rm -f', ['xargs: rm -f']],
    [`bash -lc 'ls; rm x | cat'`, ['bash: ls', 'bash: rm x', 'bash: cat']],
    [`sh -c "sh -c 'rm x'"`, [`sh: sh -c rm x`, 'sh › sh: rm x']],
    [`eval rm -rf x`, ['eval: rm -rf x']],
    [`find . -exec rm {} ';' -o -execdir cat {} +`, ['find: rm {}', 'find: cat {}']],
    ['bash -c "$X"', []],
    ['bash script.sh', []],
    ['sudo', []],
  ])('looks into %j', (source, expected) => {
    expect(inner(source)).toEqual(expected);
  });

  it('keeps the pipes of an inner script apart from the outer ones', () => {
    const { commands } = readShell(`a | bash -c 'b | c'`, '/home/ada');
    const all = unwrapCommands(commands, '/home/ada').commands;
    expect(all.map(({ stdin }) => ('from' in stdin ? stdin.from : undefined))).toEqual([
      undefined,
      [0],
      undefined,
      [2],
    ]);
  });

  it('comes to an end with wrappers around wrappers', () => {
    expect(inner(`${'sudo '.repeat(2000)} rm x`).length).toBeLessThan(100);
  });
});
