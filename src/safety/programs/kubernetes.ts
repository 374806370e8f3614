import type { Word } from '../types.ts';
import { hostIn } from './host-in.ts';
import { program } from './program.ts';
import { each, withOptions } from './subcommands.ts';
import { flag, onlyShows, optional, reads, value, writes } from './table.ts';
import type { OptionRule, ProgramReading, Table } from './table.ts';

const help = { '-h --help': onlyShows };
const manifest: OptionRule = { takes: 'remoteOrReads' };
const tree: OptionRule = { takes: 'readsTree' };

/** Taken ahead of and behind every subcommand. `--kubeconfig` is left out: such a file can name a program to run. */
const everywhere: NonNullable<Table['options']> = {
  ...help,
  '-n --namespace --context --cluster --user --as --as-group --as-uid --token --request-timeout --v -v':
    value,
  '--tls-server-name': value,
  '-s --server': { takes: 'url' },
  '--insecure-skip-tls-verify --match-server-version --warnings-as-errors': flag,
  '--certificate-authority --client-certificate --client-key': reads,
};

/** `kubectl get --raw` asks for any path at all, so it is left out. */
const looks: Table = {
  options: {
    '-A --all-namespaces -w --watch --watch-only --show-labels --show-kind --show-managed-fields --no-headers':
      flag,
    '--ignore-not-found --server-print --output-watch-events --recursive -R --containers --sum --all': flag,
    '--list -q --quiet --flatten --minify --merge --use-protocol-buffers': flag,
    '--show-events --previous -p --follow --timestamps --prefix --all-containers --all-pods': flag,
    '--ignore-errors --insecure-skip-tls-verify-backend --name-only --list-all --sort-by-cpu --version': flag,
    '-o --output --template -l --selector --field-selector --sort-by --chunk-size -L --label-columns': value,
    '--subresource --for --timeout --revision --since --since-time --tail --max-log-requests -c --container':
      value,
    '--limit-bytes --pod-running-timeout --api-group --api-version --verbs --categories --concurrency': value,
    '--namespaces --sort': value,
    '--namespaced --cached --client --short': optional,
    '-f --filename': manifest,
    '-k --kustomize': tree,
  },
  operands: { rest: 'data' },
  acts: ['read-remote'],
};

const logs: Table = { ...looks, options: { ...looks.options, '-f': flag } };

const changes: Table = {
  options: {
    '-R --recursive --all --overwrite --local --force --wait --prune --server-side --force-conflicts --record':
      flag,
    '--ignore-daemonsets --delete-emptydir-data --disable-eviction --ignore-not-found --now -A': flag,
    '--save-config --edit --append-hash --current --rm --attach --expose --quiet -q -i --stdin -t --tty':
      flag,
    '-it -ti --leave-stdin-open --all-namespaces --windows-line-endings': flag,
    '-o --output -l --selector --field-selector --replicas --type -p --patch --image --port --target-port':
      value,
    '--name --min --max --cpu-percent --timeout --grace-period --to-revision --revision --from-literal':
      value,
    '--restart --labels --overrides --env --limits --requests -c --container --field-manager --address':
      value,
    '--current-replicas --resource-version --subresource --username --docker-server --docker-username': value,
    '--tcp --cert --key --class --rule --role --clusterrole --serviceaccount --group --verb --resource':
      value,
    '--dry-run --cascade --validate': optional,
    '--dry-run=client --dry-run=server': flag,
    '-f --filename': manifest,
    '-k --kustomize': tree,
    '--patch-file --from-env-file': reads,
  },
  operands: { rest: 'data' },
  acts: ['change-remote'],
};

const destroys: Table = { ...changes, acts: ['destroy-remote'] };

/** Behind the pod stands a command that runs there. */
const runsThere: Table = { ...changes, stopsAtOperand: true };

/** What only changes `~/.kube/config`: to which cluster later commands go. */
const switches: Table = { options: {}, operands: { rest: 'data' }, acts: ['change-system'] };

/** kubectl 1.3x (kubernetes.io/docs/reference/kubectl). A word that is no subcommand would run a plugin. */
const kube: Table = {
  options: { ...everywhere, '--version': onlyShows },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(everywhere, {
    ...each('get, describe, explain, top, top pod, top pods, top node, top nodes, wait, events', looks),
    ...each('api-resources, api-versions, version, cluster-info, diff, options, completion', looks),
    'cluster-info dump': { ...looks, options: { ...looks.options, '--output-directory': writes } },
    ...each('auth can-i, auth whoami, rollout status, rollout history, plugin list', looks),
    ...each('config view, config get-contexts, config get-clusters, config get-users', looks),
    ...each('config current-context, certificate list', looks),
    logs,
    kustomize: { options: { '-o --output': writes }, operands: { rest: 'readsTree', none: '.' } },
    help: { operands: { rest: 'data' } },
    ...each('apply, create, edit, patch, replace, label, annotate, scale, autoscale, expose, set', changes),
    ...each('taint, cordon, uncordon, certificate, rollout', changes),
    ...each('port-forward, proxy', { ...changes, acts: ['change-remote', 'serve'] }),
    ...each('exec, run, attach, debug', runsThere),
    ...each('delete, drain', destroys),
    ...each('config use-context, config use, config set-context, config rename-context', switches),
    ...each('config delete-context, config delete-cluster, config delete-user', switches),
  }),
};

