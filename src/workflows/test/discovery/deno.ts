import { USUAL_NAMES, type Ecosystem } from './part-view.ts';
import { asMapping, jsonMapping } from './structured.ts';

const FILES = ['deno.json', 'deno.jsonc'];

export const deno: Ecosystem = {
  name: 'deno',
  markers: FILES,
  find(part) {
    const file = part.first(...FILES);
    if (file === undefined) return;
    const manifest = jsonMapping(part.text(file), true);
    if (manifest === undefined) return part.note(`${file} is no readable JSON mapping`);
    const tasks = new Map(
      Object.entries(asMapping(manifest['tasks']) ?? {})
        .slice(0, 500)
        .map(([name, task]) => [name, typeof task === 'string' ? task : undefined]),
    );
    part.framework('deno test', 'tests', file, 'tasks');
    part.named(tasks, USUAL_NAMES, { file, key: 'tasks.', toArgv: (name) => ['deno', 'task', name] }, 8000);
    const sureness = part.hasCommand('unit') ? 'guess' : 'likely';
    part.command({ purpose: 'unit', argv: ['deno', 'test'], file, key: 'tasks', sureness });
  },
};
