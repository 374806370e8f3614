import { clearCommand } from './clear.ts';
import type { Command } from './command.ts';
import { dirCommand } from './dir.ts';
import { helpCommand } from './help.ts';
import { defaultCommand, editCommand, planCommand } from './modes.ts';
import { startCommand } from './start.ts';
import { statusCommand } from './status.ts';
import { stopCommand } from './stop.ts';

/** In the order of the command menu. */
export const COMMANDS: readonly Command[] = [
  stopCommand,
  statusCommand,
  dirCommand,
  planCommand,
  editCommand,
  defaultCommand,
  clearCommand,
  helpCommand,
  startCommand,
];
