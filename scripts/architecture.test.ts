import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawRooms, listInside, renderPage, usedDoors } from './architecture.ts';
import { ROOMS } from './rooms.ts';

const oneInEach = ROOMS.map(({ path }) => ({
  path: path.endsWith('.ts') ? path : `${path}/a.ts`,
  text:
    path === 'src/git' ? `import { run } from '../process/a.ts';\nimport { now } from '../util/a.ts';` : '',
}));

describe('docs/architecture.md', () => {
  it('shows the imports under src/; if not, run "npm run docs"', async () => {
    const page = readFileSync(join(import.meta.dirname, '..', 'docs/architecture.md'), 'utf8');
    expect(page).toBe(await renderPage(page));
  });

  it('draws an arrow for what is imported, but for what everybody imports', () => {
    const doors = usedDoors(oneInEach);
    expect(doors.get('src/git')).toEqual(['src/process']);
    expect(drawRooms(doors).match(/.*-->.*/g)).toEqual(['  git --> process']);
  });

  it('wants every file in a room, and a line for every folder', () => {
    expect(() => usedDoors([...oneInEach, { path: 'src/attic/a.ts', text: '' }])).toThrow('src/attic/a.ts');
    expect(() => listInside(['src/core/attic'])).toThrow('src/core/attic');
  });
});
