import { existsSync, realpathSync } from 'node:fs';
import { extname, join } from 'node:path';
import { PersonError } from '../../errors.ts';
import { pathForService } from './path-for-service.ts';

/** What a service is made of. No secret is among it: everybody on the machine may read such a file. */
export type ServiceParts = {
  /** Absolute paths. */
  readonly node: string;
  readonly entry: string;
  /** Where leashd starts: its `.env` and relative paths are taken from here. */
  readonly directory: string;
  /** All that leashd gets to see of the person's own environment. */
  readonly environment: Readonly<Record<string, string>>;
};

export type ServiceSource = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly startDirectory: string;
};

// Besides PATH: where Claude keeps its log-in, which certificates hold, and what text files are written in.
const ALSO: readonly (readonly [string, RegExp])[] = [
  ['CLAUDE_CONFIG_DIR', /^\//],
  ['NODE_EXTRA_CA_CERTS', /^\//],
  ['LANG', /^[\w.@-]+$/],
];

/** @throws PersonError where leashd or a folder of this name can't be a service. */
export function serviceParts({ environment, startDirectory }: ServiceSource): ServiceParts {
  const kept = ALSO.flatMap(([name, form]) => {
    const value = environment[name];
    return value !== undefined && form.test(value) ? [[name, value] as const] : [];
  });
  const parts = {
    node: lastingName(realpathSync(process.execPath)),
    entry: realpathSync(entryPoint()),
    directory: realpathSync(startDirectory),
    environment: { PATH: pathForService(environment['PATH'] ?? ''), ...Object.fromEntries(kept) },
  };
  for (const value of [parts.node, parts.entry, parts.directory, ...Object.values(parts.environment)])
    refuseUnwritable(value);
  if (/\/_npx\/|\/dlx-/.test(parts.entry)) {
    throw new PersonError('SERVICE_NOT_INSTALLED', `leashd lies in a cache that is emptied: ${parts.entry}`, {
      hint: 'Install it first: npm install -g leashd. Then: leashd service install',
    });
  }
  return parts;
}

// Links that package managers set anew at each upgrade, which takes what they lead to away.
const LINKS = [
  '/opt/homebrew/bin/node',
  '/home/linuxbrew/.linuxbrew/bin/node',
  '/usr/local/bin/node',
  '/usr/bin/node',
];

/** The link that leads to this very program, where there is one. */
export function lastingName(program: string, links: readonly string[] = LINKS): string {
  return links.find((link) => existsSync(link) && realpathSync(link) === program) ?? program;
}

/** `src/cli/main.ts` or `dist/cli/main.js`, whichever this is. */
function entryPoint(): string {
  return join(import.meta.dirname, '..', '..', 'cli', `main${extname(import.meta.filename)}`);
}

/** Those of a path in a service's file that are not there (any more). */
export function missingIn({ node, entry, directory }: Omit<ServiceParts, 'environment'>): readonly string[] {
  return [node, entry, directory].filter((path) => !existsSync(path));
}

function refuseUnwritable(value: string): void {
  const isOdd = /\p{Cc}|\p{Cs}|[\\\s]$/u.test(value) || value.includes('\uFFFD');
  if (!isOdd) return;
  throw new PersonError(
    'SERVICE_PATH_ODD',
    `${JSON.stringify(value)} has a line break or another control character in it, or ends in a blank or a backslash, and can't stand in a service's file`,
    { hint: 'Give the folder a plainer name, or start leashd without a service: leashd start' },
  );
}
