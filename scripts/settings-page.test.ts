import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ownerFile } from '../src/app/paths.ts';
import { settingKeys, settingTable } from '../src/config/settings.ts';
import { findStaleness, renderSettingsPage } from './settings-page.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'leashd-page-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('renderSettingsPage', () => {
  const page = renderSettingsPage();

  it.each(settingKeys)('has a chapter for %s, with what it takes and its default', (key) => {
    const { env, description, schema } = settingTable[key];
    const [, chapter = ''] = page.split(`### \`${env}\`\n`);
    const [own = ''] = chapter.split('\n#');
    expect(own).toContain(description);
    expect(own).toContain(`Takes ${schema.description ?? '?'}. Default: `);
  });

  it('names the file that says who the owner is, and how to change the owner', () => {
    const file = ownerFile('~/.leashd', '<bot id>');
    expect(page).toContain(`| \`${file}\` |`);
    expect(page).toContain(`delete \`${path.basename(file)}\``);
  });

  it('names no variable that does not exist', () => {
    const known = new Set<string>([...settingKeys.map((key) => settingTable[key].env), 'LEASHD_MAX_TURN']);
    const named = page.match(/LEASHD_[A-Z_]+\b/g) ?? [];
    expect(named.filter((name) => name !== 'LEASHD_' && !known.has(name))).toEqual([]);
  });
});

describe('findStaleness', () => {
  it('finds nothing for the page as it has to be', () => {
    const page = path.join(folder, 'fresh.md');
    writeFileSync(page, renderSettingsPage());
    expect(findStaleness(page)).toBeUndefined();
  });

  it('says what to do about an old page, and about none', () => {
    const page = path.join(folder, 'old.md');
    writeFileSync(page, `${renderSettingsPage()}\nmore`);
    expect(findStaleness(page)).toContain('npm run docs');
    expect(findStaleness(path.join(folder, 'none.md'))).toContain('npm run docs');
  });
});
