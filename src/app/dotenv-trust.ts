import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { LoadedSettings } from '../config/load-settings.ts';
import { settingTable, type SettingKey } from '../config/settings.ts';
import { PersonError } from '../errors.ts';
import { run } from '../process/run.ts';
import { KnownFiles } from './known-files.ts';
import { packageRoot } from './version.ts';

/** Settings that say what holds the agent, what runs, or where secrets go. A `.env` with others only is no matter. */
const WEIGHTY: readonly SettingKey[] = [
  'telegramBotToken',
  'telegramApiRoot',
  'allowedUserIds',
  'approvedDirectories',
  'policyFiles',
  'mcpServers',
  'claudePath',
  'systemPrompt',
  'defaultMode',
  'storagePath',
  'auditLogPath',
  'stateDir',
  'logDir',
  'allowedTools',
  'approverIds',
  'confirmRisk',
  'plugins',
  'osSandbox',
  'browser',
  'browserPath',
  'maxCostUsdPerTurn',
  'maxCostUsdPerDay',
];

export interface DotenvTrustOptions {
  readonly loaded: LoadedSettings;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Asks the person at the machine; absent where nobody can be asked. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
}

/**
 * A project must not decide what holds it. A `.env` that git tracks came with the project and is refused. Another
 * one that sets weighty things is asked about once, where somebody can be asked; leashd's own folder is left out,
 * as the quick start puts it there. Where nobody can be asked, whoever set that up vouches for it.
 * @throws PersonError naming the file.
 */
export async function checkDotenv({ loaded, environment, confirm }: DotenvTrustOptions): Promise<void> {
  const unknown = await unknownDotenv({ loaded, environment });
  if (unknown === undefined || confirm === undefined) return;
  const { file, names, vouch } = unknown;
  if (await confirm(`${file} sets ${names}. Did you write it yourself? [y/N] `)) vouch();
  else {
    throw new PersonError('DOTENV_NOT_TRUSTED', `${file} is not trusted, so nothing was started`, {
      hint: 'Look at its LEASHD_ lines; delete them if you did not write them.',
    });
  }
}

/**
 * For what only looks: whoever looks around in a project has not vouched for it, so its `.env` starts no program and
 * names no server before a start was told that it is theirs.
 * @throws PersonError naming the file.
 */
export async function requireKnownDotenv(options: Omit<DotenvTrustOptions, 'confirm'>): Promise<void> {
  const unknown = await unknownDotenv(options);
  if (unknown === undefined) return;
  const { file, names } = unknown;
  throw new PersonError(
    'DOTENV_UNKNOWN',
    `${file} sets ${names}, and nobody has said yet who wrote it, so nothing was taken from it`,
    {
      hint: 'Look at its LEASHD_ lines. If they are yours: leashd start asks about them once, in a terminal',
    },
  );
}

type UnknownDotenv = { readonly file: string; readonly names: string; readonly vouch: () => void };

/** @throws PersonError for one that git tracks. */
async function unknownDotenv({
  loaded,
  environment,
}: Omit<DotenvTrustOptions, 'confirm'>): Promise<UnknownDotenv | undefined> {
  const weighty = WEIGHTY.filter((key) => loaded.origins[key].kind === 'dotenv');
  const file = Object.values(loaded.origins).find((origin) => origin.kind === 'dotenv')?.path;
  if (file === undefined) return undefined;
  if (await isTracked(file, environment)) {
    throw new PersonError(
      'DOTENV_FOREIGN',
      `${file} is part of the project (git tracks it, or can't tell), so leashd takes no settings from it`,
      {
        hint: 'Move its LEASHD_ lines to ~/.leashd/config.yaml, or untrack it: git rm --cached .env',
      },
    );
  }
  if (weighty.length === 0 || path.dirname(file) === packageRoot) return undefined;
  const known = new KnownFiles(loaded.homeDirectory);
  const facts = ['dotenv', file, readFileSync(file, 'utf8')];
  if (known.isKnown(...facts)) return undefined;
  const names = weighty.map((key) => settingTable[key].env).join(', ');
  return { file, names, vouch: () => known.remember(...facts) };
}

async function isTracked(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const folder = path.dirname(file);
  // Nothing that a repository names may run here, and no folder may pass for a bare repository.
  const guards = ['-c', 'core.fsmonitor=false', '-c', 'safe.bareRepository=explicit'];
  const args = [...guards, '-C', folder, 'ls-files', '--error-unmatch', '--', path.basename(file)];
  try {
    const { exitCode, stderr } = await run('git', args, {
      cwd: folder,
      env: { PATH: environment['PATH'], HOME: environment['HOME'], LC_ALL: 'C' },
      timeoutMs: 5000,
      maxOutputBytes: 4096,
    });
    // 1: not tracked. Anything else than "no repository" is a folder that git itself does not trust.
    return exitCode !== 1 && !stderr.includes('not a git repository');
  } catch {
    // Without git nothing was cloned with it.
    return false;
  }
}
