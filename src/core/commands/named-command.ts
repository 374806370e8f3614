import { nearest } from '../../util/nearest.ts';
import type { Command } from './command.ts';

/** The command of that name or alias. */
export function commandNamed(commands: readonly Command[], name: string): Command | undefined {
  return commands.find((command) => namesOf(command).includes(name));
}

/** What is said to a name that no command has. */
export function unknownCommand(name: string, commands: readonly Command[]): string {
  const meant = nearest(name, commands.flatMap(namesOf));
  return `There is no /${name}.${meant === undefined ? '' : ` Did you mean /${meant}?`} /help lists the commands.`;
}

function namesOf({ name, aliases = [] }: Command): readonly string[] {
  return [name, ...aliases];
}
