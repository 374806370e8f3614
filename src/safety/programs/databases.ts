import { hostKind } from '../sandbox/hosts.ts';
import type { Act, Word } from '../types.ts';
import { wordSet } from '../word-set.ts';
import { hostIn } from './host-in.ts';
import { parseOptions } from './options.ts';
import type { OptionNames, ParsedOptions } from './options.ts';
import { program } from './program.ts';
import { readSql } from './sql.ts';
import type { SqlDialect } from './sql.ts';
import { flag, onlyShows, value } from './table.ts';
import type { ProgramReading, Touch } from './table.ts';

/** How a program that runs SQL takes its words. */
type Client = {
  readonly dialect: SqlDialect;
  readonly names: OptionNames;
  readonly shows: ReadonlySet<string>;
  /** Options whose values are SQL, and those that name the server. */
  readonly sql: ReadonlySet<string>;
  readonly hosts: ReadonlySet<string>;
  /** Options that look by themselves: `psql -l`. */
  readonly lists?: ReadonlySet<string>;
  /** The first operand is a file, and those behind it are SQL: `sqlite3 app.db 'SELECT 1'`. */
  readonly ofFile?: boolean;
  /** What is neither a statement nor unknown: `\d users`, `.tables`. */
  readonly command: RegExp;
};

const NEVER = /^(?!)/;

/** Programs that run SQL. What comes from a file or from standard input is unknown. */
function client(kind: Client): (words: readonly Word[]) => ProgramReading {
  return (words) => {
    const parsed = parseOptions(words, kind.names);
    const isAsked = parsed.options.some(({ name }) => kind.sql.has(name));
    if (!isAsked && parsed.options.some(({ name }) => kind.shows.has(name)) && parsed.unlisted.length === 0)
      return NOTHING;
    const doubts = parsed.unlisted.map((text) => `what ${JSON.stringify(text)} does there is not known`);
    const [first, ...behind] = parsed.operands;
    const texts = parsed.options.filter(({ name }) => kind.sql.has(name)).map(({ value }) => value);
    if (kind.ofFile === true) texts.push(...behind);
    const acts = new Set<Act>();
    for (const text of texts) readText(text, kind, acts, doubts);
    const isListing = parsed.options.some(({ name }) => kind.lists?.has(name) === true);
    if (isListing) acts.add('read-remote');
    else if (texts.length === 0) doubts.push('what it is to run comes from elsewhere');
    const touches = kind.ofFile === true ? filesOf(first, acts) : [];
    const isLocal = kind.ofFile === true && [...acts].every((act) => act === 'read-remote');
    const unknowns = doubts.map((why) => ({ about: 'option' as const, why }));
    return { touches, hosts: serversOf(parsed, kind), acts: isLocal ? [] : [...acts], unknowns };
  };
}

const NOTHING: ProgramReading = { touches: [], acts: [], unknowns: [] };

function readText(text: string, kind: Client, acts: Set<Act>, doubts: string[]): void {
  const statement = kind.dialect === 'mysql' ? text.replace(/\\[gG]\s*$/, '') : text;
  if (kind.command.test(statement.trim())) {
    acts.add('read-remote');
    return;
  }
  const effect = readSql(statement, kind.dialect);
  if (effect === 'read') acts.add('read-remote');
  else if (effect === 'change') acts.add('change-remote');
  else if (effect === 'destroy') acts.add('destroy-remote');
  else doubts.push('what this SQL does is not known');
}

/** `:memory:` is no file. */
function filesOf(name: string | undefined, acts: ReadonlySet<Act>): Touch[] {
  if (name === undefined || name === '' || name === ':memory:') return [];
  const path = name.replace(/^file:([^?]*).*$/s, '$1');
  const changes = acts.has('change-remote') || acts.has('destroy-remote');
  return [{ kind: changes ? 'write' : 'read', path }];
}

