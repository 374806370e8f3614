import type { CliOption } from './cli-command.ts';

/** Commands that print one object for programs. */
export const JSON_OPTION: CliOption = { flags: '--json', summary: 'as JSON' };
