import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../process/run.ts';
import { pathForService } from './path-for-service.ts';
import { propertyList } from './property-list.ts';
import { standingOf, standingOfText } from './service-mark.ts';
import { lastingName, serviceParts, type ServiceParts } from './service-parts.ts';
import { unitFile } from './unit-file.ts';

const ODD = [
  'plain',
  'with blank',
  `quo"te's`,
  '100%h',
  'dollar$HOME',
  'back\\slash',
  'grüße-日本',
  'a&b<c>--d',
  '#;x',
];

/** systemd takes no such name for a program. */
function isOddProgram(name: string): boolean {
  return /["'\\]/.test(name);
}

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-unit-')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function partsIn(name: string): ServiceParts {
  const at = join(folder, name);
  return {
    node: join(at, 'node'),
    entry: join(at, 'main.js'),
    directory: at,
    environment: { PATH: `${at}:/usr/bin`, LANG: 'C.UTF-8' },
  };
}

/** systemd.syntax(7): words in double quotes with C escapes, then `%%` for `%`. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain = '']) =>
    (quoted === undefined ? plain : quoted.replaceAll(/\\(.)/g, '$1')).replaceAll('%%', '%'),
  );
}

function valueOf(text: string, key: string): string {
  return new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1] ?? '';
}

describe('the unit for systemd', () => {
  it.each(ODD)('keeps its paths whole: %s', (name) => {
    const parts = partsIn(name);
    const text = unitFile(parts);
    const start = valueOf(text, 'ExecStart');
    // Without the colon systemd would put variables into the words.
    expect(start.startsWith(':')).toBe(true);
    const words = wordsOf(start.slice(1));
    const shell = ['/bin/sh', '-c', 'exec "$0" "$@"'];
    expect(words).toEqual([
      ...(isOddProgram(name) ? shell : []),
      parts.node,
      parts.entry,
      'start',
      '--foreground',
    ]);
    expect(valueOf(text, 'WorkingDirectory').replaceAll('%%', '%')).toBe(parts.directory);
    expect(wordsOf(valueOf(text, 'Environment'))).toEqual([`PATH=${parts.environment['PATH']}`]);
    expect(standingOfText(text)).toEqual({
      kind: 'own',
      parts: { node: parts.node, entry: parts.entry, directory: parts.directory },
    });
  });

  it('stands as it is documented', () => {
    expect(unitFile({ ...partsIn('x'), directory: '/home/ada/shop' }).replaceAll(folder, '/opt')).toContain(
      [
        '[Service]',
        'Type=exec',
        'ExecStart=:"/opt/x/node" "/opt/x/main.js" start --foreground',
        'ExecReload=/bin/kill -HUP $MAINPID',
        'WorkingDirectory=/home/ada/shop',
      ].join('\n'),
    );
  });

  it.skipIf(!existsSync('/usr/bin/systemd-analyze')).each(ODD)(
    'passes systemd-analyze verify: %s',
    async (name) => {
      const parts = partsIn(name);
      mkdirSync(parts.directory, { recursive: true });
      copyFileSync('/bin/true', parts.node);
      chmodSync(parts.node, 0o755);
      writeFileSync(parts.entry, '');
      const units = join(folder, 'units');
      mkdirSync(units, { recursive: true });
      const unit = join(units, 'leashd.service');
      writeFileSync(unit, unitFile(parts));
      const verify = async (): Promise<string> => {
        const env = {
          PATH: '/usr/bin:/bin',
          HOME: folder,
          XDG_RUNTIME_DIR: folder,
          SYSTEMD_UNIT_PATH: `${units}:/usr/lib/systemd/user`,
        };
        const options = { cwd: '/', env, timeoutMs: 20_000, maxOutputBytes: 65_536 };
        const { exitCode, stderr } = await run(
          'systemd-analyze',
          ['verify', '--user', '--man=no', unit],
          options,
        );
        const ofOurs = stderr.split('\n').filter((line) => line.includes('leashd') && !line.includes('kill'));
        return [exitCode, ...ofOurs].join('\n');
      };
      expect(await verify()).toBe('0');
      rmSync(parts.node);
      expect(await verify()).toContain(isOddProgram(name) ? '0' : 'is not executable');
    },
  );
});

const hasPython = existsSync('/usr/bin/python3');

describe('the property list for launchd', () => {
  it.skipIf(!hasPython).each(ODD)('is read by a parser as it was meant: %s', async (name) => {
    const parts = partsIn(name);
    const text = propertyList(parts, '/home/ada/.leashd/service.log');
    const code = 'import plistlib,sys,json; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))';
    const options = {
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      timeoutMs: 20_000,
      maxOutputBytes: 65_536,
      input: text,
    };
    const { stdout, stderr } = await run('/usr/bin/python3', ['-c', code], options);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      Label: 'local.leashd',
      ProgramArguments: [parts.node, parts.entry, 'service', 'run'],
      WorkingDirectory: parts.directory,
      EnvironmentVariables: parts.environment,
      RunAtLoad: true,
      KeepAlive: { SuccessfulExit: false },
      ExitTimeOut: 30,
    });
  });

  it.each(ODD)('bears the mark: %s', (name) => {
    expect(standingOfText(propertyList(partsIn(name), '/x')).kind).toBe('own');
  });
});

describe('the mark of a service file', () => {
  const text = unitFile(partsInPlain());

  it('tells what was changed by hand, also in the paths it names', () => {
    expect(standingOfText(text.replace('RestartSec=5', 'RestartSec=9')).kind).toBe('changed');
    expect(standingOfText(text.replace('"entry":"/opt', '"entry":"/xyz')).kind).toBe('changed');
    expect(standingOfText(`${text}# mine\n`).kind).toBe('changed');
  });

  it('is not seen where there is none', () => {
    expect(standingOfText('[Service]\nExecStart=/bin/true\n').kind).toBe('foreign');
    expect(standingOfText('').kind).toBe('foreign');
    expect(standingOf(join(folder, 'nowhere')).kind).toBe('absent');
  });

  it('does not count behind a link', () => {
    const target = join(folder, 'target.service');
    writeFileSync(target, text);
    symlinkSync(target, join(folder, 'linked.service'));
    expect(standingOf(target).kind).toBe('own');
    expect(standingOf(join(folder, 'linked.service')).kind).toBe('foreign');
  });
});

function partsInPlain(): ServiceParts {
  return { node: '/opt/node', entry: '/opt/main.js', directory: '/home/ada', environment: { PATH: '/bin' } };
}

describe('what a service is made of', () => {
  it('takes of PATH what is absolute and there, once, and not what npm puts ahead', () => {
    const ours = join(folder, 'node_modules', '.bin');
    mkdirSync(ours, { recursive: true });
    expect(pathForService(`${ours}:relative:.::${folder}:/nowhere/at/all:/bin:${folder}`)).toBe(
      `${folder}:/bin`,
    );
    expect(pathForService('')).toBe('/usr/local/bin:/usr/bin:/bin');
  });

  it('names Node.js by the link that outlives an upgrade', () => {
    const cellar = join(folder, 'node-24.1');
    const link = join(folder, 'node-link');
    writeFileSync(cellar, '');
    symlinkSync(cellar, link);
    expect(lastingName(cellar, [join(folder, 'none'), link])).toBe(link);
    expect(lastingName(process.execPath, [link])).toBe(process.execPath);
  });

  it('takes no key and no setting along', () => {
    const environment = {
      PATH: '/bin',
      ANTHROPIC_API_KEY: 'k',
      LEASHD_X: 'y',
      LANG: 'de_DE.UTF-8',
      CLAUDE_CONFIG_DIR: 'relative',
    };
    expect(serviceParts({ environment, startDirectory: folder }).environment).toEqual({
      PATH: '/bin',
      LANG: 'de_DE.UTF-8',
    });
  });

  it('refuses a folder whose name no file can hold', () => {
    const odd = join(folder, 'line\nbreak');
    mkdirSync(odd);
    expect(() => serviceParts({ environment: {}, startDirectory: odd })).toThrow('control character');
  });
});
