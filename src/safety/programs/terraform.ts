import type { Word } from '../types.ts';
import { program } from './program.ts';
import { withTable } from './subcommand-length.ts';
import { each, withOptions } from './subcommands.ts';
import { flag, onlyShows, optional, reads, value, writes } from './table.ts';
import { TableReading } from './table-reading.ts';
import type { OptionRule, ProgramReading, Table, Touch } from './table.ts';

const help = { '-h -help --help': onlyShows };
const directory: OptionRule = { takes: 'directory' };

/** Terraform's own way to write options: one dash, and `=` before the value. */
const shared: NonNullable<Table['options']> = {
  ...help,
  '-json -no-color -raw -compact-warnings -destroy -refresh-only -refresh -detailed-exitcode -verbose': flag,
  '-draw-cycles -diff -check -recursive -list -or-create -lock -input -auto-approve -upgrade -reconfigure':
    flag,
  '-migrate-state -force-copy -backend -get -ignore-remote-version -allow-missing -update -force': flag,
  '-target -replace -parallelism -lock-timeout -var -type -module-depth -filter -id -platform': value,
  '-var-file -state -plan -backend-config -lockfile': reads,
  '-out -state-out -backup -generate-config-out': writes,
};

/** `-refresh=false` and such say yes or no, or name something. */
const yesOrNo: NonNullable<Table['options']> = {
  '-refresh -list -lock -input -backend -get -upgrade -auto-approve': optional,
};

const table = (operands: Table['operands'], acts: NonNullable<Table['acts']>): Table => ({ operands, acts });

/**
 * Terraform 1.x and OpenTofu (developer.hashicorp.com/terraform/cli). A plan runs the providers, and programs that
 * the project names as `external` data; what is only read back from the state does not.
 */
const terraform: Table = {
  options: { ...help, '-v -version --version': onlyShows, '-chdir': directory },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(
    { ...shared, ...yesOrNo },
    {
      ...each(
        // state pull is left out: it shows all secrets that the state holds.
        'show, state list, state show, output, providers, providers schema, version, graph',
        {
          operands: { rest: 'data' },
          acts: ['read-remote'],
        },
      ),
      show: table({ rest: 'reads' }, ['read-remote']),
      ...each(
        'validate, modules, metadata functions, workspace list, workspace show',
        table({ rest: 'data' }, ['read-remote']),
      ),
      // In place, unless it only looks: `-check`, `-write=false`.
      fmt: {
        options: {
          '-check -check=true -write=false': { takes: 'flag', operands: 'readsTree' },
        },
        operands: { rest: 'writes', none: '.' },
      },
      ...each('plan, refresh, test, console', table({ rest: 'data' }, ['read-remote', 'run-project-code'])),
      ...each(
        'init, get, providers lock, providers mirror',
        table({ rest: 'unlisted' }, ['install-packages']),
      ),
      ...each(
        'apply, import, taint, untaint, force-unlock, state mv, state rm, state push',
        table({ rest: 'data' }, ['change-remote', 'run-project-code']),
      ),
      ...each(
        'state replace-provider, workspace new, workspace select',
        table({ rest: 'data' }, ['change-remote']),
      ),
      ...each('destroy, workspace delete', table({ rest: 'data' }, ['destroy-remote', 'run-project-code'])),
    },
  ),
};

/** Packer (developer.hashicorp.com/packer/docs/commands). */
const packer: Table = {
  options: { ...help, '-v -version --version': onlyShows, '-machine-readable': flag },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(
    { ...help, '-machine-readable -syntax-only -no-warn-undeclared-var': flag },
    {
      ...each('validate, inspect', {
        options: { '-var -except -only': value, '-var-file': reads },
        operands: { rest: 'reads' },
      }),
      fmt: {
        options: {
          '-check -write=false': { takes: 'flag', operands: 'reads' },
          '-diff': flag,
          '-recursive': flag,
        },
        operands: { rest: 'writes' },
      },
      version: { operands: { rest: 'data' } },
      ...each('plugins installed, plugins required', { operands: { rest: 'reads' } }),
      ...each('build, console', {
        options: {
          '-var -except -only -on-error -parallel-builds -timestamp-ui': value,
          '-var-file': reads,
          '-force -debug -color': flag,
        },
        operands: { rest: 'reads' },
        acts: ['run-project-code', 'change-remote'],
      }),
      ...each('init, plugins install', { operands: { rest: 'unlisted' }, acts: ['install-packages'] }),
    },
  ),
};

