import type { Act, Word } from '../types.ts';
import { hostIn } from './host-in.ts';
import { program } from './program.ts';
import { flag, optional, reads, value } from './table.ts';
import type { OptionRule, ProgramReading, Table } from './table.ts';

type Reader = (words: readonly Word[]) => ProgramReading;

const overwrites: OptionRule = { takes: 'flag', acts: ['rewrite-remote-history'] };

const pushing: Table = {
  options: {
    '-q -u -v -4 -6 --ipv4 --ipv6 --all --branches --tags --follow-tags --no-follow-tags --porcelain': flag,
    '--set-upstream --quiet --verbose --progress --no-progress --atomic --no-verify --verify --thin --no-thin':
      flag,
    '--no-force-with-lease --no-signed --no-recurse-submodules --no-atomic': flag,
    '-n --dry-run': flag,
    '-f --force --force-if-includes --mirror --prune -d --delete': overwrites,
    '--force-with-lease': { takes: 'optional', acts: ['rewrite-remote-history'] },
    '--signed --recurse-submodules': optional,
    '-o --push-option': value,
  },
  operands: { rest: 'data' },
  acts: ['push'],
};

const fetching = {
  '-a -f -k -m -n -p -P -q -t -u -v -4 -6 --ipv4 --ipv6 --all --no-all --append --force --keep --multiple':
    flag,
  '--no-tags --prune --prune-tags --quiet --tags --verbose --progress --no-progress --dry-run --unshallow':
    flag,
  '--update-shallow --update-head-ok --no-recurse-submodules --refetch --atomic --porcelain': flag,
  '--write-fetch-head --no-write-fetch-head --no-auto-maintenance --no-auto-gc --set-upstream': flag,
  '--show-forced-updates --no-show-forced-updates --write-commit-graph --no-write-commit-graph': flag,
  '--recurse-submodules': optional,
  '--depth --deepen --shallow-since --shallow-exclude --filter --refmap -j --jobs -o --server-option': value,
  '--negotiation-tip': value,
} as const;

const withRemote: readonly (readonly [string, Table])[] = [
  ['push', pushing],
  ['fetch', { options: fetching, operands: { rest: 'data' } }],
  [
    'pull',
    {
      options: {
        ...fetching,
        '-e -n -s --edit --no-edit --stat --no-stat --signoff --ff --no-ff --ff-only --squash --no-squash':
          flag,
        '--commit --no-commit --autostash --no-autostash --allow-unrelated-histories --no-verify --verify':
          flag,
        '--no-rebase': flag,
        '-r': { takes: 'flag', acts: ['rewrite-history'] },
        '--rebase': { takes: 'optional', acts: ['rewrite-history'] },
        '--strategy -X --strategy-option --cleanup': value,
        '-f --force': { takes: 'flag', acts: ['rewrite-history'] },
      },
      operands: { rest: 'data' },
      acts: ['change-history'],
    },
  ],
  [
    'ls-remote',
    {
      options: {
        '-b -d -h -t -q --branches --heads --tags --refs --quiet --exit-code --get-url --symref': flag,
        '--sort -o --server-option': value,
      },
      operands: { rest: 'data' },
    },
  ],
  ['remote show', { operands: { rest: 'data' } }],
  [
    'remote prune',
    { options: { '-n --dry-run': flag }, operands: { rest: 'data' }, acts: ['change-history'] },
  ],
  [
    'remote update',
    { options: { '-p --prune': flag }, operands: { rest: 'data' }, acts: ['change-history'] },
  ],
  [
    'submodule update',
    {
      options: {
        '-q -f -N --quiet --init --force --recursive --remote --no-fetch --checkout --merge --rebase --progress':
          flag,
        '--recommend-shallow --no-recommend-shallow --single-branch --no-single-branch': flag,
        '--depth -j --jobs --filter': value,
        '--reference': reads,
      },
      operands: { rest: 'data' },
      acts: ['change-history'],
    },
  ],
  [
    'lfs fetch',
    {
      options: {
        '-a --all -r --recent -p --prune -j --json -d --dry-run': flag,
        '-I --include -X --exclude': value,
      },
      operands: { rest: 'data' },
    },
  ],
  [
    'lfs pull',
    { options: { '-I --include -X --exclude': value }, operands: { rest: 'data' }, acts: ['change-history'] },
  ],
  ['lfs push', { options: { '-a --all -d --dry-run': flag }, operands: { rest: 'data' }, acts: ['push'] }],
];

