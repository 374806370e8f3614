import type { Word } from '../types.ts';
import { wordSet } from '../word-set.ts';
import { CloudReading, cloudWords } from './cloud-words.ts';
import type { CloudWords } from './cloud-words.ts';
import { readSql } from './sql.ts';
import type { ProgramReading } from './table.ts';

const LEADING = {
  withValue: wordSet(`
    --endpoint-url --query --output --profile --region --color --ca-bundle --cli-read-timeout
    --cli-connect-timeout --cli-binary-format
  `),
  flags: wordSet(`
    --debug --no-verify-ssl --no-paginate --no-sign-request --no-cli-pager --cli-auto-prompt
    --no-cli-auto-prompt
  `),
};

/** How the names of operations that change nothing begin. */
const LOOKING =
  /^(?:(?:admin-)?(?:get|list)|describe|(?:batch|transact)-get|batch-describe|head|lookup|search|scan|query|filter|check|validate|estimate|simulate|test-(?:metric|dns)|download-db-log)(?:-|$)/;

const DESTROYING =
  /^(?:delete|batch-delete|terminate|purge|remove|deregister|destroy|rm|rb|schedule-key-deletion)(?:-|$)/;

/** Operations that hand out what opens something. */
const SECRETS =
  /secret-value|password|credential|token|login|authorization|access-details|api-keys?$|decrypt|private|access-code|get-data-access|assume-|get-temporary|signed-url|session-endpoint|instance-access/;

const SHOWS_SECRETS = ['--with-decryption', '--include-value', '--include-values'];

/** Named like those, and yet about settings alone. */
const NO_SECRETS = wordSet(`
  get-login-profile get-account-password-policy get-credential-report get-account-authorization-details
  get-authorizers get-authorizer list-authorizers describe-authorizer validate-template
  list-vpc-association-authorizations describe-endpoint-authorization
`);

/** Operations that write what they get into a file, which stands behind the last option's value. */
const TO_FILES = wordSet(`
  get-object get-object-torrent get-latest-configuration get-configuration get-job-output get-media
  get-thing-shadow get-package-version-asset get-snapshot-block get-raw-message-content get-export get-sdk
  get-clip get-media-for-fragment-list get-read-set get-reference get-model-package select-object-content
`);

/** Services and operations that act on this machine, or open a line to another one. */
const HERE = wordSet(`
  configure login logout sso codeartifact ssh start-session execute-command update-kubeconfig package deploy
  install-to-remote-access open-tunnel history
`);

/** `aws [options] service operation [options]` of AWS CLI v2 (docs.aws.amazon.com/cli). */
function aws(words: readonly Word[]): ProgramReading {
  const call = cloudWords(words, LEADING);
  const reading = new CloudReading();
  const [service = '', operation = '', ...more] = call.path;
  if (call.path.at(-1) === 'help' || isVersion(call)) return reading.read();
  readOptions(call, reading);
  if (service === 's3') return readS3(operation, more, call, reading);
  if (service === 'configure') return readConfigure(operation, more, reading);
  if (service === '' || operation === '') reading.doubt('the operation is missing');
  else if (HERE.has(service) || HERE.has(operation))
    reading.doubt(`what ${operation} does here is not known`);
  else readOperation(service, operation, more, call, reading);
  return reading.read();
}

function isVersion({ path, options }: CloudWords): boolean {
  return path.length === 0 && options.length === 1 && options[0]?.name === '--version';
}

function readOptions({ options }: CloudWords, reading: CloudReading): void {
  for (const { name, values } of options) {
    if (!name.startsWith('--')) reading.doubt(`what ${JSON.stringify(name)} does there is not known`);
    // Names of options may be cut off: `--endpoint`.
    if (isShortOf(name, '--endpoint-url')) for (const value of values) reading.contact(value);
    if (isShortOf(name, '--ca-bundle')) for (const value of values) reading.touch('read', value);
    for (const value of values) {
      // A parameter is taken from a file: `file://x.json`, `key@=fileb://x`.
      const file = /fileb?:\/\/(.*)$/s.exec(value)?.[1];
      if (file !== undefined) reading.touch('read', file);
    }
  }
}

