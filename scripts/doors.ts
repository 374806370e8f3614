// Which room may go into which: `npm run check:doors` reads every import under src/ and names those that have no door.
import { readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix, relative } from 'node:path';
import { findDoorFaults, type SourceFile } from './door-rules.ts';

const root = join(import.meta.dirname, '..');

function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({
      path: relative(root, path).split('\\').join(posix.sep),
      text: readFileSync(path, 'utf8'),
    }));
}

const files = sourceFiles(join(root, 'src'));
const faults = findDoorFaults(files, new Set(builtinModules));
for (const fault of faults) console.error(fault);
if (files.length === 0) console.error('no source files were found: run this from the project');
console.log(`${files.length} files, ${faults.length} imports without a door`);
process.exitCode = faults.length > 0 || files.length === 0 ? 1 : 0;
