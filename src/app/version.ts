import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where leashd is installed: the folder of its package.json, two up from here in `src` and in `dist` alike. */
export const packageRoot: string = join(import.meta.dirname, '..', '..');

export function version(): string {
  const text = readFileSync(join(packageRoot, 'package.json'), 'utf8');
  // Checked by hand: `leashd --version` is to load next to nothing.
  const manifest: unknown = JSON.parse(text);
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest)
    return String(manifest.version);
  throw new Error(`${packageRoot}/package.json names no version`);
}
