import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { personId } from '../core/ports/chat.ts';
import { createOwnerFile } from './owner-file.ts';

describe('the owner file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'leashd-owner-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('remembers who paired, readable by its user alone', async () => {
    const path = join(folder, 'state', 'owner-1.json');
    expect(await createOwnerFile(path).load()).toBeUndefined();
    await createOwnerFile(path).save(personId('telegram', 42));
    expect(await createOwnerFile(path).load()).toBe('telegram:42');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'state'))).toEqual(['owner-1.json']);
  });

  it('keeps the first owner when a second one is saved', async () => {
    const file = createOwnerFile(join(folder, 'owner.json'));
    await file.save(personId('telegram', 1));
    await expect(file.save(personId('telegram', 2))).rejects.toMatchObject({ code: 'OWNER_NOT_SAVED' });
    expect(await file.load()).toBe('telegram:1');
  });

  it('serves nobody when the file is broken', async () => {
    const path = join(folder, 'owner.json');
    writeFileSync(path, '{"owner":');
    await expect(createOwnerFile(path).load()).rejects.toMatchObject({ code: 'OWNER_FILE_BROKEN' });
  });
});
