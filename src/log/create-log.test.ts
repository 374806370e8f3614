import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MachineError } from '../errors.ts';
import type { Clock } from '../util/clock.ts';
import { createRedactor } from '../util/redact.ts';
import { createLog, type LogOptions } from './create-log.ts';

const SECRET = 'correct-horse-battery';
const NOON = Date.UTC(2026, 0, 2, 12, 30, 45);
const clock: Clock = { now: () => NOON, monotonic: () => 0, after: () => ({ cancel: () => {} }) };
let root = '';

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'leashd-log-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function open(overrides: Partial<LogOptions> = {}) {
  const console = new PassThrough();
  const opened = createLog({
    level: 'DEBUG',
    console,
    file: { directory: path.join(root, 'logs'), maxBytes: 1_000_000, backupCount: 1 },
    redact: createRedactor([SECRET]),
    isPretty: true,
    clock,
    ...overrides,
  });
  return {
    ...opened,
    shown: () => String(console.read() ?? ''),
    written: () =>
      readFileSync(path.join(root, 'logs/app.log'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

describe('createLog', () => {
  it('writes JSON lines to the file and lines for people to the console', () => {
    const { log, shown, written } = open();
    log.info('session_created', { session: 'abc', directory: '/home/me/my shop', turns: 3, isNew: true });
    expect(written()).toEqual([
      {
        level: 'INFO',
        time: '2026-01-02T12:30:45.000Z',
        event: 'session_created',
        session: 'abc',
        directory: '/home/me/my shop',
        turns: 3,
        isNew: true,
      },
    ]);
    const time = new Date(NOON).toTimeString().slice(0, 8);
    expect(shown()).toBe(
      `${time} INFO    session_created session=abc directory="/home/me/my shop" turns=3 isNew=true\n`,
    );
  });

  it('writes JSON lines to the console too when nobody reads it', () => {
    const { log, shown } = open({ isPretty: false });
    log.warn('something');
    expect(JSON.parse(shown())).toEqual({
      level: 'WARNING',
      time: '2026-01-02T12:30:45.000Z',
      event: 'something',
    });
  });

  it.each([
    ['DEBUG', ['DEBUG', 'INFO', 'WARNING', 'ERROR']],
    ['INFO', ['INFO', 'WARNING', 'ERROR']],
    ['WARNING', ['WARNING', 'ERROR']],
    ['ERROR', ['ERROR']],
  ] as const)('at %s writes %j', (level, expected) => {
    const { log, written } = open({ level });
    log.debug('event');
    log.info('event');
    log.warn('event');
    log.error('event');
    expect(written().map((line) => line['level'])).toEqual(expected);
  });

  it('paints only a terminal that has colours', () => {
    const terminal = (hasColors: boolean) =>
      Object.assign(new PassThrough(), { isTTY: true, hasColors: () => hasColors });
    const painted = terminal(true);
    const plain = terminal(false);
    open({ console: painted }).log.info('event');
    open({ console: plain }).log.info('event');
    expect(String(painted.read())).toContain('\u001B[');
    expect(String(plain.read())).not.toContain('\u001B[');
  });

  it('adds bound fields to each event', () => {
    const { log, written } = open();
    log.with({ chat: 'a', session: 'b' }).with({ session: 'c' }).info('event', { turn: 1 });
    expect(written()).toMatchObject([{ chat: 'a', session: 'c', turn: 1 }]);
  });

  it('keeps its own names: a field called event does not replace the event', () => {
    const { log, written } = open();
    log.info('real', { event: 'false', level: 'none', time: 'never' });
    expect(written()).toMatchObject([{ event: 'real', level: 'INFO', event_: 'false', level_: 'none' }]);
  });

  it('lets nothing in a field pass for another line', () => {
    const { log, shown } = open();
    log.info('event', { text: 'a\n12:00:00 ERROR fake\u001B[2J\u202E\u009B', 'na\nme': 1 });
    const lines = shown();
    expect(lines.split('\n')).toHaveLength(2);
    expect(['\u001B', '\u202E', '\u009B'].filter((character) => lines.includes(character))).toEqual([]);
  });

  it('tells an error with its code and causes, and keeps the stacks in the file', () => {
    const { log, shown, written } = open();
    const error = new MachineError('DISK_FULL', 'no room', { cause: new Error('ENOSPC') });
    log.error('failed', { error });
    expect(shown()).toContain('error="no room (DISK_FULL), because: ENOSPC"\n');
    expect(written()).toMatchObject([
      {
        error: {
          message: 'no room',
          code: 'DISK_FULL',
          stack: expect.stringContaining('create-log.test.ts') as string,
          cause: { message: 'ENOSPC' },
        },
      },
    ]);
  });
});

describe('createLog, secrets', () => {
  it('lets no secret through, wherever it is', () => {
    const { log, shown, written } = open();
    const error = new Error(`failed with ${SECRET}`, { cause: new Error(SECRET) });
    const bound = log.with({ url: new URL(`https://example.com/${SECRET}`) });
    bound.info(`event_${SECRET}`, {
      [SECRET]: 1,
      error,
      list: [SECRET, { deep: `x${SECRET}x` }],
      map: new Map([['a', SECRET]]),
      set: new Set([SECRET]),
      custom: { toJSON: () => SECRET },
      errors: new AggregateError([new Error(SECRET)], SECRET),
      symbol: Symbol(SECRET),
    });
    expect(JSON.stringify(written())).not.toContain(SECRET);
    expect(shown()).not.toContain(SECRET);
  });

  it('masks what stands under the name of a secret, whatever it is', () => {
    const { log, written } = open();
    log.info('event', { token: 5, headers: { Authorization: ['a'], 'X-Api-Key': { b: 1 } }, inputTokens: 7 });
    expect(written()).toMatchObject([
      {
        token: '[redacted]',
        headers: { Authorization: '[redacted]', 'X-Api-Key': '[redacted]' },
        inputTokens: 7,
      },
    ]);
  });

  it('never writes a secret that any value holds', () => {
    const { log, written, shown } = open();
    const texts = fc.oneof(
      fc.string(),
      fc.tuple(fc.string(), fc.string()).map((around) => around.join(SECRET)),
    );
    fc.assert(
      fc.property(
        fc.object({ key: texts, values: [texts, fc.integer(), fc.date()], withMap: true }),
        (fields) => {
          log.info('event', fields);
        },
      ),
      { numRuns: 200 },
    );
    expect(written()).toHaveLength(200);
    expect(JSON.stringify(written())).not.toContain(SECRET);
    expect(shown()).not.toContain(SECRET);
  });
});

describe('createLog, never throws', () => {
  it('writes something for values that have no JSON', () => {
    const { log, written } = open();
    const circular: Record<string, unknown> = { name: 'x' };
    circular['self'] = circular;
    const hostile = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    log.info('event', {
      circular,
      hostile,
      big: 10n,
      nan: Number.NaN,
      call: function named() {},
      bytes: Buffer.from('abc'),
      nothing: null,
      get broken(): string {
        throw new Error('no');
      },
      long: 'x'.repeat(20_000),
      many: Array.from({ length: 200 }, (_, index) => index),
      deep: { a: { a: { a: { a: { a: { a: 1 } } } } } },
    });
    const [line] = written();
    expect(line).toMatchObject({
      circular: { name: 'x', self: '[circular]' },
      hostile: '[unreadable]',
      big: '10',
      nan: 'NaN',
      call: '[function named]',
      bytes: '[3 bytes]',
      nothing: null,
      broken: '[unreadable]',
      deep: { a: { a: { a: { a: { a: '[deeper]' } } } } },
    });
    expect(String(line?.['long'])).toMatch(/… \(12000 more characters\)$/);
    expect(line?.['many']).toHaveLength(101);
  });

  it('goes on when the console is gone', async () => {
    const console = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
    const { log, written, close } = open({ console });
    log.info('one');
    log.info('two');
    await close();
    expect(written()).toHaveLength(2);
  });

  it('says once on the console that the file can not be written, and writes again when it can', () => {
    const directory = path.join(root, 'logs');
    writeFileSync(directory, 'in the way');
    const { log, shown, written } = open();
    log.info('one');
    log.info('two');
    expect(shown().match(/log_file_failed/g)).toHaveLength(1);
    rmSync(directory);
    mkdirSync(directory);
    log.info('three');
    expect(written()).toMatchObject([{ event: 'three' }]);
  });
});

describe('createLog, at the end', () => {
  it('has every line on disk at once, and none after close', async () => {
    const { log, written, close, shown } = open();
    log.info('before');
    expect(written()).toHaveLength(1);
    await close();
    await close();
    log.info('after');
    expect(written()).toHaveLength(1);
    expect(shown()).toContain('after');
  });

  it('does not wait for ever for a console that takes nothing', async () => {
    const console = new Writable({ write: () => {} });
    const impatient: Clock = {
      ...clock,
      after: (_delayMs, run) => {
        queueMicrotask(run);
        return { cancel: () => {} };
      },
    };
    const { log, flush, close } = open({ console, clock: impatient });
    log.info('event');
    await expect(flush()).resolves.toBeUndefined();
    await expect(close()).resolves.toBeUndefined();
  });
});
