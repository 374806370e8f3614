import { diskFolder } from './folder-view.ts';
import { LARGEST_TEST_CONFIG, readTestConfig, TEST_CONFIG_FILE, type ReadTestConfig } from './test-config.ts';

/**
 * A project's test.yaml; an empty one where there is none. A link is not followed, since a fault tells
 * what stands in the file. Does not throw.
 */
export function readTestConfigFile(directory: string): ReadTestConfig {
  const file = diskFolder(directory).read(TEST_CONFIG_FILE, LARGEST_TEST_CONFIG);
  if (file.kind === 'text') return readTestConfig(file.text);
  if (file.kind === 'missing') return { kind: 'config', config: {} };
  return { kind: 'faults', faults: [`${TEST_CONFIG_FILE}: it ${file.problem}`] };
}
