import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRedactor } from '../../util/redact.ts';
import { readTestConfigFile } from './read-test-config-file.ts';
import { readTestConfig, type TestConfig } from './test-config.ts';

function read(text: string): TestConfig {
  const found = readTestConfig(text);
  if (found.kind === 'faults') throw new Error(found.faults.join('\n'));
  return found.config;
}

function faultsOf(text: string): string {
  const found = readTestConfig(text);
  return found.kind === 'faults' ? found.faults.join('\n') : 'no fault';
}

const WHOLE = `
url: localhost:3000
server: npm run dev
framework: Playwright
directory: apps/web/
credentials:
  user: ada
  password: open-sesame-1
  admin: { user: root, password: open-sesame-2 }
preconditions: The database is seeded
focus_areas:
  - login
  - the cart
environment:
  NODE_ENV: test
  PORT: 3000
`;

describe('.leashd/test.yaml', () => {
  it('is read, with everything in it', () => {
    const { credentials, environment, ...plain } = read(WHOLE);
    expect(plain).toEqual({
      url: 'http://localhost:3000',
      server: 'npm run dev',
      framework: 'playwright',
      directory: 'apps/web',
      preconditions: ['The database is seeded'],
      focusAreas: ['login', 'the cart'],
    });
    expect(credentials?.names).toEqual(['user', 'password', 'admin.user', 'admin.password']);
    expect(credentials?.tellAgent()).toContain('admin.password: "open-sesame-2"');
    expect(environment?.tellAgent()).toEqual(['NODE_ENV: "test"', 'PORT: "3000"']);
  });

  it.each(['', '# nothing yet\n', '{}', '\uFEFFurl:\r\nserver:\r\n', 'credentials:\nenvironment: {}\n'])(
    'may say nothing: %j',
    (text) => expect(read(text)).not.toHaveProperty('url'),
  );

  it.each([
    ['a: 1\nurl: x\n', '.leashd/test.yaml:1:1: no key is called "a"; expected one of url, server'],
    ['server: x\n\n  \nurls: 3\n', '.leashd/test.yaml:4:1: no key is called "urls"; did you mean url?'],
    [
      '\n\nurl:  ftp://x\n',
      '.leashd/test.yaml:3:7 url: expected an address such as http://localhost:3000, got "ftp://x"',
    ],
    ['url: [1]\n', ':1:6 url: expected an address such as http://localhost:3000, got a list of 1'],
    ['url: http://ada:sesame@localhost\n', 'url: expected an address without a name or password in it'],
    [
      'server: [npm, run]\n',
      ':1:9 server: expected one line with the command that starts it, such as npm run dev, got a list of 2',
    ],
    ['server: |\n  a\n  b\n', ':1:9 server: expected one line'],
    [
      `framework: ${'x'.repeat(41)}\n`,
      ':1:12 framework: expected the name of a test framework such as vitest, got "xxx',
    ],
    [
      'directory: ../other\n',
      ':1:12 directory: expected a folder inside the project such as apps/web, got "../other"',
    ],
    ['directory: /etc\n', ':1:12 directory: expected a folder inside the project'],
    ['credentials: sesame1\n', ':1:14 credentials: expected names with text, as in'],
    [
      'credentials:\n  password: 123456\n',
      ':2:13 credentials: expected text, in quotes if it is a number, got a number (not shown)',
    ],
    ['credentials:\n  "a:b{c": x\n', 'credentials: expected a name of 1 to 64 letters, digits, _ . -'],
    ['environment:\n  A: [sesame1]\n', ':2:6 environment: expected text, got a list of 1'],
    ['focus_areas: [1]\n', 'focus_areas: expected a list of at most 20 sentences, got a list of 1'],
    ['- a\n', '.leashd/test.yaml:1:1: expected a mapping, as in `url: http://localhost:3000`'],
    ['url: 3000\nurl: 4000\n', '.leashd/test.yaml:2:1: not readable as YAML: Map keys must be unique'],
    ['url: [3000\n', ': not readable as YAML'],
    ['a: *b\n', ''],
    [`${'['.repeat(8000)}\n`, 'not readable as YAML'],
    ['? '.repeat(8000), 'not readable as YAML: nested too deep'],
    [`url: ${'x'.repeat(70_000)}\n`, 'expected at most 16384 characters'],
    [`a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b]\n`, ''],
  ])('says what is wrong in %#, and where', (text, fault) => {
    expect(faultsOf(text)).toContain(fault);
    expect(faultsOf(text)).toContain('.leashd/test.yaml');
    expect(faultsOf(text)).not.toContain('sesame');
  });

  it('tells every fault at once, and no more than twenty', () => {
    expect(faultsOf('url: ftp://x\nserver: []\nfoo: 1\n').split('\n')).toHaveLength(3);
    const many = Array.from({ length: 50 }, (_, index) => `key${index}: 1\n`).join('');
    expect(faultsOf(many).split('\n')).toHaveLength(20);
  });

  it('keeps its private values out of whatever turns it into text', () => {
    const config = read(WHOLE);
    const shown = [
      String(config.credentials),
      JSON.stringify(config),
      inspect(config, { depth: 10, showHidden: true }),
      Object.entries(config.credentials ?? {}).join(),
      Object.values(config).map(String).join(),
      JSON.stringify(structuredClone(config.credentials)),
    ].join('\n');
    expect(shown).not.toContain('sesame');
    const redactor = createRedactor([]);
    config.credentials?.hideIn(redactor);
    expect(redactor.redact('typed open-sesame-1 there')).toBe('typed [redacted] there');
  });

  it('never throws, and never tells a private value, whatever stands there', () => {
    const secret = 'sesame-and-poppy';
    const key = fc.constantFrom(
      'url',
      'server',
      'directory',
      'credentials',
      'environment',
      'focus_areas',
      'x',
      '&a',
      '? ',
    );
    const value = fc.constantFrom(
      '3000',
      '[',
      '{',
      '"',
      '*a',
      '&a',
      '|',
      '../x',
      'null',
      '!!binary x',
      '- a',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 6 }), fc.string(), (pairs, noise) => {
        const lines = pairs.map(([name, text]) => `${name}: ${text}`);
        const text = `credentials:\n  password: [${secret}]\n${lines.join('\n')}\n${noise}`;
        expect(faultsOf(text)).not.toContain(secret);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the file itself', () => {
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-test-config-')));
    mkdirSync(join(root, 'project/.leashd'), { recursive: true });
    writeFileSync(join(root, 'secret.yaml'), 'sesame: 1\n');
  });
  afterEach(() => rmSync(root, { recursive: true }));
  const project = (): string => join(root, 'project');

  it('is read where it stands, and need not be there', () => {
    expect(readTestConfigFile(project())).toEqual({ kind: 'config', config: {} });
    writeFileSync(join(project(), '.leashd/test.yaml'), 'url: 3000\n');
    expect(readTestConfigFile(project())).toEqual({
      kind: 'config',
      config: { url: 'http://localhost:3000' },
    });
  });

  it('is not followed to elsewhere, neither itself nor its folder', () => {
    symlinkSync(join(root, 'secret.yaml'), join(project(), '.leashd/test.yaml'));
    const linked = readTestConfigFile(project());
    expect(linked).toEqual({ kind: 'faults', faults: [".leashd/test.yaml: it can't be read"] });
    rmSync(join(project(), '.leashd'), { recursive: true });
    writeFileSync(join(root, 'test.yaml'), 'sesame: 1\n');
    symlinkSync(root, join(project(), '.leashd'));
    expect(readTestConfigFile(project())).toEqual({
      kind: 'faults',
      faults: ['.leashd/test.yaml: it leads out of the project'],
    });
  });

  it('is not waited for, nor read when it is huge', () => {
    mkdirSync(join(project(), '.leashd/test.yaml'));
    expect(readTestConfigFile(project())).toEqual({ kind: 'config', config: {} });
    rmSync(join(project(), '.leashd/test.yaml'), { recursive: true });
    writeFileSync(join(project(), '.leashd/test.yaml'), `# ${'x'.repeat(70_000)}`);
    expect(readTestConfigFile(project())).toEqual({
      kind: 'faults',
      faults: ['.leashd/test.yaml: it is larger than 16384 bytes'],
    });
  });
});
