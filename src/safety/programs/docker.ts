import type { Word } from '../types.ts';
import { hostIn } from './host-in.ts';
import { program } from './program.ts';
import { withTable } from './subcommand-length.ts';
import { each, withOptions } from './subcommands.ts';
import { flag, onlyShows, reads, value, writes } from './table.ts';
import type { OptionRule, ProgramReading, Table } from './table.ts';

const help = { '-h --help': onlyShows };
const url: OptionRule = { takes: 'url' };
const destroying: OptionRule = { takes: 'flag', acts: ['destroy-remote'] };

/** What only looks at containers, images, networks and volumes. Each takes the same few words. */
const looks: Table = {
  options: {
    '-a --all -q --quiet --no-trunc -s --size -n --last -l --latest --digests --tree -v --verbose': flag,
    '--no-stream --no-resolve --pretty --raw --json -H --human --no-color --no-log-prefix -t --timestamps':
      flag,
    '-f --follow --details --orphans --services --resolve-image-digests --timeout': flag,
    '--filter --format --since --until --tail --index --protocol --type --limit --orderby --builder': value,
  },
  operands: { rest: 'data' },
  acts: ['read-remote'],
};

/** `-f` is a filter or a format where it is not "follow". */
const lists: Table = { ...looks, options: { ...looks.options, '-f --filter --format': value } };
const last: Table = { ...lists, options: { ...lists.options, '-n --last': value } };
const logs: Table = { ...looks, options: { ...looks.options, '-n --tail': value } };

/** What changes containers, images, networks and volumes of this machine. */
const changes: Table = {
  options: {
    '-a --all -f --force -q --quiet -i --interactive --attach -v --volumes --no-prune -l --link': flag,
    '-t --time -s --signal --timeout --filter --name --label --driver --subnet --gateway --platform': value,
  },
  operands: { rest: 'data' },
  acts: ['change-system'],
};

const destroys: Table = { ...changes, acts: ['change-system', 'destroy-remote'] };

/** `docker run IMAGE …`. What opens the machine to the container (mounts, devices, the host's network) is left out. */
const runs: Table = {
  options: {
    '-d --detach -i --interactive -t --tty --rm --init --read-only --no-healthcheck -P --publish-all': flag,
    '-it -ti -q --quiet --no-deps --build -T --no-TTY --use-aliases --service-ports': flag,
    '--name -e --env -w --workdir -u --user --entrypoint -h --hostname -p --publish -l --label': value,
    '--platform --pull --restart -m --memory --cpus --expose --add-host --index --detach-keys': value,
    '--env-file': reads,
    '--privileged': { takes: 'flag', acts: ['privilege'] },
    '--help': onlyShows,
  },
  operands: { rest: 'data' },
  acts: ['run-file', 'change-system'],
  stopsAtOperand: true,
};

const builds: Table = {
  options: {
    '--no-cache --pull --rm --force-rm -q --quiet --squash --load --check': flag,
    '-t --tag --target --platform --progress --build-arg --label --network --cache-from --cache-to': value,
    '--builder --parallel': value,
    '-f --file': reads,
    '--iidfile --metadata-file': writes,
    '--push': { takes: 'flag', acts: ['publish'] },
  },
  operands: { rest: 'readsTree' },
  acts: ['run-project-code', 'change-system'],
};

/** Images and containers as files: on standard output, unless a file is named. */
const asFiles: Table = {
  options: { '-o --output': writes, '--platform': value },
  operands: { rest: 'data' },
  acts: ['read-remote'],
};

/** What goes to a registry, and what comes from one. */
const publishes: Table = {
  options: {
    '-a --all-tags -q --quiet --ignore-push-failures --include-deps -p --purge': flag,
    '--platform': value,
  },
  operands: { rest: 'data' },
  acts: ['publish'],
};
const fetches: Table = {
  options: {
    '-a --all-tags -q --quiet --include-deps --ignore-pull-failures': flag,
    '--platform --policy': value,
  },
  operands: { rest: 'data' },
  acts: ['install-packages'],
};

