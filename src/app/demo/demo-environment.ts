import { delimiter, dirname } from 'node:path';
import process from 'node:process';

/**
 * The environment of the demo's commands: enough to find programs and nothing that is the person's, so that no
 * git setting of theirs (signing, hooks, a credential helper) takes part and none of their secrets is near.
 */
export function demoEnvironment(): Readonly<Record<string, string>> {
  const { PATH = '/usr/bin:/bin', HOME, TMPDIR, LANG } = process.env;
  return {
    // `node` is to be the one that leashd runs on.
    PATH: [dirname(process.execPath), PATH].join(delimiter),
    ...(HOME === undefined ? {} : { HOME }),
    ...(TMPDIR === undefined ? {} : { TMPDIR }),
    ...(LANG === undefined ? {} : { LANG }),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    NO_COLOR: '1',
  };
}
