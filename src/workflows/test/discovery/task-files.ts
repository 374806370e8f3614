import { USUAL_NAMES, type Ecosystem, type PartView } from './part-view.ts';
import { asMapping, yamlMapping } from './structured.ts';

type TaskFile = {
  readonly name: string;
  readonly files: readonly string[];
  readonly program: string;
  readonly targets: (text: string) => ReadonlyMap<string, string | undefined>;
};

const TASK_FILES: readonly TaskFile[] = [
  { name: 'make', files: ['Makefile', 'makefile', 'GNUmakefile'], program: 'make', targets: makeTargets },
  { name: 'just', files: ['justfile', 'Justfile', '.justfile'], program: 'just', targets: justRecipes },
  {
    name: 'task',
    files: ['Taskfile.yml', 'Taskfile.yaml', 'taskfile.yml', 'taskfile.yaml'],
    program: 'task',
    targets: taskNames,
  },
];

/** Makefile, justfile and Taskfile: targets with names that people use for tests and servers. */
export const taskFiles: readonly Ecosystem[] = TASK_FILES.map(({ name, files, program, targets }) => ({
  name,
  markers: files,
  find(part: PartView) {
    const file = part.first(...files);
    const text = file === undefined ? undefined : part.text(file);
    if (file === undefined || text === undefined) return;
    part.named(targets(text), USUAL_NAMES, { file, key: '', toArgv: (target) => [program, target] });
  },
}));

const MOST_LINES = 5000;

/** The first line of a recipe beside its name. */
function targetsBy(text: string, head: RegExp): ReadonlyMap<string, string | undefined> {
  const lines = text.split('\n', MOST_LINES);
  const found = new Map<string, string | undefined>();
  for (const [index, line] of lines.entries()) {
    const names = head.exec(line.slice(0, 500))?.[1];
    const recipe = lines[index + 1];
    for (const name of names?.split(/\s+/) ?? [])
      if (!found.has(name))
        found.set(name, recipe !== undefined && /^\s/.test(recipe) ? recipe.trim() : undefined);
  }
  return found;
}

function makeTargets(text: string): ReadonlyMap<string, string | undefined> {
  // A target, not an assignment (`x := y`), and not a special one (`.PHONY`).
  return targetsBy(text, /^([A-Za-z0-9_][\w. :/-]*?)\s*::?(?!=)/);
}

function justRecipes(text: string): ReadonlyMap<string, string | undefined> {
  // A recipe that needs arguments is not offered.
  return targetsBy(text, /^@?([A-Za-z_][\w-]*)(?:\s+[*+]?\w+=\S+|\s+\*\w+)*\s*:(?!=)/);
}

function taskNames(text: string): ReadonlyMap<string, string | undefined> {
  const tasks = asMapping(yamlMapping(text)?.['tasks']) ?? {};
  return new Map(
    Object.keys(tasks)
      .slice(0, 500)
      .map((name) => [name, undefined]),
  );
}
