import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { personId } from '../../core/ports/chat.ts';
import { readCurrentSetUp, type CurrentSetUp } from './current-set-up.ts';
import { ownerOf, prepareSetUp, setOwner, writeConfig } from './write-set-up.ts';

const token = '123456:abcdefghijklmnopqrstuvwxyz012345678';

describe('the set-up that is written', () => {
  let home: string;
  let project: string;
  let folder: string;
  let path: string;
  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-init-')));
    project = join(home, 'shop');
    mkdirSync(project);
    folder = join(home, '.leashd');
    path = join(folder, 'config.yaml');
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const current = (environment: Record<string, string> = {}): CurrentSetUp =>
    readCurrentSetUp({ startDirectory: project, homeDirectory: home, environment });
  const existing = (text: string): void => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, text);
  };

  it('is for nobody else, folder and file', () => {
    mkdirSync(folder, { mode: 0o755 });
    const before = current();
    const { text, isChanged } = prepareSetUp(before, { directories: [project], token });
    expect(isChanged).toBe(true);
    writeConfig(before, text);
    expect([statSync(folder).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o700, 0o600]);
    expect(readdirSync(folder)).toEqual(['config.yaml']);
    expect(current().loaded.settings).toMatchObject({
      approvedDirectories: [project],
      telegramBotToken: token,
    });
  });

  it('is never one that leashd could not load', () => {
    expect(() => prepareSetUp(current(), { directories: [join(home, 'gone')] })).toThrow(/does not exist/);
    expect(() => prepareSetUp(current(), { policyFiles: ['nobody.yaml'] })).toThrow(/nobody\.yaml/);
    // Also where a stronger source hides it.
    const hidden = current({ LEASHD_APPROVED_DIRECTORIES: project });
    expect(() => prepareSetUp(hidden, { directories: [join(home, 'gone')] })).toThrow(/does not exist/);
  });

  it('tells which sources win over it, and only where they say something else', () => {
    writeFileSync(
      join(project, '.env'),
      `LEASHD_POLICY_FILES=strict.yaml\nLEASHD_APPROVED_DIRECTORIES=${project}\n`,
    );
    const { overridden } = prepareSetUp(current({ LEASHD_TELEGRAM_BOT_TOKEN: token }), {
      directories: [project],
      token: { kind: 'none' },
      policyFiles: ['permissive.yaml'],
    });
    expect(overridden).toEqual([
      expect.stringMatching(/^LEASHD_TELEGRAM_BOT_TOKEN in the environment wins .*unset/),
      expect.stringMatching(/^LEASHD_POLICY_FILES in \.env:1 wins/),
    ]);
    expect(overridden.join()).not.toContain(token);
  });

  it('does not overwrite what somebody else has changed meanwhile', () => {
    const before = current();
    const { text } = prepareSetUp(before, { directories: [project] });
    existing('max_turns: 7\n');
    expect(() => writeConfig(before, text)).toThrow(/changed meanwhile/);
    expect(readFileSync(path, 'utf8')).toBe('max_turns: 7\n');
  });

  it('leaves a link in place, and writes what it leads to', () => {
    mkdirSync(join(home, 'dotfiles'));
    existing('');
    rmSync(path);
    writeFileSync(join(home, 'dotfiles', 'leashd.yaml'), 'max_turns: 7\n');
    symlinkSync(join(home, 'dotfiles', 'leashd.yaml'), path);
    const before = current();
    writeConfig(before, prepareSetUp(before, { directories: [project] }).text);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(home, 'dotfiles', 'leashd.yaml'), 'utf8')).toMatch(/^max_turns: 7\n[^]*shop/);
  });

  it('says when it can not be written, and leaves nothing behind', () => {
    const before = current();
    writeFileSync(folder, 'a file in the way');
    expect(() => writeConfig({ ...before, text: undefined }, 'max_turns: 7\n')).toThrow(
      /could not be written/,
    );
    expect(readdirSync(home).toSorted()).toEqual(['.leashd', 'shop']);
  });

  it('asks anew for what can not be loaded any more, and leaves other faults alone', () => {
    existing(`# mine\napproved_directories: [${join(home, 'gone')}]\nmax_turns: 7\n`);
    const before = current();
    const { broken, loaded } = before;
    expect(broken).toEqual([expect.stringContaining('approved_directories: ')]);
    const { text } = prepareSetUp(before, { directories: [project] });
    expect(text).toBe(`# mine\napproved_directories: [${project}]\nmax_turns: 7\n`);
    expect(() => prepareSetUp(before, { policyFiles: ['strict.yaml'] })).toThrow(/does not exist/);
    expect(loaded.settings.maxTurns).toBe(7);
    existing(`approved_directories: [${join(home, 'gone')}]\nmax_turns: many\n`);
    expect(() => current()).toThrow(/max_turns/);
  });

  it('puts a new owner in the place of the old one', async () => {
    const [ada, bob] = [personId('telegram', 1), personId('telegram', 2)];
    await setOwner(folder, '123456', ada);
    await setOwner(folder, '123456', bob);
    expect(await ownerOf(folder, '123456')).toBe(bob);
    writeFileSync(join(folder, 'owner-123456.json'), 'broken');
    await setOwner(folder, '123456', ada);
    expect(await ownerOf(folder, '123456')).toBe(ada);
    expect(statSync(join(folder, 'owner-123456.json')).mode & 0o777).toBe(0o600);
  });
});
