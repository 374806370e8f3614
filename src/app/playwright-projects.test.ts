import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { playwrightProjects } from './playwright-projects.ts';

let project = '';
beforeEach(() => (project = mkdtempSync(join(tmpdir(), 'leashd-playwright-'))));
afterEach(() => rmSync(project, { recursive: true, force: true }));

function manifest(folder: string, contents: object): void {
  const file = join(project, folder, 'package.json');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(contents));
}

it('finds the folders with Playwright tests, and how they are run', () => {
  manifest('.', { workspaces: ['apps/*'], devDependencies: { vitest: '4' }, scripts: { test: 'vitest' } });
  manifest('apps/web', { devDependencies: { '@playwright/test': '1' }, scripts: { e2e: 'playwright test' } });
  const found = playwrightProjects.find(project);
  expect(found).toMatchObject([{ folder: 'apps/web' }]);
  expect(found[0]?.commands).toContain('npm run e2e');
});

it('finds none where there are none, or nothing at all', () => {
  manifest('.', { devDependencies: { vitest: '4' } });
  expect(playwrightProjects.find(project)).toEqual([]);
  expect(playwrightProjects.find(join(project, 'gone'))).toEqual([]);
});
