import { addSubcommand } from './add.ts';
import { branchSubcommand } from './branch.ts';
import { checkoutSubcommand } from './checkout.ts';
import { commitSubcommand } from './commit.ts';
import { diffSubcommand } from './diff.ts';
import { fetchSubcommand } from './fetch.ts';
import type { GitSubcommand } from './git-task.ts';
import { logSubcommand } from './log.ts';
import { mergeSubcommands } from './merge-conflicts.ts';
import { mergeSubcommand } from './merge.ts';
import { pullSubcommand } from './pull.ts';
import { pushSubcommand } from './push.ts';
import { repoSubcommand } from './repo.ts';
import { stashListSubcommand, stashPopSubcommand, stashSubcommand } from './stash.ts';
import { statusSubcommand } from './status.ts';
import { undoSubcommand } from './undo.ts';
import { unstageSubcommand } from './unstage.ts';

/** In the order of their list. */
export const GIT_SUBCOMMANDS: readonly GitSubcommand[] = [
  statusSubcommand,
  diffSubcommand,
  logSubcommand,
  addSubcommand,
  unstageSubcommand,
  commitSubcommand,
  undoSubcommand,
  pushSubcommand,
  pullSubcommand,
  fetchSubcommand,
  branchSubcommand,
  checkoutSubcommand,
  mergeSubcommand,
  ...mergeSubcommands,
  stashSubcommand,
  stashPopSubcommand,
  stashListSubcommand,
  repoSubcommand,
];
