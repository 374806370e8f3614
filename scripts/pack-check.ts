// The package as a stranger gets it: packed, installed into an empty folder with scripts blocked, and tried there.
// `npm run check:package`; LEASHD_CHECK_NODE names another Node to try it with.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { faultsOfFiles, faultsOfManifest } from './pack-rules.ts';

const ROOT = join(import.meta.dirname, '..');
const INSTALL_MS = 300_000;
const RUN_MS = 60_000;
const node = process.env['LEASHD_CHECK_NODE'] ?? process.execPath;

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
};
const packed = z.array(
  z.object({
    filename: z.string(),
    size: z.number(),
    files: z.array(z.object({ path: z.string(), mode: z.number() })),
  }),
);

type Ran = { readonly status: number | null; readonly output: string };

const faults: string[] = [];
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-pack-')));
try {
  check(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;

function check(place: string): void {
  const told = npm(ROOT, ['pack', '--json', '--ignore-scripts', '--pack-destination', place]);
  const [archive] = packed.parse(JSON.parse(told));
  if (archive === undefined) throw new Error('npm packed nothing');
  faults.push(...faultsOfManifest(manifest.scripts), ...faultsOfFiles(archive.files));
  console.log(`${archive.filename}: ${archive.files.length} files, ${Math.round(archive.size / 1024)} KiB`);

  const app = join(place, 'app');
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{"private": true}\n');
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  npm(app, ['install', '--ignore-scripts', ...quiet, join(place, archive.filename)]);
  for (const [name, isRight] of Object.entries(tries(place, app))) {
    const fault = isRight();
    console.log(`${fault === undefined ? '✓' : '✗'} ${name}`);
    if (fault !== undefined) faults.push(`${name}: ${fault}`);
  }
}

/** Each gives what is wrong, or undefined. */
function tries(place: string, app: string): Readonly<Record<string, () => string | undefined>> {
  const home = join(place, 'home');
  const project = join(place, 'project');
  for (const path of [home, project, join(place, 'tmp')]) mkdirSync(path);
  const environment = { PATH: process.env['PATH'] ?? '', HOME: home, TMPDIR: join(place, 'tmp') };
  const program = join(app, 'node_modules', 'leashd', 'dist', 'cli', 'main.js');
  const leashd = (...args: string[]): Ran => run(node, [program, ...args], project, environment);
  const expected = (
    { status, output }: Ran,
    statuses: readonly number[],
    words: RegExp,
  ): string | undefined =>
    statuses.includes(status ?? -1) && words.test(output) && !/this is a bug/.test(output)
      ? undefined
      : `exit status ${status}, and it said:\n${output}`;
  const versionLine = new RegExp(`^${manifest.version.replaceAll('.', '\\.')}\\n$`);
  return {
    'leashd --version': () => expected(leashd('--version'), [0], versionLine),
    'npx leashd --version': () =>
      expected(run('npx', ['--offline', 'leashd', '--version'], app, environment), [0], versionLine),
    'leashd --help': () => expected(leashd('--help'), [0], /doctor/),
    'leashd with a word it does not know': () => expected(leashd('strat'), [2], /leashd start/),
    'leashd config': () => expected(leashd('config'), [0], /LEASHD_STATE_DIR/),
    'leashd policy check': () =>
      expected(leashd('policy', 'check', 'git push --force origin main'), [0], /deny|ask/),
    'leashd status': () => expected(leashd('status'), [3], /not running/),
    // What it finds depends on the machine; that it gets to its end does not.
    'leashd doctor': () => expected(leashd('doctor'), [0, 1], /Node/),
    'leashd demo': () => expected(leashd('demo'), [0], /What the gate decided/),
    "import 'leashd'": () => {
      const code = `const all = { ...await import('leashd'), ...await import('leashd/testing') };
console.log(Object.keys(all).length > 5 ? 'exports' : 'nothing');`;
      return expected(
        run(node, ['--input-type=module', '--eval', code], app, environment),
        [0],
        /^exports\n$/,
      );
    },
    'nothing but leashd-bash has to be executable': () =>
      (statSync(join(app, 'node_modules/leashd/shell/leashd-bash')).mode & 0o111) === 0
        ? 'shell/leashd-bash is not'
        : undefined,
  };
}

function npm(directory: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd: directory,
    encoding: 'utf8',
    timeout: INSTALL_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return stdout;
  throw new Error(`npm ${args.join(' ')} ended with ${status}:\n${stderr}`);
}

function run(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Ran {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    env,
    encoding: 'utf8',
    timeout: RUN_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { status, output: `${stdout}${stderr}` };
}
