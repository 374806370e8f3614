import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspace } from '../core/ports/workspace.ts';
import { SessionDirectories } from '../core/sessions/session-directories.ts';
import { PersonError } from '../errors.ts';
import { loadWorkspaces } from './workspaces.ts';

let root: string;
let home: string;
let approved: readonly [string, ...string[]];
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-workspaces-')));
  home = join(root, 'home');
  for (const path of ['.leashd', 'code/api/src', 'code/web', 'code/web-secrets', 'private'])
    mkdirSync(join(home, path), { recursive: true });
  writeFileSync(join(home, 'code/api/file'), '');
  symlinkSync(join(home, 'code/web'), join(home, 'link-in'));
  symlinkSync(join(home, 'private'), join(home, 'code/api/link-out'));
  approved = [join(home, 'code/api'), join(home, 'code/web')];
});
afterEach(() => rmSync(root, { recursive: true }));

function load(text: string): readonly Workspace[] {
  writeFileSync(join(home, '.leashd', 'workspaces.yaml'), text);
  return loadWorkspaces({
    startDirectory: join(home, 'code/api'),
    homeDirectory: home,
    stateDir: join(home, '.leashd'),
    approvedDirectories: approved,
  });
}

function faultOf(text: string): string {
  try {
    load(text);
  } catch (error) {
    if (error instanceof PersonError && error.code === 'WORKSPACES_INVALID') return error.message;
    throw error;
  }
  return 'no fault';
}

const dirs = (name: string, ...paths: string[]): string => `workspaces:\n  ${name}: [${paths.join(', ')}]\n`;