const readKube = program(kube);

/** `kubectl get secret` shows names; with an output format it shows what is in them. */
function kubectl(words: readonly Word[]): ProgramReading {
  const reading = withRemoteBases(readKube(words), words);
  const values = words.map((word) => (word.kind === 'static' ? word.value : ''));
  const canBeSecrets = values.some((word) =>
    /(?:^|[,/])secrets?(?:[.,/]|$)|^(?:-f|-k|--filename|--kustomize)/i.test(word),
  );
  if (!values.includes('get') || !canBeSecrets) return reading;
  if (values.every((word, index) => !isFormat(word) || showsNames(word, values[index + 1]))) return reading;
  const why = 'it would show what is in secrets';
  return { ...reading, unknowns: [...reading.unknowns, { about: 'option', why }] };
}

/** `kustomize build github.com/x/y` fetches it; in a folder's place any address may stand. */
function withRemoteBases(reading: ProgramReading, words: readonly Word[]): ProgramReading {
  const texts = words.map((word) => (word.kind === 'static' ? word.value : ''));
  const isKustomize = texts.some((text) => /^(?:kustomize|build|-k.*|--kustomize.*)$/.test(text));
  const bases = texts
    .map((text) => text.replace(/^(?:-k|--kustomize=)/, ''))
    .filter((text) => /:\/\/|^git@|^(?:[\w-]+\.)+[a-z]{2,}\/|^git::/i.test(text));
  if (!isKustomize || bases.length === 0) return reading;
  return { ...reading, hosts: [...(reading.hosts ?? []), ...bases.map((text) => hostIn(text))] };
}

function isFormat(word: string): boolean {
  return /^-[a-zA-Z]*o|^--(?:output|template)/.test(word);
}

function showsNames(word: string, next: string | undefined): boolean {
  const format = /^(?:-o|--output)=?(.*)$/.exec(word)?.[1];
  return /^(?:name|wide)$/.test(format === '' ? (next ?? '') : (format ?? ''));
}

const helmEverywhere: NonNullable<Table['options']> = {
  ...help,
  '-n --namespace --kube-context --kube-as-user --kube-as-group --kube-token --kube-tls-server-name': value,
  '--burst-limit --qps --color --colour': value,
  '--kube-apiserver': { takes: 'url' },
  '--kube-ca-file --registry-config --repository-config': reads,
  '--debug --kube-insecure-skip-tls-verify': flag,
};

/** How a chart is found and filled in. `--post-renderer` is left out, as it runs a program. */
const charts: NonNullable<Table['options']> = {
  '--set --set-string --set-json --set-literal --version -a --api-versions --kube-version --timeout': value,
  '--description --name-template --username --password --labels -l --history-max --wait-for': value,
  '-s --show-only --revision --keyring --max --max-col-width --cascade': value,
  '-f --values': manifest,
  '--repo': { takes: 'url' },
  '--output-dir': writes,
  '-g --generate-name --include-crds --skip-crds --skip-tests --no-hooks --validate --is-upgrade --strict':
    flag,
  '--with-subcharts --quiet --devel --verify --create-namespace --wait --wait-for-jobs --atomic --force':
    flag,
  '-i --install --reuse-values --reset-values --reset-then-reuse-values --cleanup-on-fail --keep-history':
    flag,
  '--skip-schema-validation --disable-openapi-validation --replace --enable-dns --logs --hide-secret': flag,
  '--pass-credentials --insecure-skip-tls-verify --plain-http --render-subchart-notes --recreate-pods': flag,
  '--ca-file --cert-file --key-file': reads,
  '-o --output': value,
};

/** Nothing happens: what would is shown. */
const dryRun: NonNullable<Table['options']> = {
  '--dry-run --dry-run=client --dry-run=server --dry-run=true': {
    takes: 'flag',
    lifts: ['change-remote', 'destroy-remote'],
    acts: ['read-remote'],
  },
};

