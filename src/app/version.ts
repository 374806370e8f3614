import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Where leashd is installed: the folder of its package.json, two up from here in `src` and in `dist` alike. */
export const packageRoot: string = join(import.meta.dirname, '..', '..');

export function version(): string {
  const text = readFileSync(join(packageRoot, 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
