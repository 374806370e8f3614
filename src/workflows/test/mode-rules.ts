import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { ModeRule } from '../../core/ports/gate.ts';
import type { Discovery } from './discovery/discovery.ts';
import { SESSION_FILE } from './session-file.ts';
import { testGrants } from './test-grants.ts';
import type { TestPlan } from './test-plan.ts';

/** What the gate is to know, in its terms: a run's grants with absolute paths. */
export type Granting = { readonly directory: string; readonly plan: TestPlan; readonly discovery: Discovery };

/** A grant for a folder that is not there, or that leads out of the project, is left out. */
export function modeRules({ directory, plan, discovery }: Granting): readonly ModeRule[] {
  return testGrants(plan, discovery).flatMap(({ words, folder, source, rules }) => {
    const real = folder === undefined ? undefined : realInside(directory, folder);
    if (folder !== undefined && real === undefined) return [];
    return [
      { words, folder: real, source: source === undefined ? undefined : join(directory, source), rules },
    ];
  });
}

export function sessionFilePath(directory: string): string {
  return join(directory, SESSION_FILE);
}

function realInside(directory: string, folder: string): string | undefined {
  try {
    const real = realpathSync(join(directory, folder));
    return real === directory || real.startsWith(directory.endsWith(sep) ? directory : directory + sep)
      ? real
      : undefined;
  } catch {
    return undefined;
  }
}