/** docker-compose.yml's services: Compose v2. */
const compose: Table = {
  options: {
    '--compatibility --dry-run --all-resources --verbose --no-ansi': flag,
    '-v --version -h --help': onlyShows,
    '-p --project-name --profile --progress --ansi --parallel': value,
    // What is in an environment file goes to the containers, not to whoever asks.
    '--env-file': value,
    '-f --file': { takes: 'remoteOrReads' },
    '--project-directory': { takes: 'listsTree' },
  },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(help, {
    ...each('ps, images, ls, volumes, stats', lists),
    ...each('top, port, version, events', looks),
    logs,
    // All that is set, secrets of .env among it, unless only names are asked for.
    config: {
      options: {
        '-q --quiet --services --images --profiles --volumes --networks --variables': {
          takes: 'flag',
          lifts: ['list-environment'],
        },
        '--hash': { takes: 'data', lifts: ['list-environment'] },
        '--no-interpolate --no-normalize --no-path-resolution --no-consistency --resolve-image-digests': flag,
        '--format': value,
        '-o --output': writes,
      },
      operands: { rest: 'data' },
      acts: ['read-remote', 'list-environment'],
    },
    up: {
      options: {
        ...builds.options,
        '-d --detach --build --no-build --force-recreate --no-recreate --no-deps --no-start --wait -V -w':
          flag,
        '--renew-anon-volumes --remove-orphans --abort-on-container-exit --quiet-pull --watch --menu': flag,
        '--scale -t --timeout --wait-timeout --exit-code-from --attach --no-attach': value,
      },
      operands: { rest: 'data' },
      acts: ['run-project-code', 'change-system'],
    },
    ...each('build, create, watch', { ...builds, operands: { rest: 'data' } }),
    ...each('run, exec', runs),
    ...each('start, stop, restart, kill, pause, unpause, scale, attach, wait', changes),
    ...each('rm', changes),
    down: {
      options: {
        ...changes.options,
        '--remove-orphans': flag,
        '--rmi': value,
        '-v --volumes': destroying,
      },
      operands: { rest: 'data' },
      acts: ['change-system'],
    },
    ...each('pull', fetches),
    ...each('push, publish', publishes),
  }),
};

/** Docker's own command line (docs.docker.com/reference/cli/docker), as far as podman and nerdctl share it. */
const engine: Table = {
  options: {
    '-D --debug --tls --tlsverify': flag,
    '-v --version -h --help': onlyShows,
    '-c --context -l --log-level': value,
    '-H --host': url,
    '--tlscacert --tlscert --tlskey': reads,
  },
  operands: { rest: 'unlisted' },
  subcommands: withOptions(help, {
    ...each('ps, container ls, container list, container ps', last),
    ...each('images, image ls, image list, network ls, network list, volume ls, volume list', lists),
    ...each('inspect, container inspect, image inspect, network inspect, volume inspect', lists),
    ...each('logs, container logs, service logs', logs),
    ...each('stats, container stats, port, container port, diff, container diff, version', looks),
    // Words behind the container are options of ps.
    ...each('top, container top', { ...looks, stopsAtOperand: true }),
    ...each('history, image history, events, system events, info, system info, system df, search', lists),
    ...each('context ls, context list, context show, context inspect, plugin ls, plugin inspect', lists),
    ...each('service ls, service list, service ps, service inspect, node ls, node ps, node inspect', lists),
    ...each(
      'stack ls, stack ps, stack services, secret ls, secret inspect, config ls, config inspect',
      lists,
    ),
    ...each('manifest inspect, trust inspect', lists),
    ...each(
      'buildx ls, buildx inspect, buildx du, buildx version, buildx imagetools inspect, builder du',
      lists,
    ),
    ...each('export, container export, save, image save', asFiles),
    ...each('run, container run, create, container create', runs),
    ...each('exec, container exec', runs),
    ...each('build, image build, buildx build, builder build', builds),
    ...each('push, image push', publishes),
    ...each('pull, image pull', fetches),
    ...each('start, stop, restart, kill, pause, unpause, rename, attach, commit, tag, rm, rmi', changes),
    ...each('container start, container stop, container restart, container kill, container pause', changes),
    ...each(
      'container unpause, container rename, container attach, container rm, image tag, image rm',
      changes,
    ),
    ...each('container commit, network create, network connect, network disconnect, volume create', changes),
    ...each('image prune, container prune, builder prune, buildx prune, network prune, network rm', changes),
    ...each('system prune, volume rm, volume prune, service rm, stack rm, secret rm, config rm', destroys),
    compose,
  }),
};

const readEngine = program(engine);

/** What asks a registry: `docker manifest inspect ghcr.io/x/y`. A name without a host is one of Docker's own. */
const ASKS_REGISTRY = new Set(['search', 'manifest', 'trust', 'imagetools']);

function engineOf(words: readonly Word[]): ProgramReading {
  const reading = readEngine(words);
  const texts = words.map((word) => (word.kind === 'static' ? word.value : ''));
  if (!texts.some((text) => ASKS_REGISTRY.has(text))) return reading;
  const registries = texts.filter((text) => /^(?:[^/@-][^/@]*[.:][^/@]*|localhost)\//.test(text));
  return { ...reading, hosts: [...(reading.hosts ?? []), ...registries.map((text) => hostIn(text))] };
}

export const docker = {
  ...Object.fromEntries(['docker', 'podman', 'nerdctl'].map((name) => [name, withTable(engineOf, engine)])),
  'docker-compose': program(compose),
  'podman-compose': program(compose),
};
