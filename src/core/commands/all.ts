import { clearCommand } from './clear.ts';
import type { Command } from './command.ts';
import { dirCommand } from './dir.ts';
import { fileCommand } from './file.ts';
import { gitCommand } from './git/git.ts';
import { grantsCommand } from './grants.ts';
import { healerCommand } from './healer.ts';
import { helpCommand } from './help.ts';
import { historyCommand } from './history.ts';
import { defaultCommand, editCommand, planCommand } from './modes.ts';
import { pendingCommand } from './pending.ts';
import { rulesCommand } from './rules.ts';
import { startCommand } from './start.ts';
import { statusCommand } from './status.ts';
import { stopCommand } from './stop.ts';
import { testCommand } from './test.ts';
import { workspaceCommand } from './workspace.ts';

/** In the order of the command menu. */
export const COMMANDS: readonly Command[] = [
  stopCommand,
  statusCommand,
  pendingCommand,
  historyCommand,
  fileCommand,
  gitCommand,
  testCommand,
  dirCommand,
  workspaceCommand,
  planCommand,
  editCommand,
  defaultCommand,
  healerCommand,
  grantsCommand,
  rulesCommand,
  clearCommand,
  helpCommand,
  startCommand,
];
