import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { daemonStatus } from '../../../test/fixtures/daemon-status.ts';
import { checkNamed, createPatient, type Patient } from '../../../test/fixtures/doctor-patient.ts';
import type { DaemonStatus } from '../control/protocol.ts';
import type { Finding } from './check.ts';
import type { DoctorContext } from './context.ts';
import { runningChecks } from './running.ts';

let patient: Patient;
beforeEach(() => (patient = createPatient()));
afterEach(() => patient.remove());

async function found(over: Partial<DoctorContext> = {}): Promise<readonly Finding[]> {
  return patient.findings(checkNamed(runningChecks, 'daemon'), {}, over);
}

const running = (changes: Partial<DaemonStatus> = {}): Promise<readonly Finding[]> => {
  const result = daemonStatus({ startDirectory: patient.project, ...changes });
  return found({ daemon: async () => ({ kind: 'answered', result }) });
};

describe('daemon', () => {
  it('need not run', async () => {
    expect(await found()).toMatchObject([{ level: 'note', todo: 'leashd start' }]);
    expect(patient.files()).toEqual([]);
  });

  it('runs since then', async () => {
    expect(await running()).toMatchObject([
      { level: 'ok', says: expect.stringMatching(/2023-11-14 22:13:20Z.*@leashd_test_bot/) as string },
    ]);
  });

  it('had better be of this version, and receive', async () => {
    expect(await running({ version: '0.0.1' })).toMatchObject([
      { level: 'ok' },
      { level: 'warning', todo: 'leashd restart' },
    ]);
    const lastFault = { at: 0, message: 'Telegram could not be reached', hint: 'Check the network.' };
    expect(await running({ isPolling: false, lastFault })).toMatchObject([
      { level: 'ok' },
      {
        level: 'warning',
        says: expect.stringContaining('could not be reached') as string,
        todo: 'Check the network.',
      },
    ]);
  });

  it('may have been started elsewhere, where its files lie', async () => {
    expect(await running({ startDirectory: '/srv/it’s here' })).toMatchObject([
      { level: 'ok' },
      { level: 'note', todo: "cd '/srv/it’s here' && leashd doctor" },
    ]);
  });

  it('may have settings that this shell has not', async () => {
    expect(await running({ environmentNames: ['LEASHD_MAX_TURNS'] })).toMatchObject([
      { level: 'ok' },
      { level: 'note', says: expect.stringContaining('LEASHD_MAX_TURNS') as string },
    ]);
  });

  it('is a problem when it does not answer', async () => {
    expect(await found({ daemon: async () => ({ kind: 'hanging', pid: 7 }) })).toMatchObject([
      { level: 'problem', says: expect.stringContaining('process 7') as string },
    ]);
  });
});
