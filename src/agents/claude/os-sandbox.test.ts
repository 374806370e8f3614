import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sandboxSettings } from './os-sandbox.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-sandbox-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('sandboxSettings', () => {
  it('closes every way out of the sandbox, and leaves the decision to the gate', () => {
    expect(sandboxSettings(['/project'], { untouchable: [], unwritable: [] })).toMatchObject({
      enabled: true,
      failIfUnavailable: true,
      allowUnsandboxedCommands: false,
      autoAllowBashIfSandboxed: false,
      enableWeakerNestedSandbox: false,
      enableWeakerNetworkIsolation: false,
      allowNestedUserNamespaces: false,
      allowAppleEvents: false,
      network: { allowAllUnixSockets: false },
      filesystem: { disabled: false, allowWrite: ['/project'] },
    });
  });

  it.each(['excludedCommands', 'ignoreViolations'])('has no %s', (name) => {
    expect(sandboxSettings([], { untouchable: [], unwritable: [] })).not.toHaveProperty(name);
  });

  it('closes what is leashd’s own where it really lies, and puts nothing where nothing is', () => {
    const [audit, rules, link] = ['audit', 'rules', 'link'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(audit, '');
    writeFileSync(rules, '');
    symlinkSync(audit, link);
    const paths = { untouchable: [link, join(folder, 'absent')], unwritable: [rules] };
    expect(sandboxSettings([folder], paths).filesystem).toMatchObject({
      denyRead: [audit],
      denyWrite: [audit, rules],
    });
  });
});
