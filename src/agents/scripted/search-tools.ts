import { readFile, readdir } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';

type SearchInput = { readonly pattern: string; readonly path?: string | undefined };

const SKIPPED = new Set(['.git', 'node_modules']);
const MAX_FOUND = 1_000;

/** The files below a folder whose path matches: `*`, `?`, `**` and `{a,b}` as a shell has them. */
export async function glob(directory: string, { pattern, path = '.' }: SearchInput): Promise<string> {
  const folder = resolve(directory, path);
  const matches = globExpression(pattern);
  const found = (await filesIn(folder)).filter((file) =>
    matches.test(relative(folder, file).split(sep).join('/')),
  );
  return found.slice(0, MAX_FOUND).join('\n');
}

/** The lines that match a regular expression of JavaScript's: `src/app.js:12:the line`. */
export async function grep(directory: string, { pattern, path = '.' }: SearchInput): Promise<string> {
  const expression = new RegExp(pattern);
  const found: string[] = [];
  for (const file of await filesIn(resolve(directory, path))) {
    const lines = (await readFile(file, 'utf8')).split('\n');
    for (const [index, line] of lines.entries()) {
      if (expression.test(line)) found.push(`${relative(directory, file)}:${index + 1}:${line}`);
    }
  }
  return found.slice(0, MAX_FOUND).join('\n');
}

/** Links are not followed. */
async function filesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isFile()) files.push(path);
    else if (entry.isDirectory() && !SKIPPED.has(entry.name)) files.push(...(await filesIn(path)));
  }
  return files;
}

const GLOB_PARTS: readonly (readonly [RegExp, string])[] = [
  [/^\*\*\//, '(?:[^/]+/)*'],
  [/^\*\*/, '.*'],
  [/^\*/, '[^/]*'],
  [/^\?/, '[^/]'],
  [/^\{/, '(?:'],
  [/^\}/, ')'],
  [/^,/, '|'],
];

function globExpression(pattern: string): RegExp {
  let source = '';
  for (let rest = pattern; rest !== '';) {
    const part = GLOB_PARTS.find(([form]) => form.test(rest));
    const text = part?.[0].exec(rest)?.[0] ?? rest.charAt(0);
    source += part?.[1] ?? text.replaceAll(/[.+^$()|[\]\\]/g, String.raw`\$&`);
    rest = rest.slice(text.length);
  }
  return new RegExp(`^${source}$`);
}
