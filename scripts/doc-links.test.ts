import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { anchorsOf, deadLinks, deadPaths } from './doc-links.ts';

const ROOT = join(import.meta.dirname, '..');
const inFolder = (folder: string, ending: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => join(ROOT, folder, name));

describe('the pages', () => {
  it('have links and anchors that lead somewhere', () => {
    const pages = [...inFolder('.', '.md'), ...inFolder('docs', '.md'), ...inFolder('.github', '.md')];
    expect(pages.length).toBeGreaterThan(10);
    expect(pages.flatMap((page) => deadLinks(page, ROOT))).toEqual([]);
  });

  it('name files of the source that are there', () => {
    const pages = ['architecture', 'threat-model', 'dependencies'].map((name) =>
      join(ROOT, `docs/${name}.md`),
    );
    expect(pages.flatMap((page) => deadPaths(page, ROOT))).toEqual([]);
  });

  it('are all led to from the README', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const lost = inFolder('docs', '.md').filter((page) => !readme.includes(page.slice(ROOT.length + 1)));
    expect(lost).toEqual([]);
  });

  it('have pictures without a path of the machine they were taken on', () => {
    for (const picture of inFolder('docs/pictures', '.svg'))
      expect(readFileSync(picture, 'utf8')).not.toMatch(/\/(?:tmp|root|var|Users|private)\/|leashd-claude-/);
  });
});

describe('a link', () => {
  const folder = mkdtempSync(join(tmpdir(), 'leashd-links-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is found dead when its file or its heading is missing', () => {
    const page = join(folder, 'a.md');
    writeFileSync(
      page,
      '# One\n[a](#one) [b](#two) [c](b.md) [d](https://x.example/y) ![e](e.svg)\n```\n[f](f.md)\n```\n',
    );
    expect(deadLinks(page, folder)).toEqual([
      'a.md: #two leads to no heading',
      'a.md: b.md leads to no file',
      'a.md: e.svg leads to no file',
    ]);
  });

  it('leads to headings as GitHub names them', () => {
    expect([...anchorsOf('# The `x` file, and [y](z)\n## Same\n## Same\n')]).toEqual([
      'the-x-file-and-y',
      'same',
      'same-1',
    ]);
  });
});
