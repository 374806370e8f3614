import type { Word } from '../types.ts';
import { wordSet } from '../word-set.ts';
import { CloudReading, cloudWords } from './cloud-words.ts';
import type { CloudWords } from './cloud-words.ts';
import type { ProgramReading } from './table.ts';

const LEADING = {
  withValue: wordSet('--subscription --query -o --output'),
  flags: wordSet('--debug --verbose --only-show-errors'),
};

const LOOKING =
  /^(?:list|show|get|exists|check|query|summarize|tail|wait|url|what-if|validate|describe|logs|calculate)(?:-|$)/;

const DESTROYING = /^(?:delete|purge|remove|destroy|deallocate|unregister|regenerate|renew)(?:-|$)/;

/** A word ahead of the last one that makes the last one a name: `az config unset list`. */
const CHANGING =
  /^(?:set|unset|delete|purge|remove|add|create|update|start|stop|restart|run|invoke|import|upload|deploy|reset|renew|grant|revoke|assign|attach|detach|enable|disable|move|copy|restore|register|install|login|configure|upgrade|find|rest|ssh|exec|interactive|feedback|cancel|apply|approve|generate|regenerate|download|export|publish)(?:-|$)/;

/** Commands that hand out what opens something. */
const SECRETS =
  /keyvault secret (?:show|download)|access-token|list-keys|show-keys|\bkeys (?:list|show)|connection-string|credential|publishing|admin-key|query-key|secrets? (?:show|list-values)|list-secrets|appsettings|\btokens?\b|\bsas\b|password|\bkv (?:list|show)/;

/** Options that write a file or open a browser. */
const BEYOND =
  /^--(?:file|open|destination|dest|output-file|output-folder|log-file|directory|path-to.*|save.*)$/;

/** `az group … verb --name value` of the Azure CLI (learn.microsoft.com/cli/azure). */
function az(words: readonly Word[]): ProgramReading {
  const call = cloudWords(words, LEADING);
  const reading = new CloudReading();
  if (call.options.some(({ name, values }) => /^(?:-h|--help|--version)$/.test(name) && values.length === 0))
    return reading.read();
  readOptions(call, reading);
  const isShow = call.path.at(-2) === 'show';
  const verb = (isShow ? call.path.at(-2) : call.path.at(-1)) ?? '';
  const groups = call.path.slice(0, isShow ? -2 : -1);
  if (call.path.join(' ') === 'version' || call.path[0] === 'find') reading.acts.push('read-remote');
  else if (
    groups.length === 0 ||
    /^(?:login|logout|config|configure|extension|ssh|bicep|rest)$/.test(groups[0] ?? '')
  )
    readOwnSettings(call.path, reading);
  else if (groups.some((group) => CHANGING.test(group)) || !LOOKING.test(verb))
    reading.acts.push(DESTROYING.test(verb) ? 'destroy-remote' : 'change-remote');
  else reading.acts.push('read-remote');
  if (/\b(?:download|export|get-credentials|login|ssh|exec)\b/.test(call.path.join(' ')))
    reading.doubt(`what ${call.path.join(' ')} does here is not known`);
  if (verb === 'wait') reading.doubt('how long it waits is not known');
  if (SECRETS.test(call.path.join(' '))) reading.doubt(`${call.path.join(' ')} hands out secrets`);
  return reading.read();
}

function readOptions({ options }: CloudWords, reading: CloudReading): void {
  for (const { name, values } of options) {
    if (BEYOND.test(name)) reading.doubt(`what ${name} does there is not known`);
    for (const value of values) {
      // A value is taken from a file: `--parameters @x.json`.
      if (value.startsWith('@') && value !== '@-') reading.touch('read', value.slice(1));
    }
  }
}

/** What the command line itself is set up with. */
function readOwnSettings(path: readonly string[], reading: CloudReading): void {
  if (
    !/^(?:config get|extension (?:list|show|list-available)|bicep (?:version|list-versions))(?: |$)/.test(
      path.join(' '),
    )
  )
    reading.doubt('it changes the settings of the Azure command line, or is not known');
}

export const azure = { az };
