import { describe, expect, it } from 'vitest';
import { compilePathGlobs } from './path-glob.ts';

const HOME = '/home/ada';
const DIRECTORY = '/home/ada/project';

function fit(globs: string | string[], real: string, isWary = false, isTree = false): string {
  const list = typeof globs === 'string' ? [globs] : globs;
  return compilePathGlobs(list, HOME, isWary).fit({ real, directory: DIRECTORY, isTree });
}

describe('the globs of paths', () => {
  it.each([
    ['src/**', '/home/ada/project/src/a/b.ts'],
    ['src/**', '/home/ada/project/src'],
    ['src/', '/home/ada/project/src/x'],
    ['src/*.ts', '/home/ada/project/src/a.ts'],
    ['src/**/*.ts', '/home/ada/project/src/a.ts'],
    ['src/**/*.ts', '/home/ada/project/src/x/y/.a.ts'],
    ['./README.md', '/home/ada/project/README.md'],
    ['./**', '/home/ada/project'],
    ['**', '/home/ada/project/x'],
    ['.', '/home/ada/project'],
    ['*.sql', '/home/ada/project/db/x.sql'],
    ['*.sql', '/elsewhere/x.sql'],
    ['node_modules/', '/home/ada/project/a/node_modules/x'],
    ['~/notes/**', '/home/ada/notes/x'],
    ['~', '/home/ada'],
    ['/opt/{a,b}/*', '/opt/b/x'],
    ['/**', '/'],
    ['a[!b]c?/*', '/home/ada/project/axcd/e'],
    ['src/a+b(c).ts', '/home/ada/project/src/a+b(c).ts'],
    [['src/**', '!src/gen/**'], '/home/ada/project/src/a'],
  ])('%j fits %s', (globs, real) => expect(fit(globs, real)).toBe('whole'));

  it.each([
    ['src/**', '/home/ada/project/srcs'],
    ['src/**', '/home/ada/other/src/a'],
    ['src/*.ts', '/home/ada/project/src/x/a.ts'],
    ['./*.sql', '/home/ada/project/db/x.sql'],
    ['**', '/home/ada/projects'],
    ['.', '/home/ada/project/x'],
    ['~/notes/**', '/home/bob/notes/x'],
    ['*.sql', '/home/ada/project/x.sql.bak'],
    ['SRC/**', '/home/ada/project/src/a'],
    ['a.c', '/home/ada/project/abc'],
    [['src/**', '!src/gen/**'], '/home/ada/project/src/gen/a'],
  ])('%j does not fit %s', (globs, real) => expect(fit(globs, real)).toBe('none'));

  it('in a rule that asks or denies take capitals for the same, and see what lies in a tree', () => {
    expect(fit('SRC/**', '/home/ada/project/src/a', true)).toBe('whole');
    expect(fit('db/migrations/**', '/home/ada/project/db', true, true)).toBe('within');
    expect(fit('db/migrations/**', '/home/ada/project', true, true)).toBe('within');
    expect(fit('db/migrations/**', '/home/ada/project', true, false)).toBe('none');
    expect(fit('db/migrations/**', '/home/ada/project', false, true)).toBe('none');
    expect(fit('/tmp/*/**', '/', true, true)).toBe('within');
    expect(fit('*.sql', '/home/ada/project', true, true)).toBe('none');
  });

  it.each([
    ['../x', /without \.\./],
    ['', /a path/],
    ['{a,b', /is closed/],
  ])('refuse %j', (glob, complaint) => {
    expect(() => compilePathGlobs([glob], HOME, false)).toThrow(complaint);
  });
});
