import { describe, expect, it } from 'vitest';
import { faultsOfFiles, faultsOfManifest } from './pack-rules.ts';

describe('what is published', () => {
  it('lacks nothing that is needed', () => {
    const faults = faultsOfFiles([{ path: 'package.json', mode: 0o644 }]);
    expect(faults).toContain('the package lacks dist/cli/main.js');
    expect(faults).not.toContain('the package lacks package.json');
  });

  it.each([
    'dist/cli/main.js.map',
    'dist/util/ids.test.js',
    'src/index.ts',
    'docs/pictures/card.svg',
    '.env',
  ])('holds no %s', (path) => {
    expect(faultsOfFiles([{ path, mode: 0o644 }])).toContain(`nobody who installs the package needs ${path}`);
  });

  it('runs nothing where it is installed', () => {
    expect(faultsOfManifest({ build: 'tsc', prepack: 'npm run build' })).toEqual([]);
    expect(faultsOfManifest({ postinstall: 'x' })).toHaveLength(1);
  });
});