/** AWS CDK: every command runs the project's app to know its stacks; `doctor` and `docs` do not. */
const cdk: Table = {
  options: { '-h --help --version': onlyShows, '-v --verbose --debug --no-color': flag },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(
    { '-h --help': onlyShows, '-v --verbose --debug --json -j -l --long -q --quiet -e --exclusively': flag },
    {
      // acknowledge is left out: it writes cdk.json.
      ...each('doctor, version, notices', {
        options: { '-u --unacknowledged': flag },
        operands: { rest: 'data' },
        acts: ['read-remote'],
      }),
      context: {
        options: { '--reset -e --clear': { takes: 'unlisted' } },
        operands: { rest: 'unlisted' },
        acts: ['read-remote'],
      },
      ...each('list, ls, diff, synth, synthesize, metadata', {
        options: { '--security-only --fail': flag, '-c --context --profile': value, '--template': reads },
        operands: { rest: 'data' },
        acts: ['read-remote', 'run-project-code'],
      }),
      ...each('deploy, bootstrap, import, watch, migrate, rollback', {
        options: { '--all --hotswap --force --ci': flag, '--require-approval --profile': value },
        operands: { rest: 'data' },
        acts: ['change-remote', 'run-project-code'],
      }),
      ...each('destroy, gc', {
        options: { '--all --force -f': flag, '--profile --type': value },
        operands: { rest: 'data' },
        acts: ['destroy-remote', 'run-project-code'],
      }),
    },
  ),
};

/** Pulumi: what looks at the state, and what changes. A preview runs the project's program. */
const pulumi: Table = {
  options: {
    '-h --help --version': onlyShows,
    '-C --cwd': directory,
    '--non-interactive --logtostderr': flag,
  },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(
    { '-h --help': onlyShows, '-s --stack --color': value, '-j --json --non-interactive -y --yes': flag },
    {
      ...each('version, whoami, about, stack, stack ls, stack history, stack graph, plugin ls, policy ls', {
        options: { '-v --verbose -a --all -i --show-ids -u --show-urns': flag },
        operands: { rest: 'unlisted' },
        acts: ['read-remote'],
      }),
      ...each('stack output', { operands: { rest: 'data' }, acts: ['read-remote'] }),
      preview: {
        options: { '--diff': flag },
        operands: { rest: 'data' },
        acts: ['read-remote', 'run-project-code'],
      },
      ...each('up, update, refresh, import', {
        operands: { rest: 'data' },
        acts: ['change-remote', 'run-project-code'],
      }),
      ...each('destroy, stack rm', {
        operands: { rest: 'data' },
        acts: ['destroy-remote', 'run-project-code'],
      }),
    },
  ),
};

/** What of HashiCorp Vault looks without showing a secret. */
const vault: Table = {
  options: { ...help, '-v -version --version': onlyShows },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(
    { ...help, '-format -namespace -ns': value, '-detailed': flag },
    {
      ...each('status, version', { operands: { rest: 'data' }, acts: ['read-remote'] }),
      ...each(
        'list, kv list, secrets list, auth list, policy list, policy read, audit list, kv metadata get',
        {
          operands: { rest: 'data' },
          acts: ['read-remote'],
        },
      ),
      ...each('write, kv put, kv patch, policy write', {
        operands: { rest: 'unlisted' },
        acts: ['change-remote'],
      }),
      ...each('delete, kv delete, kv destroy, secrets disable', {
        operands: { rest: 'data' },
        acts: ['destroy-remote'],
      }),
    },
  ),
};

const vagrant: Table = {
  options: { '-h --help -v --version': onlyShows, '--no-color': flag },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(
    { '-h --help': onlyShows },
    {
      // The Vagrantfile is a Ruby program, which says among others which plug-ins there are.
      ...each('global-status, box list, plugin list, version', {
        operands: { rest: 'data' },
        acts: ['run-project-code'],
      }),
      ...each('status, up, halt, reload, provision, ssh, validate, port', {
        operands: { rest: 'data' },
        acts: ['run-project-code', 'change-system'],
      }),
      destroy: {
        options: { '-f --force': flag },
        operands: { rest: 'data' },
        acts: ['run-project-code', 'destroy-remote'],
      },
    },
  ),
};

const readTerraform = program(terraform);

/** `fmt -check` names files; what stands in them it shows with `-diff` alone. */
function terraformOf(words: readonly Word[]): ProgramReading {
  const reading = readTerraform(words);
  const has = (text: string): boolean => words.some((word) => word.kind === 'static' && word.value === text);
  if (!has('fmt') || has('-diff')) return reading;
  const touches = reading.touches.map((touch): Touch =>
    touch.kind === 'read-tree' ? { ...touch, reach: { contents: 'names' } } : touch,
  );
  return new TableReading({ ...reading, touches });
}

export const provisioning = {
  terraform: withTable(terraformOf, terraform),
  tofu: withTable(terraformOf, terraform),
  packer: program(packer),
  cdk: program(cdk),
  pulumi: program(pulumi),
  vault: program(vault),
  vagrant: program(vagrant),
};
