import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkNamed, createPatient, type Patient } from '../../../test/fixtures/doctor-patient.ts';
import { MachineError } from '../../errors.ts';
import type { ServiceReport } from '../service/service-status.ts';
import type { Finding } from './check.ts';
import { serviceChecks } from './service.ts';

let patient: Patient;
beforeEach(() => (patient = createPatient()));
afterEach(() => patient.remove());

const PARTS = { node: '/opt/node', entry: '/opt/leashd/main.js', directory: '/srv/my project' };

async function found(changes: Partial<ServiceReport>): Promise<readonly Finding[]> {
  const report: ServiceReport = {
    manager: 'systemd',
    file: '/home/ada/.config/systemd/user/leashd.service',
    standing: 'own',
    service: { isEnabled: true, isActive: true, state: 'active' },
    parts: PARTS,
    missing: [],
    isOtherNode: false,
    daemon: 'answered',
    pid: 7,
    ...changes,
  };
  return patient.findings(checkNamed(serviceChecks, 'service'), {}, { service: async () => report });
}

describe('service', () => {
  it('need not be there', async () => {
    expect(await found({ standing: 'absent', parts: undefined })).toMatchObject([
      { level: 'note', todo: 'leashd service install' },
    ]);
    const none = () =>
      Promise.reject(new MachineError('NO_SERVICE_MANAGER', 'no service can be installed here'));
    expect(await patient.findings(checkNamed(serviceChecks, 'service'), {}, { service: none })).toMatchObject(
      [{ level: 'note' }],
    );
  });

  it('runs, perhaps on another Node.js', async () => {
    expect(await found({})).toMatchObject([{ level: 'ok' }]);
    expect(await found({ isOtherNode: true })).toMatchObject([
      { level: 'ok' },
      { level: 'note', says: expect.stringContaining('/opt/node') as string },
    ]);
  });

  it('is a problem when what it starts is gone', async () => {
    expect(await found({ missing: ['/opt/node'] })).toMatchObject([
      { level: 'problem', todo: "cd '/srv/my project' && leashd service install" },
    ]);
  });

  it('says where to look when it does not run', async () => {
    const service = { isEnabled: true, isActive: false, state: 'failed' };
    expect(await found({ service })).toMatchObject([
      { level: 'problem', todo: expect.stringContaining('journalctl') as string },
    ]);
    expect(await found({ service: { ...service, state: 'inactive' } })).toMatchObject([{ level: 'warning' }]);
  });

  it('that leashd did not write is not touched', async () => {
    expect(await found({ standing: 'foreign', parts: undefined })).toMatchObject([{ level: 'warning' }]);
  });
});
