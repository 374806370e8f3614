import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { COMMANDS, DEFAULT_COMMAND } from './commands.ts';
import { runCli } from './run-cli.ts';
import { processSurroundings } from './surroundings.ts';

describe('the table of commands', () => {
  it.each(COMMANDS)('lists $name as the command itself has it', async ({ name, summary, load }) => {
    expect(await load()).toMatchObject({ name, summary });
  });

  it('names each once, the one among them that needs no name', () => {
    const names = COMMANDS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain(DEFAULT_COMMAND);
  });
});

describe('the command line', () => {
  async function said(...args: readonly string[]): Promise<string> {
    const [output, errorOutput] = [new PassThrough(), new PassThrough()];
    const status = await runCli(args, { ...processSurroundings(), output, errorOutput });
    return `${status} ${[output, errorOutput].map((stream) => String(stream.read() ?? '')).join('')}`;
  }

  it('asks whether another word was meant, for commands of commands too', async () => {
    expect(await said('doctr')).toMatch(/^2 .*there is no command "doctr".*Did you mean "leashd doctor"\?/s);
    expect(await said('service', 'instal')).toMatch(
      /^2 .*there is no "leashd service instal"; there are install, uninstall, status.*"leashd service install"\?/s,
    );
    expect(await said('policy', 'chek')).toContain('Did you mean "leashd policy check"?');
  });

  it('lists what people call, and no defaults that say nothing', async () => {
    expect(await said('service', '--help')).not.toMatch(/\brun\b/);
    expect(await said('service')).toMatch(/^2 leashd service install: (?!.*service run)/s);
    expect(await said('init', '--help')).not.toContain('default: []');
  });
});
