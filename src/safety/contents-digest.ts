import { createHash } from 'node:crypto';
import type { FileView } from './file-view.ts';
import type { Footprint } from './types.ts';

const LARGEST_FILE = 4 * 1024 * 1024;

/**
 * A digest of the files whose content an approval rests on: those that a call writes to, which the card shows as a
 * diff, and those that it runs. A file that can't be read counts by its kind.
 */
export function contentsDigest({ effects }: Footprint, view: FileView): string {
  const runs = new Set(
    effects.flatMap((effect) => (effect.kind === 'act' && effect.act === 'run-file' ? [effect.command] : [])),
  );
  const hash = createHash('sha256');
  for (const effect of effects) {
    const isShown = effect.kind === 'write';
    const isRun = effect.kind === 'read' && runs.has(effect.command);
    if (isShown || isRun) hash.update(`${effect.path.real}\0${contentOf(effect.path.real, view)}\0`);
  }
  return hash.digest('hex');
}

function contentOf(path: string, view: FileView): string {
  try {
    return view.read(path, LARGEST_FILE) ?? `(${view.kind(path) ?? 'nothing'})`;
  } catch {
    return '(unreadable)';
  }
}
