import type { Word } from '../types.ts';
import { wordSet } from '../word-set.ts';
import { CloudReading, cloudWords } from './cloud-words.ts';
import type { CloudWords } from './cloud-words.ts';
import { program } from './program.ts';
import { each, withOptions } from './subcommands.ts';
import { flag, onlyShows, optional, value } from './table.ts';
import type { ProgramReading, Table } from './table.ts';

const LEADING = {
  withValue: wordSet(`
    --project --format --account --configuration --billing-project --impersonate-service-account --filter
    --flatten --verbosity --trace-token --region --zone --limit --sort-by --page-size
  `),
  flags: wordSet('--quiet -q --no-user-output-enabled --user-output-enabled --log-http --uri'),
};

/** Names of groups. What follows them is a verb, and what follows that is a name: `instances delete list`. */
const GROUPS = wordSet(`
  alpha beta preview access-context-manager access-approval policies levels perimeters active-directory ai
  endpoints models custom-jobs batch-predictions hp-tuning-jobs tensorboards ai-platform jobs alloydb clusters
  backups instances users api-gateway apis api-configs gateways apigee app domain-mappings firewall-rules
  services ssl-certificates versions logs artifacts docker images tags packages repositories locations asset
  feeds assured workloads auth application-default bigtable billing accounts budgets projects builds triggers
  worker-pools certificate-manager certificates maps entries dns-authorizations trust-configs
  cloud-shell components repositories composer environments operations compute accelerator-types addresses
  backend-buckets backend-services commitments disk-types disks external-vpn-gateways forwarding-rules
  health-checks http-health-checks https-health-checks image-families instance-groups managed unmanaged
  instance-templates interconnects attachments machine-images machine-types network-endpoint-groups networks
  peerings subnets vpc-access connectors network-firewall-policies node-groups node-templates node-types
  os-config patch-deployments patch-jobs os-login packet-mirrorings project-info public-advertised-prefixes
  regions reservations resource-policies routers nats routes security-policies rules service-attachments
  sole-tenancy snapshots ssl-policies storage-pools target-grpc-proxies target-http-proxies
  target-https-proxies target-instances target-pools target-ssl-proxies target-tcp-proxies
  target-vpn-gateways tpus tpu-vm url-maps vpn-gateways vpn-tunnels zones config configurations container
  node-pools memberships fleet hub features subnets database-migration connection-profiles migration-jobs
  data-catalog dataflow dataproc autoscaling-policies batches workflow-templates datastore indexes datastream
  deploy delivery-pipelines releases rollouts targets deployment-manager deployments manifests resources
  types dns managed-zones record-sets response-policies domains registrations
  essential-contacts eventarc channels providers filestore firestore databases fields functions
  event-types runtimes regions healthcare datasets dicom-stores fhir-stores hl7v2-stores iam
  service-accounts keys roles policies workforce-pools workload-identity-pools iap settings oauth-brands
  oauth-clients tcp tunnels web identity groups ids logging buckets links metrics sinks views cmek-settings looker
  memcache metastore monitoring dashboards channel-descriptors snoozes monitored-resources
  network-connectivity hubs spokes network-management connectivity-tests network-security
  address-groups authorization-policies client-tls-policies server-tls-policies gateway-security-policies
  network-services gateways meshes grpc-routes http-routes notebooks org-policies organizations folders
  policy-intelligence policy-troubleshoot privateca cas pools root subordinates templates publicca pubsub
  lite-subscriptions lite-topics lite-reservations schemas subscriptions topics recaptcha recommender
  insights recommendations redis operations resource-manager resource-settings liens run revisions executions
  tasks scc assets findings sources notifications scheduler secrets service-directory namespaces
  source spanner instance-configs backup-schedules sql flags tiers ssl client-certs server-ca-certs storage
  objects hmac tasks queues transcoder transfer agents agent-pools video
  workbench workflows workspace-add-ons workstations configs app-profiles tables policy-tags quotas
  kms keyrings import-jobs ekm-connections
`);

const LOOKING =
  /^(?:list|describe|get|read|tail|search|lookup|list-.*|get-.*|check-.*|test-iam-permissions)$/;

