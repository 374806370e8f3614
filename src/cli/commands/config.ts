import { describeSettings } from '../../config/describe-settings.ts';
import { loadSettings } from '../../config/load-settings.ts';
import type { CliCommand } from './cli-command.ts';
import { JSON_OPTION } from './json-option.ts';

export const configCommand: CliCommand = {
  name: 'config',
  summary: 'Print each setting, its value and where it came from',
  options: [JSON_OPTION],
  run: async ({ options, surroundings }) => {
    const loaded = loadSettings(surroundings);
    const rows = describeSettings(loaded);
    if (options['json'] === true) {
      surroundings.output.write(`${JSON.stringify(rows, null, 2)}\n`);
      return 0;
    }
    const nameWidth = Math.max(...rows.map(({ env }) => env.length));
    for (const { env, value, origin } of rows) {
      surroundings.output.write(`${env.padEnd(nameWidth)}  ${value}  (${origin})\n`);
    }
    for (const warning of loaded.warnings) surroundings.errorOutput.write(`warning: ${warning}\n`);
    return 0;
  },
};
