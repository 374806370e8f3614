import { join } from 'node:path';
import { pathOf } from './names.ts';
import type { Work } from './work.ts';

const NOTE = '(It holds credentials, so what stands in it is not shown.)\n';

/** A diff in which files that hold credentials are named, and nothing else of them is said. */
export function withoutClosed(text: string, { top, isClosed }: Pick<Work, 'top' | 'isClosed'>): string {
  // What stands in a file has a sign or a blank before it.
  return text
    .split(/^(?=diff --(?:git|cc|combined) )/m)
    .map((section) => {
      const body = /^@@/m.exec(section)?.index;
      if (body === undefined) return section;
      const head = section.slice(0, body);
      const names = head.split('\n').flatMap((line) => nameIn(line) ?? []);
      return names.some((name) => isClosed(join(top, name))) ? head + NOTE : section;
    })
    .join('');
}

/** Of a line such as `+++ b/name`, `rename from name`; in quotes where git has put it in some. */
function nameIn(line: string): string | undefined {
  const [, name] =
    /^(?:---|\+\+\+|(?:rename|copy) (?:from|to)|diff --(?:cc|combined)) (.+?)\t?$/.exec(line) ?? [];
  return name === undefined ? undefined : pathOf(name).replace(line.startsWith('diff') ? '' : /^[ab]\//, '');
}