function isShortOf(name: string, option: string): boolean {
  return name.length > 2 && option.startsWith(name);
}

function readOperation(
  service: string,
  operation: string,
  more: readonly string[],
  { options }: CloudWords,
  reading: CloudReading,
): void {
  if (DESTROYING.test(operation)) reading.acts.push('destroy-remote');
  else if (operation === 'start-query-execution' && looksWithSql(options)) reading.acts.push('read-remote');
  else if (operation === 'wait' || LOOKING.test(operation) || isLogTail(service, operation))
    reading.acts.push('read-remote');
  else reading.acts.push('change-remote');
  if (TO_FILES.has(operation)) reading.doubt(`${operation} writes a file`);
  if (
    (SECRETS.test(operation) && !NO_SECRETS.has(operation)) ||
    options.some(({ name }) => SHOWS_SECRETS.some((option) => isShortOf(name, option))) ||
    (service === 'sts' && !/^get-(?:caller-identity|access-key-info)$/.test(operation))
  )
    reading.doubt(`${service} ${operation} hands out secrets`);
  const isExpected = operation === 'wait' || isLogTail(service, operation);
  if (more.length > (isExpected ? 1 : 0)) reading.doubt('a word stands there whose meaning is not known');
  for (const { name, values } of options) {
    // A list has a name in the plural; else the second value is a file's name.
    if (values.length > 1 && !name.endsWith('s'))
      reading.doubt(`what ${JSON.stringify(values[1])} does there is not known`);
  }
}

/** Athena: SQL over what lies in S3. */
function looksWithSql(options: CloudWords['options']): boolean {
  const sql = options.filter(({ name }) => name === '--query-string');
  return (
    sql.length === 1 && sql[0]?.values.length === 1 && readSql(sql[0].values[0] ?? '', 'other') === 'read'
  );
}

function isLogTail(service: string, operation: string): boolean {
  return service === 'logs' && operation === 'tail';
}

/** `aws s3 cp here s3://there`: the high-level commands. */
function readS3(
  operation: string,
  more: readonly string[],
  { options }: CloudWords,
  reading: CloudReading,
): ProgramReading {
  const places = [...more, ...options.flatMap(({ values }) => values)];
  if (operation === 'ls' && more.every((place) => place.startsWith('s3://')))
    reading.acts.push('read-remote');
  else if (operation === 'rm' || operation === 'rb') reading.acts.push('destroy-remote');
  else if (/^(?:cp|mv|sync|mb|website)$/.test(operation)) {
    const isDownload = operation !== 'mv' && more[1]?.startsWith('s3://') === false;
    reading.acts.push(isDownload ? 'read-remote' : 'change-remote');
    if (operation === 'mv' || options.some(({ name }) => name === '--delete'))
      reading.acts.push('destroy-remote');
    readCopy(more.slice(0, 2), places.length > more.length + options.length, reading);
  } else reading.doubt(`what s3 ${operation} does is not known`);
  return reading.read();
}

function readCopy(places: readonly string[], isUnclear: boolean, reading: CloudReading): void {
  if (places.length < 2 || isUnclear) reading.doubt('from where to where is not known');
  for (const [index, place] of places.entries()) {
    if (place.startsWith('s3://') || place === '-') continue;
    reading.touch(index === 0 ? 'read-tree' : 'write', place);
  }
}

/** Settings of the person's own: names of profiles and regions are shown, keys are not. */
function readConfigure(operation: string, more: readonly string[], reading: CloudReading): ProgramReading {
  const isShown =
    /^(?:list|list-profiles)$/.test(operation) ||
    (operation === 'get' && more.every((name) => /^(?:region|output|cli_pager)$/.test(name)));
  if (!isShown) reading.doubt('it changes the settings of the AWS command line, or shows keys');
  return reading.read();
}

export const amazon = { aws };
