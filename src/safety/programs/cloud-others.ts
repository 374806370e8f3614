import { program } from './program.ts';
import { each, withOptions } from './subcommands.ts';
import { flag, onlyShows, optional, value, writes } from './table.ts';
import type { Table } from './table.ts';

const help = { '-h --help': onlyShows };
const data: Table['operands'] = { rest: 'data' };

/** A platform's command line, of which only what looks is known. */
function looking(names: string, options: NonNullable<Table['options']>): ReturnType<typeof program> {
  const shared = { ...help, '--debug --json --verbose --no-color --no-input --quiet': flag, ...options };
  return program({
    options: { ...shared, '-V --version': onlyShows },
    operands: { rest: 'unlisted' },
    subcommands: withOptions(shared, each(names, { operands: data, acts: ['read-remote'] })),
  });
}

const TENANT = { '--tenant -t': value };

/** auth0: `auth0 api` asks for a path, and with `-d` or a method changes it, so it is read apart. */
const auth0: Table = {
  options: { ...help, ...TENANT, '--debug --no-color --no-input': flag, '-v --version': onlyShows },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(
    { ...help, ...TENANT, '--debug --no-color --no-input --json --csv --json-compact': flag },
    {
      ...each(
        `apps list, apps ls, apps show, users search, users search-by-email, users show, users roles show,
         logs list, logs ls, logs tail, actions list, actions ls, actions show, actions diff, apis list, apis ls,
         apis show, apis scopes list, apis scopes ls, roles list, roles ls, roles show, roles permissions list,
         roles permissions ls, roles perms list, roles perms ls, orgs list, orgs ls, orgs show,
         orgs members list, orgs members ls, orgs roles list, rules list, rules ls, rules show, domains list,
         domains ls, domains show, protection breached-password-detection show, protection bpd show,
         protection brute-force-protection show, protection bfp show, protection suspicious-ip-throttling show,
         protection sit show, ap bpd show, ap bfp show, ap sit show, attack-protection bpd show,
         attack-protection bfp show, attack-protection sit show, tenants list, tenants ls, quickstarts list,
         quickstarts ls, qs list, qs ls, email templates show, email provider show, universal-login show, ul show,
         universal-login templates show, ul templates show, universal-login prompts show, ul prompts show,
         event-streams list, event-streams show, event-streams stats, api get`,
        {
          options: { '-q --query --filter -f -n --number --sort -s': value },
          operands: data,
          acts: ['read-remote'],
        },
      ),
      // Without a method: a GET of what follows, as long as no data is sent along.
      api: {
        options: { '-q --query': value },
        operands: { first: ['data'], rest: 'unlisted' },
        acts: ['read-remote'],
      },
      ...each('api post, api put, api patch, apps create, apps update, users create, users update', {
        operands: { rest: 'unlisted' },
        acts: ['change-remote'],
      }),
      ...each('api delete, apps delete, apps rm, users delete, users rm', {
        operands: data,
        acts: ['destroy-remote'],
      }),
    },
  ),
};

/** Ansible: what shows inventories, settings and documentation. Playbooks run on other machines. */
const inventory = { '-i --inventory --inventory-file': { takes: 'runsFile' as const } };
const ansibleShared: NonNullable<Table['options']> = {
  ...help,
  '--version': onlyShows,
  '-v -vv -vvv -vvvv --verbose': flag,
};

