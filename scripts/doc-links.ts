import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** One sentence for each relative link of the page that leads nowhere. Paths are absolute. */
export function deadLinks(page: string, root: string): string[] {
  const text = withoutCode(readFileSync(page, 'utf8'));
  const targets = [...text.matchAll(/\]\(<?([^)\s>]+)>?\)|(?:src|srcset|href)="([^"]+)"/g)].map(
    ([, link, attribute]) => link ?? attribute ?? '',
  );
  return targets
    .filter((target) => !/^[a-z]+:/i.test(target))
    .flatMap((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      const where = `${relative(root, page)}: ${target}`;
      if (!existsSync(file)) return [`${where} leads to no file`];
      if (anchor === undefined || !file.endsWith('.md')) return [];
      return anchorsOf(readFileSync(file, 'utf8')).has(anchor) ? [] : [`${where} leads to no heading`];
    });
}

/** Files and folders of the source that the page names in backticks and that are not there. */
export function deadPaths(page: string, root: string): string[] {
  const named = readFileSync(page, 'utf8').matchAll(/`((?:src|test|scripts|bench|policies)\/[\w./-]+)`/g);
  const gone = [...named].flatMap(([, path = '']) => (existsSync(join(root, path)) ? [] : [path]));
  return gone.map((path) => `${relative(root, page)}: ${path} is not there`);
}

/** As GitHub makes them: lower case, no punctuation, hyphens for blanks; a number behind one that comes again. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutCode(markdown).matchAll(/^#{1,6} +(.+)$/gm)) {
    const shown = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').trim();
    const slug = shown
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^( *)(```+)[^]*?^\1\2$/gm, '');
}