/** Commands that hand out what opens something, or write a file. */
const BEYOND =
  /credentials|token|password|auth-string|key-string|get-certificate-authority|kubeconfig|versions access/;

/** Options that name files: the flags themselves can stand in one. */
const FILES =
  /^--(?:.*-file|flags-file|access-token-file|destination|output|log-http|.*-path|export-.*|out)$/;

/** `gcloud group … verb [name] --option` of the Google Cloud CLI (cloud.google.com/sdk/gcloud/reference). */
function gcloud(words: readonly Word[]): ProgramReading {
  const call = cloudWords(words, LEADING);
  const reading = new CloudReading();
  if (
    call.options.some(({ name, values }) => /^(?:-h|--help|--version|-v)$/.test(name) && values.length === 0)
  )
    return reading.read();
  for (const { name } of call.options) {
    if (FILES.test(name)) reading.doubt(`what ${name} does there is not known`);
  }
  const at = call.path.findIndex((word) => !GROUPS.has(word));
  const verb = call.path[at] ?? '';
  const line = call.path.slice(0, at + 1).join(' ');
  if (/^(?:info|version|help|topic|cheat-sheet)$/.test(line)) reading.acts.push('read-remote');
  else if (verb === '') reading.doubt('the command is missing');
  else if (at > 0 && LOOKING.test(verb)) reading.acts.push('read-remote');
  else if (/^storage (?:ls|du|cat)$/.test(line)) readObjects(call, at, reading);
  else if (/^(?:delete|remove|destroy|purge|rm|disable|reset).*/.test(verb))
    reading.acts.push('destroy-remote');
  else reading.acts.push('change-remote');
  if (
    /^(?:config|auth|components|init|feedback|docker|compute ssh|compute scp)/.test(line) &&
    !LOOKING.test(verb)
  )
    reading.doubt(`what ${line} changes here is not known`);
  if (BEYOND.test(line)) reading.doubt(`${line} hands out secrets, or keeps them in a file`);
  return reading.read();
}

/** `gcloud storage ls gs://bucket`: only what lies there. */
function readObjects({ path }: CloudWords, at: number, reading: CloudReading): void {
  reading.acts.push('read-remote');
  if (!path.slice(at + 1).every((place) => place.startsWith('gs://')))
    reading.doubt('it may read files of this machine');
}

const help = { '--help -h': onlyShows };

/** gsutil: what looks, by URL. */
const gsutil: Table = {
  options: { ...help, '--version -v': onlyShows, '-m -q -D -DD': flag },
  operands: { rest: 'unlisted' },
  subcommands: {
    ...withOptions(
      help,
      each('ls, du, stat', {
        options: { '-l -L -b -d -r -R -p -a -e -h -c -s': flag },
        operands: { rest: 'data' },
        acts: ['read-remote'],
      }),
    ),
    ...each('version, help', { options: { '-l': flag }, operands: { rest: 'data' } }),
    ...each('rm, rb', {
      options: { '-r -f -a -R': flag },
      operands: { rest: 'data' },
      acts: ['destroy-remote'],
    }),
    ...each('mb, acl, iam, cors, label, lifecycle, setmeta', {
      operands: { rest: 'data' },
      acts: ['change-remote'],
    }),
  },
};

/** bq: what looks. A query is text that the table does not read. */
const bq: Table = {
  options: { ...help, '--project_id --dataset_id --location --format': value, '--headless -q --quiet': flag },
  operands: { rest: 'unlisted' },
  subcommands: {
    ...each('ls, show, head, version, help, info', {
      options: {
        ...help,
        '-a -all -d -j -p -f -m -n --schema --view --job --datasets --jobs --models --routines': flag,
        '--max_results --project_id --format': value,
        '--prettyjson': optional,
      },
      operands: { rest: 'data' },
      acts: ['read-remote'],
    }),
    rm: { options: { '-f -r -t -d': flag }, operands: { rest: 'data' }, acts: ['destroy-remote'] },
    ...each('mk, update, cp, load, insert', { operands: { rest: 'unlisted' }, acts: ['change-remote'] }),
  },
};

export const google = { gcloud, gsutil: program(gsutil), bq: program(bq) };