const helmLooks: Table = {
  options: {
    ...charts,
    '-A --all-namespaces -a --all -d --date -r --reverse -q --short --deployed --failed --pending': flag,
    '--superseded --uninstalled --uninstalling --versions --no-headers --show-desc --show-resources': flag,
    '--list-repo-url --fail-on-no-result -c --client': flag,
    '-m --max --offset --filter --selector --time-format --template': value,
    '--endpoint': { takes: 'url' },
  },
  operands: { rest: 'data' },
  acts: ['read-remote'],
};

const helmList: Table = { ...helmLooks, options: { ...helmLooks.options, '-f --filter': value } };
const rendering: Table = { options: charts, operands: { rest: 'remoteOrReads' }, acts: ['read-remote'] };
const helmChanges: Table = {
  options: { ...charts, ...dryRun },
  operands: { first: ['data'], rest: 'remoteOrReads' },
  acts: ['change-remote'],
};

/** Helm 3 (helm.sh/docs/helm). A word that is no subcommand would run a plugin. */
const helm: Table = {
  options: { ...helmEverywhere, '--version': onlyShows },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(helmEverywhere, {
    ...each('list, ls', helmList),
    ...each('status, history, hist, version, env, completion, search hub', helmLooks),
    'search repo': { ...helmLooks, options: { ...helmLooks.options, '-l -r --regexp': flag } },
    ...each('get all, get hooks, get manifest, get metadata, get notes, get values', helmLooks),
    ...each('repo list, repo ls, plugin list, plugin ls, help', helmLooks),
    ...each('show all, show chart, show crds, show readme, show values, lint, verify', rendering),
    ...each('inspect all, inspect chart, inspect crds, inspect readme, inspect values', rendering),
    ...each('dependency list, dependency ls, dep list, dep ls, plugin verify', rendering),
    template: { ...rendering, operands: { first: ['data'], rest: 'remoteOrReads' } },
    ...each('install, upgrade, rollback, test', helmChanges),
    ...each('uninstall, delete, del, un', {
      ...helmChanges,
      operands: { rest: 'data' },
      acts: ['destroy-remote'],
    }),
    push: { options: charts, operands: { rest: 'remoteOrReads' }, acts: ['publish'] },
  }),
};

/** Argo CD and Flux: what looks. The rest is unknown. */
const argocd: Table = {
  options: { ...help, '--grpc-web --core --plaintext --insecure': flag, '--argocd-context': value },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(
    { ...help, '--grpc-web --core --refresh --hard-refresh --client --short': flag },
    each(
      `app list, app get, app diff, app history, app resources, app logs, app manifests, cluster list, cluster get,
       repo list, repo get, proj list, proj get, context, version, account list, account get-user-info`,
      {
        options: { '-o --output -p --project -l --selector': value, '--server': { takes: 'host' } },
        operands: { rest: 'data' },
        acts: ['read-remote'],
      },
    ),
  ),
};

const flux: Table = {
  options: { ...help, '-v --version': onlyShows },
  operands: { rest: 'unlisted' },
  subcommands: each('get, events, logs, tree, stats, trace, version, check', {
    options: {
      ...help,
      '-n --namespace --context --timeout': value,
      '-A --all-namespaces --watch --client': flag,
    },
    operands: { rest: 'data' },
    acts: ['read-remote'],
  }),
};

/** Clusters on this machine: what looks. */
const minikube: Table = {
  options: { ...help, '-p --profile': value },
  operands: { rest: 'unlisted' },
  subcommands: each(
    'status, version, profile list, addons list, ip, image ls, node list, service list, options',
    {
      options: {
        ...help,
        '-p --profile -o --output -n --namespace --format': value,
        '--short --all -l --light': flag,
      },
      operands: { rest: 'data' },
      acts: ['read-remote'],
    },
  ),
};

const kind: Table = {
  options: { ...help, '--version': onlyShows },
  operands: { rest: 'unlisted' },
  subcommands: each('get clusters, get nodes, version', {
    options: { ...help, '--name': value, '-q --quiet -A --all-clusters': flag },
    operands: { rest: 'data' },
    acts: ['read-remote'],
  }),
};

const readKustomize = program({
  options: { ...help },
  operands: { rest: 'unlisted' },
  subcommands: {
    build: { options: { ...help, '-o --output': writes }, operands: { rest: 'readsTree', none: '.' } },
    version: { options: help, operands: { rest: 'unlisted' } },
  },
});

export const kubernetes = {
  kubectl,
  oc: kubectl,
  helm: program(helm),
  kustomize: (words: readonly Word[]): ProgramReading => withRemoteBases(readKustomize(words), words),
  argocd: program(argocd),
  flux: program(flux),
  minikube: program(minikube),
  kind: program(kind),
};
