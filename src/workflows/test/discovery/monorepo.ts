import { projectFolder } from '../project-folder.ts';
import type { PartView } from './part-view.ts';
import { asMapping, jsonMapping, texts, tomlList, tomlSections, yamlMapping } from './structured.ts';

const MOST_FOLDERS = 20;
/** Never a part of a project, whatever lies in it. */
const NOT_LOOKED_INTO =
  /^(?:\..*|node_modules|vendor|target|dist|build|out|venv|env|__pycache__|coverage|tmp|fixtures?)$/;

/** The folders of a project's workspaces, one level deep, and those right below it; at most twenty. */
export function partFolders(root: PartView): readonly string[] {
  const named = workspacePatterns(root).flatMap((pattern) => expand(root, pattern));
  const below = [...root.names].filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1));
  const all = new Set([...named, ...below].filter((folder) => isPart(folder)));
  if (all.size > MOST_FOLDERS)
    root.note(`only ${MOST_FOLDERS} of ${all.size} folders were looked into; --dir names one`);
  return [...all].slice(0, MOST_FOLDERS);
}

function isPart(folder: string): boolean {
  return (
    folder !== '.' &&
    /^[\w@.+/ -]{1,120}$/.test(folder) &&
    !folder.split('/').some((name) => NOT_LOOKED_INTO.test(name))
  );
}

function workspacePatterns(root: PartView): readonly string[] {
  const has = (file: string): string | undefined => (root.has(file) ? root.text(file) : undefined);
  const field = jsonMapping(has('package.json'))?.['workspaces'];
  const uses = (has('go.work') ?? '').matchAll(/^[ \t]*(?:use[ \t]+)?(\.\/[\w./-]{1,100})[ \t]*$/gm);
  return [
    ...texts(field),
    ...texts(asMapping(field)?.['packages']),
    ...texts(yamlMapping(has('pnpm-workspace.yaml'))?.['packages']),
    ...tomlList(tomlSections(has('Cargo.toml')).get('workspace'), 'members'),
    ...tomlList(tomlSections(has('pyproject.toml')).get('tool.uv.workspace'), 'members'),
    ...[...uses].map(([, folder = '']) => folder),
  ].slice(0, 100);
}

/** `apps/*` is each folder in `apps`; deeper patterns are not followed. */
function expand(root: PartView, pattern: string): readonly string[] {
  const all = /^(?:\.\/)?(.+?)\/\*{1,2}$/.exec(pattern.slice(0, 200))?.[1];
  const folder = projectFolder(all ?? pattern);
  if (folder === undefined || folder.includes('*')) return [];
  if (all === undefined) return [folder];
  return root
    .list(folder)
    .filter((name) => name.endsWith('/'))
    .map((name) => `${folder}/${name.slice(0, -1)}`);
}
