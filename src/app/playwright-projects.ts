import type { PlaywrightProjects } from '../core/ports/playwright-projects.ts';
import { discover } from '../workflows/test/discovery/discover.ts';
import { commandsFor } from '../workflows/test/discovery/discovery.ts';
import { diskFolder } from '../workflows/test/folder-view.ts';

/** Projects on the disk, as /test finds them. */
export const playwrightProjects: PlaywrightProjects = {
  find: (directory) => {
    const found = discover(diskFolder(directory), { directory: { value: '.', by: 'person' } });
    const folders = found.frameworks.flatMap(({ name, folder }) => (name === 'playwright' ? [folder] : []));
    return [...new Set(folders)].map((folder) => {
      const own = commandsFor(found, 'e2e').filter((command) => command.folder === folder);
      return { folder, commands: own.map(({ argv }) => argv.join(' ')) };
    });
  },
};
