import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTestFlags, type TestFlags } from './flags.ts';

const all = { unit: true, backend: true, e2e: true };

function read(line: string): TestFlags {
  const found = readTestFlags(line);
  if (found.kind === 'problem') throw new Error(found.problem);
  return found.flags;
}

function problemOf(line: string): string {
  const found = readTestFlags(line);
  return found.kind === 'problem' ? found.problem : 'no problem';
}

describe('the flags of /test', () => {
  it.each<[string, Partial<TestFlags>]>([
    ['', { focus: '', areas: all }],
    ['the login form', { focus: 'the login form' }],
    ['--url http://localhost:3000/', { url: 'http://localhost:3000' }],
    ['-u 3000', { url: 'http://localhost:3000' }],
    ['-u :8080 login', { url: 'http://localhost:8080', focus: 'login' }],
    ['--url=localhost:5173/app', { url: 'http://localhost:5173/app' }],
    ['-s "npm run dev" -f Vitest', { server: 'npm run dev', framework: 'vitest' }],
    ['—server “npm run dev” the cart', { server: 'npm run dev', focus: 'the cart' }],
    ['–s ‘npm run dev’', { server: 'npm run dev' }],
    ['--server=„npm run dev“', { server: 'npm run dev' }],
    ['--dir ./apps/web/', { directory: 'apps/web' }],
    ['-d «my app»', { directory: 'my app' }],
    ['—no-e2e', { areas: { ...all, e2e: false } }],
    ['--No-E2E', { areas: { ...all, e2e: false } }],
    ['--unit', { areas: { unit: true, backend: false, e2e: false } }],
    ['--unit --backend', { areas: { unit: true, backend: true, e2e: false } }],
    ['--no-unit --no-backend', { areas: { unit: false, backend: false, e2e: true } }],
    ['the user’s cart – and "the till"', { focus: 'the user’s cart – and the till' }],
    ["don't break it's cart", { focus: "don't break it's cart" }],
    ['"--unit" is a word here', { focus: '--unit is a word here', areas: all }],
    ['-- --unit too', { focus: '--unit too', areas: all }],
    ['login -5 and - 3', { focus: 'login -5 and - 3' }],
    ['line\none', { focus: 'line one' }],
    ['"an open quote', { focus: '"an open quote' }],
  ])('%j', (line, expected) => {
    expect(read(line)).toMatchObject(expected);
  });

  it.each([
    ['--ur 3000', '"--ur" is no flag of /test; did you mean --url?'],
    ['—no-e2', '"--no-e2" is no flag of /test; did you mean --no-e2e?'],
    ['-url 3000', '"-url" is no flag of /test; did you mean --url?'],
    ['-x', '"-x" is no flag of /test'],
    ['--url', '--url needs a value: --url <address>'],
    ['--url --unit', '--url needs a value'],
    ['--server ""', '--server needs a value'],
    ['--unit=yes', '--unit takes no value, got "yes"'],
    ['--unit --unit', '--unit stands there twice'],
    ['--unit --no-unit', '--unit and --no-unit contradict each other'],
    ['-u ftp://x', '--url: expected an address such as http://localhost:3000, got "ftp://x"'],
    ['-u javascript:alert(1)', '--url: expected an address'],
    ['-d ../other', '--dir: expected a folder inside the project such as apps/web, got "../other"'],
    ['-d /etc', '--dir: expected a folder inside'],
    ['-d ~', '--dir: expected a folder inside'],
    [`-f ${'a'.repeat(400)}`, '--framework: expected one line of at most 300'],
    ['x'.repeat(3000), 'Expected at most 2000 characters, got 3000'],
  ])('%j is told in a sentence', (line, problem) => {
    expect(problemOf(line)).toContain(problem);
    expect(problemOf(line)).toMatch(/(?:^|[^?])[.?]$/);
  });

  it('never repeat the password of an address', () => {
    expect(problemOf('-u http://ada:sesame@localhost')).toContain('without a name or password');
    expect(problemOf('-u http://ada:sesame@localhost')).not.toContain('sesame');
    expect(problemOf('--foo=http://ada:sesame@localhost')).not.toContain('sesame');
  });

  it('are read from anything at all', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('--url', '—', '–u', '"', '“', '”', '=', ' ', "'", '--dir=', '..'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const found = readTestFlags(pieces.join(''));
        if (found.kind === 'problem') return;
        expect(found.flags.focus).not.toMatch(/[\p{Cc}]/u);
        expect(found.flags.directory ?? '.').not.toMatch(/^[/~-]|(?:^|\/)\.\.(?:\/|$)/);
      }),
      { numRuns: 300 },
    );
  });
});
