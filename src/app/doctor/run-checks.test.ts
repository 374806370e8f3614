import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPatient, type Patient } from '../../../test/fixtures/doctor-patient.ts';
import { manualClock } from '../../../test/fixtures/manual-clock.ts';
import { PersonError } from '../../errors.ts';
import { ok, type Check } from './check.ts';
import type { DoctorContext } from './context.ts';
import { createContext } from './create-context.ts';
import { runChecks } from './run-checks.ts';

let patient: Patient;
let context: DoctorContext;
beforeEach(async () => {
  patient = createPatient();
  const place = { environment: {}, startDirectory: patient.project, homeDirectory: patient.home, clock };
  context = await createContext(place);
});
afterEach(() => patient.remove());

const clock = manualClock();
const run = (...checks: readonly Check[]) => runChecks([{ family: 'files', checks }], context);
const fine: Check = { name: 'fine', run: async () => [ok('fine')] };

describe('runChecks', () => {
  it('makes a problem of what is thrown, and of that alone', async () => {
    const throwing: Check = {
      name: 'throwing',
      run: async () => {
        throw new PersonError('ANY', 'it is wrong.', { hint: 'Mend it.' });
      },
    };
    expect(await run(throwing, fine)).toEqual([
      { check: 'throwing', family: 'files', level: 'problem', says: 'it is wrong', todo: 'Mend it.' },
      { check: 'fine', family: 'files', level: 'ok', says: 'fine' },
    ]);
  });

  it('speaks for a check that does not end, and tells it to', async () => {
    let isTold = false;
    const endless: Check = {
      name: 'endless',
      deadlineMs: 3000,
      run: (_context, signal) =>
        new Promise(() => {
          signal.addEventListener('abort', () => (isTold = true));
        }),
    };
    const findings = run(endless, fine);
    clock.advance(3000);
    expect(await findings).toMatchObject([
      { check: 'endless', level: 'problem', says: expect.stringContaining('3 s') as string },
      { level: 'ok' },
    ]);
    expect(isTold).toBe(true);
  });

  it('lets what keeps the process busy begin behind the others, and keeps their order', async () => {
    const begun: string[] = [];
    const noting = (name: string, isHeavy: boolean): Check => ({
      name,
      isHeavy,
      run: async () => {
        begun.push(name);
        return [ok(name)];
      },
    });
    const findings = await run(noting('heavy', true), noting('light', false));
    expect(begun).toEqual(['light', 'heavy']);
    expect(findings.map(({ check }) => check)).toEqual(['heavy', 'light']);
  });
});
