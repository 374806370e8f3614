import { PassThrough, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPatient, type Patient } from '../../../test/fixtures/doctor-patient.ts';
import { runCli } from '../run-cli.ts';

let patient: Patient;
beforeEach(() => (patient = createPatient()));
afterEach(() => patient.remove());

/** Wrong settings, so that little is looked at. */
async function printed(isTty: boolean, environment: NodeJS.ProcessEnv = {}): Promise<string> {
  let output = '';
  const into = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      output += chunk.toString();
      done();
    },
  });
  await runCli(['doctor'], {
    input: new PassThrough().end(),
    output: into,
    errorOutput: into,
    isTty,
    environment: {
      HOME: patient.home,
      PATH: process.env['PATH'],
      LEASHD_MAX_TURNS: 'many\u{1b}[2J',
      ...environment,
    },
    startDirectory: patient.project,
    homeDirectory: patient.home,
    untilStopped: () => new Promise(() => {}),
  });
  return output;
}

describe('leashd doctor', () => {
  it('has colours for a person alone, and not for one who wants none', async () => {
    const [terminal, pipe, plain] = await Promise.all([
      printed(true),
      printed(false),
      printed(true, { NO_COLOR: '1' }),
    ]);
    expect(terminal).toContain('\u{1b}[31m✗\u{1b}[0m settings');
    for (const text of [pipe, plain]) {
      expect(text).toContain('✗ settings');
      expect(text).not.toContain('\u{1b}');
    }
  });

  it('lets nothing that came from elsewhere steer the terminal', async () => {
    expect(await printed(true)).not.toContain('\u{1b}[2J');
  });
});
