import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const surroundings = pathToFileURL('src/cli/surroundings.ts').href;

/** A process in which something goes wrong that nobody catches: its exit status and all that it wrote. */
function crash(
  fault: string,
): Promise<{ readonly code: unknown; readonly out: string; readonly err: string }> {
  const program = `
    const { processSurroundings } = await import(${JSON.stringify(surroundings)});
    processSurroundings().onCrash(() => process.stdout.write('reported'));
    ${fault}
    await new Promise((resolve) => setTimeout(resolve, 10_000));`;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { timeout: 15_000 },
      (error, out, err) => resolve({ code: error?.code, out, err }),
    );
  });
}

describe('a crash', () => {
  it.each([
    "setTimeout(() => { throw new Error('hunter2'); });",
    "void Promise.reject(new Error('hunter2'));",
  ])('is told to the log alone, which hides secrets: %s', async (fault) => {
    expect(await crash(fault)).toEqual({ code: 70, out: 'reported', err: '' });
  });
});
