import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sandboxObstacle, type SandboxObstacle } from './os-sandbox-probe.ts';

let bin: string;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'leashd-probe-'));
});
afterEach(() => rmSync(bin, { recursive: true, force: true }));

function program(name: string, script: string): void {
  const file = join(bin, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

async function probe(platform: NodeJS.Platform = 'linux'): Promise<SandboxObstacle | undefined> {
  return sandboxObstacle({ environment: { PATH: bin }, platform });
}

describe('sandboxObstacle on Linux', () => {
  it('names every program that is missing, and how to install it', async () => {
    expect(await probe()).toEqual({
      reason: 'bubblewrap and socat are not installed',
      hint: expect.stringContaining('apt-get install bubblewrap socat') as string,
    });
    program('bwrap', 'exit 0');
    expect(await probe()).toMatchObject({ reason: 'socat is not installed' });
  });

  it('says what bubblewrap says when the system does not let it', async () => {
    program('bwrap', 'echo "bwrap: No permissions to create new namespace" >&2; exit 1');
    program('socat', 'exit 0');
    expect(await probe()).toEqual({
      reason: "bubblewrap can't build it (bwrap: No permissions to create new namespace)",
      hint: expect.stringContaining('user namespaces') as string,
    });
  });

  it('says when socat is broken', async () => {
    program('bwrap', 'exit 0');
    program('socat', 'exit 3');
    expect(await probe()).toMatchObject({ reason: 'socat does not run (exit status 3)' });
  });

  it('finds nothing in the way where both run', async () => {
    program('bwrap', 'exit 0');
    program('socat', 'exit 0');
    expect(await probe()).toBeUndefined();
  });
});

describe('sandboxObstacle elsewhere', () => {
  it('knows no sandbox on Windows', async () => {
    expect(await probe('win32')).toMatchObject({ reason: 'Claude Code has no sandbox on win32' });
  });
});
