import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { PersonId } from '../core/ports/chat.ts';
import type { OwnerStore } from '../core/ports/owner-store.ts';
import { MachineError } from '../errors.ts';

const ownerSchema = z.object({ owner: z.string().min(1), pairedAt: z.string() });

/** The owner in a small JSON file of mode 0600, written whole or not at all. */
export function createOwnerFile(path: string): OwnerStore {
  return {
    load: async () => {
      const text = readIfThere(path);
      if (text === undefined) return undefined;
      try {
        return ownerSchema.parse(JSON.parse(text)).owner as PersonId;
      } catch (cause) {
        throw new MachineError('OWNER_FILE_BROKEN', `${path} does not say who the owner is`, {
          hint: 'Delete it to pair again.',
          cause,
        });
      }
    },
    save: async (owner) => {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const draft = `${path}.${randomBytes(6).toString('hex')}`;
      const content = { owner, pairedAt: new Date().toISOString() };
      try {
        writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, {
          mode: 0o600,
          flag: 'wx',
          flush: true,
        });
        // A link, not a rename: it fails where an owner stands already.
        linkSync(draft, path);
      } catch (cause) {
        throw new MachineError('OWNER_NOT_SAVED', `the owner could not be written to ${path}`, { cause });
      } finally {
        rmSync(draft, { force: true });
      }
    },
  };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new MachineError('OWNER_FILE_UNREADABLE', `${path} can't be read`, { cause });
  }
}
