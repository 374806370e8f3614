import type { LoadedSettings } from '../config/load-settings.ts';
import { loadPolicies } from '../safety/policy/load.ts';
import { builtInPolicies } from './paths.ts';

/**
 * Whether leashd could start with the policy files of these settings.
 * @throws PersonError naming each fault in them.
 */
export function checkPolicies({ settings, startDirectory, homeDirectory }: LoadedSettings): void {
  loadPolicies(settings.policyFiles, {
    startDirectory,
    builtInDirectory: builtInPolicies,
    home: homeDirectory,
  });
}
