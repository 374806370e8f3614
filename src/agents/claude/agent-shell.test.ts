import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../process/run.ts';
import { agentShell } from './agent-shell.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leashd-shell-'));
});
afterEach(async () => rm(folder, { recursive: true }));

async function shell(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await run(agentShell(), args, {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', HOME: folder, ...env },
    timeoutMs: 5000,
    maxOutputBytes: 10_000,
  });
  return stdout;
}

describe('agentShell', () => {
  it('passes a command and its arguments on as they are', async () => {
    const words = ['-n a', '$HOME', '"', '*', ''];
    expect(await shell(['-c', 'printf "%s|" "$0" "$@"', 'name', ...words])).toBe(`name|${words.join('|')}|`);
    expect(await shell(['-c', '-l', 'shopt -q login_shell || echo none'])).toBe('none\n');
    expect(await shell(['-lc', 'echo there'])).toBe('there\n');
  });

  it('reads no start-up file, whichever way it is started', async () => {
    for (const name of ['.bashrc', '.bash_profile', '.profile', '.bash_logout', 'env.sh']) {
      await writeFile(join(folder, name), `echo read ${name}`);
    }
    const env = { BASH_ENV: join(folder, 'env.sh'), ENV: join(folder, 'env.sh') };
    for (const options of [['-c'], ['-c', '-l'], ['-lc'], ['--login', '-c'], ['-i', '-c']]) {
      expect(await shell([...options, 'exit'], env)).toBe('');
    }
  });

  it('takes no function, option or variable from its environment that changes a command', async () => {
    const env = {
      'BASH_FUNC_echo%%': '() {  builtin echo bent\n}',
      BASHOPTS: 'extglob:globstar:nullglob:dotglob',
      SHELLOPTS: 'noglob:posix:xtrace',
      POSIXLY_CORRECT: '1',
      GLOBIGNORE: '*',
      CDPATH: '/usr',
    };
    const seen = await shell(
      [
        '-c',
        'type -t echo; shopt -p extglob globstar nullglob dotglob; set -o | grep -E "posix|noglob|xtrace"; echo "[$CDPATH$GLOBIGNORE]"; bash -c "set -o | grep posix"',
      ],
      env,
    );
    expect(seen.trim().split(/\s*\n/)).toEqual([
      'builtin',
      'shopt -u extglob',
      'shopt -u globstar',
      'shopt -u nullglob',
      'shopt -u dotglob',
      'noglob         \toff',
      'posix          \toff',
      'xtrace         \toff',
      '[]',
      'posix          \toff',
    ]);
  });

  it('leaves the snapshot of the start-up files empty', async () => {
    await writeFile(join(folder, '.bashrc'), 'alias ls=bent');
    const file = join(folder, "it's one.sh");
    const quoted = file.replaceAll("'", "'\\''");
    const script = `SNAPSHOT_FILE='${quoted}'\n source "${folder}/.bashrc"\n alias >> "$SNAPSHOT_FILE"`;
    await shell(['-c', '-l', script]);
    expect(await shell(['-c', `cat ${JSON.stringify(file)}`])).toBe('# Nothing of the start-up files.\n');
  });

  it('says so when it can’t be executed', async () => {
    const file = join(folder, 'bash');
    await writeFile(file, '');
    await chmod(file, 0o644);
    expect(() => agentShell(file)).toThrow(/can't be run/);
    expect(() => agentShell(join(folder, 'none'))).toThrow(/can't be run/);
  });
});
