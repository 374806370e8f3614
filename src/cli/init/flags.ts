import { settingTable } from '../../config/settings.ts';
import { PersonError } from '../../errors.ts';
import type { CliOption } from '../commands/cli-command.ts';

/** What stands behind `leashd init`: an answer for each question. */
export const INIT_OPTIONS: readonly CliOption[] = [
  {
    flags: '--directory <path>',
    summary: 'a directory that Claude may work in; repeatable',
    isRepeatable: true,
  },
  { flags: '--token-file <file>', summary: 'the file that holds the bot token' },
  {
    flags: '--token <token>',
    summary: 'the bot token; - reads it from the standard input, where nobody sees it',
  },
  { flags: '--no-telegram', summary: 'no bot: leashd opens in the terminal' },
  { flags: '--owner <id>', summary: 'the Telegram user ID of whom the bot serves, instead of pairing' },
  { flags: '--pair', summary: 'pair anew, also where there is an owner' },
  { flags: '--no-pair', summary: 'pair later: leashd shows a code when it starts' },
  {
    flags: '--policy <name>',
    summary: 'strict, looks-only, default or permissive, or policy files of your own',
  },
  { flags: '--service', summary: 'install the service, so that leashd starts with the machine' },
  { flags: '--no-service', summary: 'no service' },
  { flags: '--start', summary: 'start leashd at the end' },
  { flags: '--no-start', summary: 'do not start it' },
  { flags: '-y, --yes', summary: 'ask nothing: take what is suggested for all that no flag answers' },
];

export type TokenFlag =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'stdin' }
  | { readonly kind: 'none' };

export type InitFlags = {
  readonly directories: readonly string[];
  readonly token: TokenFlag | undefined;
  readonly owner: number | undefined;
  readonly pair: boolean | undefined;
  readonly policy: string | undefined;
  readonly service: boolean | undefined;
  readonly start: boolean | undefined;
  readonly isYes: boolean;
};

/** @throws PersonError for flags that contradict each other, and for values that can't be. */
export function readFlags(options: Readonly<Record<string, unknown>>): InitFlags {
  const text = (name: string): string | undefined => {
    const value = options[name];
    return typeof value === 'string' ? value : undefined;
  };
  const choice = (name: string): boolean | undefined => {
    const value = options[name];
    return typeof value === 'boolean' ? value : undefined;
  };
  const directories = options['directory'];
  const flags: InitFlags = {
    directories: Array.isArray(directories) ? directories.map(String) : [],
    token: tokenFlag(text('token'), text('tokenFile'), choice('telegram') === false),
    owner: ownerId(text('owner')),
    pair: choice('pair'),
    policy: text('policy'),
    service: choice('service'),
    start: choice('start'),
    isYes: choice('yes') === true,
  };
  refuseContradictions(flags);
  return flags;
}

function tokenFlag(
  token: string | undefined,
  path: string | undefined,
  isNone: boolean,
): TokenFlag | undefined {
  const given = [
    ...(token === undefined ? [] : ['--token']),
    ...(path === undefined ? [] : ['--token-file']),
    ...(isNone ? ['--no-telegram'] : []),
  ];
  if (given.length > 1) throw contradiction(given);
  if (isNone) return { kind: 'none' };
  if (path !== undefined) return { kind: 'file', path };
  if (token === undefined) return undefined;
  return token === '-' ? { kind: 'stdin' } : { kind: 'value', value: token };
}

function ownerId(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const read = settingTable.approverIds.schema.safeParse(given);
  const [id, ...others] = read.success ? read.data : [];
  if (id !== undefined && others.length === 0) return id;
  throw new PersonError(
    'OWNER_INVALID',
    `--owner: expected one Telegram user ID, got ${JSON.stringify(given)}`,
    {
      hint: '@userinfobot tells you yours; or leave it out and pair.',
    },
  );
}

function refuseContradictions({ token, owner, pair, service }: InitFlags): void {
  if (owner !== undefined && pair !== undefined)
    throw contradiction(['--owner', pair ? '--pair' : '--no-pair']);
  if (token?.kind !== 'none') return;
  if (owner !== undefined) throw contradiction(['--no-telegram', '--owner']);
  if (pair === true) throw contradiction(['--no-telegram', '--pair']);
  if (service === true) throw contradiction(['--no-telegram', '--service']);
}

function contradiction(flags: readonly string[]): PersonError {
  return new PersonError('FLAGS_CONTRADICT', `expected one of ${flags.join(' and ')}, got both`);
}