/** Servers elsewhere; this machine's own are no network. */
function serversOf({ options, operands }: ParsedOptions, kind: Client): (string | undefined)[] {
  const named = options.filter(({ name }) => kind.hosts.has(name)).map(({ value }) => value);
  const inUrls = [...operands, ...options.map(({ value }) => value)].flatMap((text) => {
    if (/^\w+:\/\//.test(text)) return [text];
    const host = /(?:^|\s)host(?:addr)?\s*=\s*(\S+)/.exec(text)?.[1];
    return host === undefined ? [] : [host];
  });
  return [...named.filter((name) => !name.startsWith('/')), ...inUrls]
    .map((text) => hostIn(text))
    .filter((host) => host === undefined || hostKind(host) !== 'loopback');
}

/** psql(1). Output to files and pipes, scripts and variables are left out. */
const psql = client({
  dialect: 'postgres',
  names: {
    flags: wordSet(`
      -A -H -t -x -X -q -l -w -W -1 -a -b -e -E -n -z -0 -S -s -V -? --help --version --list --tuples-only --no-align
      --html --expanded --no-psqlrc --quiet --no-password --password --csv --echo-queries --single-transaction
    `),
    values: wordSet(`
      -c --command -d --dbname -h --host -p --port -U --username -F --field-separator -R --record-separator
      -P --pset -T --table-attr -v --set --variable
    `),
  },
  shows: wordSet('-? -V --help --version'),
  sql: wordSet('-c --command'),
  hosts: wordSet('-h --host'),
  lists: wordSet('-l --list'),
  command: /^\\(?:d[a-zA-Z]*\+?|l\+?|z|conninfo|encoding|sf\+?|sv\+?|timing)(?:\s+[\w.*"?]+)?$/,
});

/** mysql(1) and mariadb(1). Files of settings, plug-ins and pagers are left out. */
const mysql = client({
  dialect: 'mysql',
  names: {
    flags: wordSet(`
      -? --help -V --version -B --batch -H --html -X --xml -N --skip-column-names -t --table -s --silent -r --raw
      -v --verbose -q --quick -E --vertical -C --compress -f --force -n -w --wait -A --no-auto-rehash --ssl
    `),
    values: wordSet(`
      -e --execute -D --database -h --host -u --user -P --port -S --socket --protocol --password --ssl-mode
      --ssl-ca --connect-timeout --default-character-set
    `),
    attached: wordSet('-p'),
  },
  shows: wordSet('-? -V --help --version'),
  sql: wordSet('-e --execute'),
  hosts: wordSet('-h --host'),
  command: NEVER,
});

/** sqlite3(1). Its dot commands can run programs and write files; only those that look are known. */
const sqlite3 = client({
  dialect: 'sqlite',
  names: {
    flags: wordSet(`
      -help --help -version --version -readonly -safe -json -csv -table -line -column -header -noheader -html -list
      -markdown -box -quote -tabs -ascii -batch -bail -echo -stats -nofollow -memtrace
    `),
    values: wordSet('-cmd -separator -nullvalue -newline -mmap -maxsize'),
  },
  shows: wordSet('-help --help -version --version'),
  sql: wordSet('-cmd'),
  hosts: new Set(),
  ofFile: true,
  command:
    /^\.(?:tables|schema|indexes|indices|databases|dbinfo|fullschema|show|help|stats|headers?|mode|width|nullvalue|separator|timeout|timer|changes|eqp|version|dbconfig)(?: +[\w.%*-]+)*$/,
});

/** duckdb(1): SQL stands behind the file, or behind `-c` and `-s`. */
const duckdb = client({
  dialect: 'duckdb',
  names: {
    flags: wordSet(`
      -help --help -h -version --version -readonly -safe -json -csv -table -line -column -header -noheader -html
      -list -markdown -box -quote -ascii -batch -bail -echo -stats -no-stdin -jsonlines -latex
    `),
    values: wordSet('-c -s -cmd -separator -nullvalue -newline'),
  },
  shows: wordSet('-help --help -h -version --version'),
  sql: wordSet('-c -s -cmd'),
  hosts: new Set(),
  ofFile: true,
  command: /^\.(?:tables|schema|databases|show|help|mode|headers?|timer|indexes)(?: +[\w.%*-]+)*$/,
});

const clickhouse = client({
  dialect: 'other',
  names: {
    flags: wordSet('--help -V --version -m --multiline -n --multiquery -t --time -E --vertical --stacktrace'),
    values: wordSet('-q --query -h --host --port -u --user --password -d --database -f --format'),
  },
  shows: wordSet('--help -V --version'),
  sql: wordSet('-q --query'),
  hosts: wordSet('-h --host'),
  command: NEVER,
});

/** sqlcmd(1) of Microsoft: `sqlcmd query '…'` of the new one, `-Q '…'` of the old. */
const SQLCMD: Client = {
  dialect: 'other',
  names: {
    flags: wordSet('--help -? --version -E -C -N -I -W -b -k'),
    values: wordSet('-Q -q --query -t --text -d --database -S --server -U -P -h -s -w'),
  },
  shows: wordSet('--help -? --version'),
  sql: wordSet('-Q -q --query -t --text'),
  hosts: wordSet('-S --server'),
  command: NEVER,
};
const readSqlcmd = client(SQLCMD);
const readSqlcmdQuery = client({ ...SQLCMD, ofFile: true });

function sqlcmd(words: readonly Word[]): ProgramReading {
  const [first, second] = words.map((word) => (word.kind === 'static' ? word.value : ''));
  if (words.length === 1 && first === '-h') return NOTHING;
  if (first === 'config' && (second === 'view' || second === 'cs'))
    return doubtful('it shows how to connect');
  if (first !== 'query') return readSqlcmd(words);
  const memory: Word = { kind: 'static', value: ':memory:', text: '' };
  return readSqlcmdQuery([memory, ...words.slice(1)]);
}

const REDIS_LOOKING = wordSet(`
  get mget strlen getrange exists type ttl pttl keys scan dbsize info ping echo time lastsave llen lrange lindex
  hget hmget hgetall hkeys hvals hlen hexists hscan hstrlen scard smembers sismember srandmember sscan sinter
  sunion sdiff zcard zcount zrange zrangebyscore zrevrange zscore zrank zrevrank zscan xlen xrange xrevrange
  object memory slowlog command role bitcount getbit pfcount geopos geodist geohash geosearch randomkey dump
  lolwut touch
`);
const REDIS_DESTROYING = wordSet(
  'flushall flushdb del unlink hdel srem zrem lrem ltrim xdel xtrim swapdb shutdown',
);

/** redis-cli: options, then one command of the server. Without one it asks for more. */
function redisCli(words: readonly Word[]): ProgramReading {
  const names: OptionNames = {
    flags: wordSet(
      '--help --version -v --raw --no-raw --csv --json -3 -2 --no-auth-warning --bigkeys --memkeys --stat --latency --scan --tls -c',
    ),
    values: wordSet('-h -p -n -a --user --pass -u -i -r --pattern -s'),
  };
  // What stands behind the command is the command's.
  const at = commandAt(words, names);
  const parsed = parseOptions(words.slice(0, at), names);
  if (parsed.options.some(({ name }) => /^(?:--help|--version|-v)$/.test(name))) return NOTHING;
  const command = words[at];
  const name = command?.kind === 'static' ? command.value.toLowerCase() : '';
  const hosts = parsed.options
    .filter((option) => option.name === '-h' || option.name === '-u')
    .map((option) => hostIn(option.value))
    .filter((host) => host === undefined || hostKind(host) !== 'loopback');
  const doubts = parsed.unlisted.map((text) => `what ${JSON.stringify(text)} does there is not known`);
  const acts: Act[] = [];
  const looks = parsed.options.some((option) =>
    /^--(?:bigkeys|memkeys|stat|latency|scan)$/.test(option.name),
  );
  const second = words[at + 1];
  const isReset =
    /^(?:slowlog|memory)$/.test(name) &&
    !(second?.kind === 'static' && /^(?:get|len|stats|usage|doctor|help)$/i.test(second.value));
  if (isReset) acts.push('change-remote');
  else if (REDIS_LOOKING.has(name) || (looks && command === undefined)) acts.push('read-remote');
  else if (REDIS_DESTROYING.has(name)) acts.push('destroy-remote');
  else if (name === '' || /^(?:config|acl|debug|migrate|module)$/.test(name))
    doubts.push(`what ${name || 'it'} does is not known`);
  else acts.push('change-remote');
  const touches = parsed.options
    .filter(({ name: option }) => option === '-s')
    .map(({ value: path }): Touch => ({ kind: 'read', path }));
  return { touches, hosts, acts, unknowns: doubts.map((why) => ({ about: 'option', why })) };
}

function commandAt(words: readonly Word[], { values }: OptionNames): number {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    const text = word?.kind === 'static' ? word.value : '';
    if (!text.startsWith('-')) return index;
    if (values.has(text)) index += 1;
  }
  return words.length;
}

function doubtful(why: string): ProgramReading {
  return { touches: [], acts: [], unknowns: [{ about: 'option', why }] };
}

/** mongosh(1) runs JavaScript; what that does is not read. */
const mongosh = program({
  options: {
    '-h --help --version --build-info': onlyShows,
    '--quiet --norc --tls': flag,
    '--host': { takes: 'host' },
    '--port -u --username -p --password --authenticationDatabase': value,
    '--eval': { takes: 'inlineCode', acts: ['change-remote'] },
  },
  operands: { rest: 'unlisted' },
});

const serverTool = program({
  options: {
    '-? --help -V --version': onlyShows,
    '-h --host -p --port -U --username -d --dbname -t --timeout': value,
    '-q --quiet': flag,
  },
  operands: { rest: 'unlisted' },
  acts: ['read-remote'],
});

export const databases = {
  psql,
  mysql,
  mariadb: mysql,
  sqlite3,
  duckdb,
  sqlcmd,
  'redis-cli': redisCli,
  'valkey-cli': redisCli,
  mongosh,
  mongo: mongosh,
  'clickhouse-client': clickhouse,
  pg_isready: serverTool,
};