describe('workspaces.yaml', () => {
  it('gives names to directories: in short, or with a description', () => {
    expect(
      load(
        'workspaces:\n  shop:\n    description: API and\n      front end\n    directories: [~/code/api, ~/link-in]\n' +
          `  2-only_src: [${join(home, 'code/api/src')}]\n`,
      ),
    ).toEqual([
      {
        name: 'shop',
        description: 'API and front end',
        directories: [join(home, 'code/api'), join(home, 'code/web')],
      },
      { name: '2-only_src', directories: [join(home, 'code/api/src')] },
    ]);
  });

  it.each(['', '# none yet\n', 'workspaces:\n', 'workspaces: {}\n'])('may be empty: %j', (text) => {
    expect(load(text)).toEqual([]);
  });

  it('need not be there', () => {
    const stateDirectory = join(root, 'nowhere');
    const places = { startDirectory: home, homeDirectory: home, stateDir: stateDirectory };
    expect(loadWorkspaces({ ...places, approvedDirectories: approved })).toEqual([]);
  });

  it.each([
    ['shop: [~/code/api]', ':1:1: expected workspaces, got "shop"'],
    ['workspace: {}', ':1:1: expected workspaces, got "workspace"; did you mean workspaces?'],
    ['- a', ':1:1: expected a mapping, as in `workspaces: { shop: [~/code/api, ~/code/web] }`'],
    ['workspaces: [a]', ':1:13 workspaces: expected a mapping, as in'],
    [dirs('Shop', '~/code/api'), ':2:3: expected a name of 1 to 32 of a-z, 0-9, - and _, got "Shop"'],
    [dirs('a'.repeat(33), '~/code/api'), ':2:3: expected a name of 1 to 32'],
    [dirs('none', '~/code/api'), ':2:3: expected another name (`/workspace none` leaves a workspace)'],
    [dirs('shop'), ':2:9 shop: expected a list of directories, got an empty list'],
    ['workspaces:\n  shop: ~/code/api\n', ':2:9 shop: expected a list of directories, got "~/code/api"'],
    ['workspaces:\n  shop:\n', ':2:8 shop: expected a list of directories, got nothing'],
    [
      'workspaces:\n  shop: { description: x }',
      ':2:3 shop.directories: expected a list of directories, got nothing',
    ],
    [
      'workspaces:\n  shop: { directory: [~/code/api], directories: [~/code/api] }',
      ':2:11 shop: expected directories or description, got "directory"; did you mean directories?',
    ],
    [
      'workspaces:\n  shop: { directories: [~/code/api], description: [x] }',
      ':2:51 shop.description: expected text of at most 200 characters, got a list',
    ],
    [dirs('shop', 'code/api'), ':2:10 shop: expected a path that begins with / or ~/, got "code/api"'],
    [dirs('shop', '7'), ':2:10 shop: expected a path that begins with / or ~/, got 7'],
    [
      dirs('shop', '~/code/api', '~/code/api/'),
      ':2:22 shop: expected each directory once, got "~/code/api/" again',
    ],
    [dirs('shop', '~/code/gone'), ':2:10 shop: expected a directory that exists, but "'],
    [dirs('shop', '~/code/api/file'), ':2:10 shop: expected a directory, but "'],
    [dirs('shop', '~/code'), ':2:10 shop: expected a directory inside those that are approved ('],
    [dirs('shop', '~/code/web-secrets'), ':2:10 shop: expected a directory inside those that are approved ('],
    [
      dirs('shop', '~/code/api/../../private'),
      ':2:10 shop: expected a directory inside those that are approved (',
    ],
    [
      'workspaces:\n  a: [~/code/api]\n  a: [~/code/web]\n',
      ':3:3: not readable as YAML: Map keys must be unique',
    ],
    ['workspaces:\n  a: [~/code/api\n', ': not readable as YAML'],
    ['workspaces:\n  a: [*nothing]\n', ':2:7 a: expected a path that begins with / or ~/, got an alias'],
  ])('says what is wrong in %j, and where', (text, fault) => {
    expect(faultOf(text)).toContain('~/.leashd/workspaces.yaml is wrong:\n  ~/.leashd/workspaces.yaml:');
    expect(faultOf(text)).toContain(fault);
  });

  it('says where a link leads that leads out', () => {
    expect(faultOf(dirs('shop', '~/code/api/link-out'))).toContain(
      `got "${home}/code/api/link-out" (it leads to "${home}/private")`,
    );
  });

  it('tells every fault at once, and gives no workspace then', () => {
    expect(
      faultOf('workspaces:\n  A: [~/code/api]\n  b: [x, ~/private]\n').match(/workspaces\.yaml:\d/g),
    ).toHaveLength(3);
  });

  it.skipIf(process.getuid?.() === 0)('that can not be read is a fault, not an empty file', () => {
    load('');
    chmodSync(join(home, '.leashd', 'workspaces.yaml'), 0);
    expect(() =>
      loadWorkspaces({
        startDirectory: home,
        homeDirectory: home,
        stateDir: join(home, '.leashd'),
        approvedDirectories: approved,
      }),
    ).toThrow("can't be read");
  });

  it('never gives a session a directory outside the approved ones', () => {
    const path = fc.constantFrom(
      '~/code/api',
      '~/code/web',
      '~/code/api/src',
      '~/code/api/link-out',
      '~/link-in',
      '~/code',
      '~',
      '/',
      '~/private',
      '~/code/web-secrets',
      '~/code/web/../../private',
      '~/gone',
    );
    const name = fc.constantFrom('shop', 'blog', 'none', '');
    const inside = (one: string): boolean =>
      approved.some((directory) => one === directory || one.startsWith(`${directory}/`));
    fc.assert(
      fc.property(
        fc.dictionary(name, fc.array(path, { maxLength: 3 }), { maxKeys: 3 }),
        fc.array(path, { maxLength: 2 }),
        name,
        (written, others, workspace) => {
          let workspaces: readonly Workspace[] = [];
          try {
            workspaces = load(JSON.stringify({ workspaces: written }));
          } catch (error) {
            if (!(error instanceof PersonError)) throw error;
          }
          const directories = new SessionDirectories({ approved, workspaces });
          const places = [
            directories.start,
            ...workspaces.map((one) => directories.placeOf(one)),
            // As a database may hold them.
            ...others.map((directory) => ({
              directory: directory.replace('~', home),
              workspace,
              otherDirectories: others,
            })),
          ];
          for (const place of places)
            for (const one of directories.of(place) ?? []) expect(inside(one)).toBe(true);
          for (const place of places) expect(directories.of(directories.outside(place))).toBeDefined();
        },
      ),
      { numRuns: 300 },
    );
  });
});