export const otherClouds = {
  auth0: program(auth0),
  heroku: looking(
    'apps, apps:info, info, ps, releases, releases:info, addons, domains, logs, regions, status, pg:info, version, whoami, auth:whoami',
    { '-a --app -r --remote -n --num -d --dyno -s --source': value, '-t --tail': flag },
  ),
  fly: looking(
    'status, logs, info, releases, apps list, ips list, regions list, machine list, machine status, volumes list, scale show, version, doctor, platform regions',
    { '-a --app -c --config -o --org -r --region -i --instance': value, '-n --no-tail --all -j': flag },
  ),
  flyctl: looking(
    'status, logs, info, releases, apps list, ips list, regions list, machine list, machine status, volumes list, scale show, version, doctor, platform regions',
    { '-a --app -c --config -o --org -r --region -i --instance': value, '-n --no-tail --all -j': flag },
  ),
  vercel: looking('ls, list, inspect, logs, whoami, domains ls, dns ls, certs ls, teams ls, projects ls', {
    '-S --scope --since --until -n --limit': value,
    '-f --follow': flag,
  }),
  netlify: looking('status, sites:list, api:list, logs:function', { '--filter': value }),
  wrangler: looking(
    'whoami, deployments list, deployments status, versions list, versions view, kv namespace list, r2 bucket list, d1 list, d1 info, queues list, secret list, tail',
    { '--name -n --env -e --format': value },
  ),
  doctl: looking(
    'account get, apps list, apps get, apps logs, compute droplet list, compute droplet get, compute region list, compute size list, compute image list, databases list, databases get, kubernetes cluster list, kubernetes cluster get, projects list, registry get, version',
    { '-o --output --format --context': value, '--no-header': flag },
  ),
  stripe: looking(
    'version, status, customers list, customers retrieve, products list, prices list, charges list, events list, events retrieve, invoices list, subscriptions list, payment_intents list, payment_intents retrieve, logs tail',
    { '--limit -l --starting-after --customer': value, '--live': flag },
  ),
  supabase: looking(
    'status, projects list, orgs list, functions list, secrets list, migration list, branches list, inspect db table-sizes, inspect db index-sizes',
    { '--project-ref -o --output': value, '--linked --local': flag },
  ),
  firebase: looking(
    'projects:list, apps:list, functions:list, functions:log, hosting:sites:list, hosting:channel:list, database:instances:list',
    { '-P --project -n --lines --only': value },
  ),
  'ansible-doc': program({
    options: {
      ...ansibleShared,
      '-l --list -s --snippet -j --json -F --list_files --metadata-dump --no-fail-on-errors': flag,
      '-t --type': value,
      '-M --module-path --playbook-dir': { takes: 'runsFile' },
    },
    operands: data,
  }),
  'ansible-config': program({
    options: ansibleShared,
    operands: { rest: 'unlisted' },
    subcommands: {
      ...each('list, dump, view, validate', {
        options: { ...ansibleShared, '--only-changed': optional, '-t --type -f --format': value },
        operands: data,
      }),
      init: { options: { '--disabled': flag }, operands: data, acts: ['change-system'] },
    },
  }),
  'ansible-inventory': program({
    options: {
      ...ansibleShared,
      '--list --graph --vars -y --yaml --toml --export': flag,
      '--host -l --limit': value,
      ...inventory,
      '--output': writes,
    },
    operands: data,
    // An inventory may be a program, and the settings of the project say which plug-ins there are.
    acts: ['run-project-code'],
  }),
  'ansible-galaxy': program({
    options: ansibleShared,
    operands: { rest: 'unlisted' },
    subcommands: {
      ...each('role list, role search, role info, collection list, collection verify, list, search, info', {
        options: ansibleShared,
        operands: data,
        acts: ['read-remote'],
      }),
      ...each('role install, collection install, install, collection download', {
        options: { ...ansibleShared, '-r': value },
        operands: data,
        acts: ['install-packages'],
      }),
      ...each('collection publish, role import, import', {
        options: ansibleShared,
        operands: data,
        acts: ['publish'],
      }),
    },
  }),
  ansible: program({
    options: {
      ...ansibleShared,
      ...inventory,
      '--list-hosts': { takes: 'flag', lifts: ['change-remote'] },
      '-C --check -b --become -D --diff': flag,
      '-m -a -e -l -u -f --limit': value,
    },
    operands: data,
    acts: ['change-remote', 'run-project-code'],
  }),
  'ansible-playbook': program({
    options: {
      ...ansibleShared,
      ...inventory,
      // A lookup in the name of an imported playbook runs even then.
      '--syntax-check --list-hosts --list-tasks --list-tags': { takes: 'flag', lifts: ['change-remote'] },
      '-C --check -D --diff -b --become -K -k --step --flush-cache': flag,
      '-e --extra-vars -l --limit -t --tags --skip-tags --start-at-task -u --user -f --forks': value,
      '--vault-password-file': { takes: 'runsFile' },
    },
    operands: { rest: 'reads' },
    acts: ['change-remote', 'run-project-code'],
  }),
  'ansible-vault': program({ options: ansibleShared, operands: { rest: 'unlisted' } }),
  'ansible-pull': program({ options: ansibleShared, operands: { rest: 'unlisted' } }),
  'ansible-console': program({ options: ansibleShared, operands: { rest: 'unlisted' } }),
  'ansible-test': program({
    options: ansibleShared,
    operands: { rest: 'unlisted' },
    acts: ['run-project-code'],
  }),
  'ansible-lint': program({
    options: {
      ...ansibleShared,
      '-o --offline -p --parseable -q --nocolor -L -T': flag,
      '-x --skip-list -w -t --exclude-rules': value,
    },
    operands: { rest: 'readsTree', none: '.' },
    acts: ['run-project-code'],
  }),
  prometheus: program({
    options: { ...help, '--help-long --help-man --version': onlyShows },
    operands: { rest: 'unlisted' },
    acts: ['serve'],
  }),
};