/** Subcommands that contact a remote: by its name in the settings, or by an address. */
export const gitRemote: readonly (readonly [string, Reader])[] = [
  ...withRemote.map(([name, table]) => [name, contacting(table, name)] as const),
  ['clone', readClone],
  [
    'submodule add',
    program({
      options: { '-q -f --quiet --force': flag, '-b --branch --name --depth': value },
      operands: { first: ['url', 'writes'], rest: 'unlisted' },
      acts: ['change-history'],
    }),
  ],
];

function contacting(table: Table, name: string): Reader {
  const read = program(table);
  const operandsOf = operandReader(table);
  return (words) => {
    const reading = read(words);
    const [remote, ...refs] = operandsOf(words);
    const contact = contactOf(remote);
    const doubt = words.some((word) => word.kind === 'unknown') ? [VAGUE] : [];
    const acts: Act[] = [];
    // `+main` and `:main` overwrite and delete as --force and --delete do.
    if (name === 'push' && refs.concat(remote ?? '').some((ref) => /^[+:]./.test(ref)))
      acts.push('rewrite-remote-history');
    if (name === 'fetch' && refs.some((ref) => ref.includes(':')))
      acts.push(refs.some((ref) => ref.startsWith('+')) ? 'rewrite-history' : 'change-history');
    return {
      ...reading,
      touches: [...reading.touches, ...contact.touches],
      hosts: [...(reading.hosts ?? []), ...(contact.hosts ?? [])],
      acts: [...reading.acts, ...acts],
      unknowns: [...reading.unknowns, ...contact.unknowns, ...doubt],
    };
  };
}

/** The operands as text, told from the values of options by the same table. */
function operandReader(table: Table): (words: readonly Word[]) => string[] {
  const read = program({ ...table, operands: { rest: 'reads' }, options: withoutPaths(table.options) });
  return (words) => read(words).touches.map(({ path }) => path);
}

function withoutPaths(options: Table['options'] = {}): Table['options'] {
  return Object.fromEntries(
    Object.entries(options).map(([names, rule]) => [
      names,
      { takes: rule.takes === 'flag' || rule.takes === 'optional' ? rule.takes : 'data' } as const,
    ]),
  );
}

const VAGUE = { about: 'word', why: 'which remote and which branches it is about is not known' } as const;

const HELPER = /^[\w+.-]+::/;

function contactOf(remote: string | undefined): ProgramReading {
  if (remote === undefined || !/[:/]/.test(remote)) return { ...NOTHING, hosts: [undefined] };
  // `ext::sh -c …` names a program that speaks to the other side.
  if (HELPER.test(remote)) {
    const why = `what git runs for ${JSON.stringify(remote)} is not known`;
    return { ...NOTHING, hosts: [undefined], unknowns: [{ about: 'option', why }] };
  }
  if (/^file:|^[./~]/i.test(remote) || !/:/.test(remote)) {
    const path = remote.replace(/^file:\/\//i, '');
    return { ...NOTHING, touches: [{ kind: 'read', path }] };
  }
  return { ...NOTHING, hosts: [hostIn(remote)] };
}

const cloning: Table = {
  options: {
    '-l -n -q -s -v -4 -6 --local --no-local --no-hardlinks --no-checkout --bare --mirror --shared --quiet':
      flag,
    '--verbose --progress --single-branch --no-single-branch --no-tags --sparse --dissociate': flag,
    '--also-filter-submodules --shallow-submodules --remote-submodules --reject-shallow --no-reject-shallow':
      flag,
    '--recurse-submodules --recursive': optional,
    '-b --branch --depth --shallow-since --shallow-exclude --filter -j --jobs -o --origin --revision': value,
    '--server-option': value,
    '--reference --reference-if-able': reads,
    '-c --config -u --upload-pack': { takes: 'unlisted' },
  },
  operands: { rest: 'data' },
};
const cloneReader = program(cloning);
const cloneOperands = operandReader(cloning);

function readClone(words: readonly Word[]): ProgramReading {
  const reading = cloneReader(words);
  const [source = '', folder] = cloneOperands(words);
  const contact = contactOf(/[:/]/.test(source) || source === '' ? source || undefined : `./${source}`);
  const name = /([^/:]+?)(?:\.git)?\/*$/.exec(source)?.[1];
  const target = folder ?? name;
  const touches = [...reading.touches, ...contact.touches];
  if (target !== undefined) touches.push({ kind: 'write', path: target });
  return { ...reading, touches, hosts: contact.hosts, unknowns: [...reading.unknowns, ...contact.unknowns] };
}

const NOTHING: ProgramReading = { touches: [], acts: [], unknowns: [] };
