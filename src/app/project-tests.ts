import type { ProjectTests } from '../core/ports/project-tests.ts';
import { discover } from '../workflows/test/discovery/discover.ts';
import { commandsFor } from '../workflows/test/discovery/discovery.ts';
import { diskFolder } from '../workflows/test/folder-view.ts';

/** As /test finds them. */
export const projectTests: ProjectTests = {
  find: async (directory) => {
    const found = discover(diskFolder(directory), { directory: { value: '.', by: 'project' } });
    return commandsFor(found, 'unit', 'integration').map(({ argv, folder }) => ({
      words: argv.join(' '),
      folder,
    }));
  },
};
