import { beforeEach, describe, expect, it } from 'vitest';
import { manualClock, type ManualClock } from '../../../test/fixtures/manual-clock.ts';
import { silentLog } from '../../util/log.ts';
import { TelegramFault, type FaultReason } from './faults.ts';
import { OutgoingQueue } from './outgoing-queue.ts';

const CHAT = { connector: 'telegram', chat: '42' };
const OTHER_CHAT = { connector: 'telegram', chat: '43' };
const GROUP = { connector: 'telegram', chat: '-100' };

let clock: ManualClock;
let queue: OutgoingQueue;
let sent: string[];

beforeEach(() => {
  clock = manualClock();
  queue = new OutgoingQueue({ clock, log: silentLog, random: () => 1 });
  sent = [];
});

/** Lets promises settle, then time pass in small steps. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    await idle();
    clock.advance(100);
  }
  await idle();
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Sends `name`, after failing in the given ways. */
function sending(name: string, ...faults: FaultReason[]): () => Promise<string> {
  return async () => {
    const fault = faults.shift();
    if (fault !== undefined) throw new TelegramFault('sendMessage', fault, `fault of ${name}`);
    sent.push(name);
    return name;
  };
}

function editing(name: string, ...faults: FaultReason[]): () => Promise<void> {
  const send = sending(name, ...faults);
  return async () => {
    await send();
  };
}

const always = (): boolean => true;

/** What it was rejected with; undefined when it resolved. */
function rejectionOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('order', () => {
  it('keeps the order of what is delivered, and hands results back', async () => {
    const results = Promise.all([
      queue.deliver(CHAT, sending('a')),
      queue.deliver(CHAT, sending('b')),
      queue.deliver(CHAT, sending('c')),
    ]);
    await pass(100);
    expect(await results).toEqual(['a', 'b', 'c']);
    expect(sent).toEqual(['a', 'b', 'c']);
  });

  it('lets prompts and notices pass before edits', async () => {
    const edited = queue.edit(CHAT, editing('edit'), always);
    const shown = queue.deliver(CHAT, sending('prompt'));
    await pass(100);
    await Promise.all([edited, shown]);
    expect(sent).toEqual(['prompt', 'edit']);
  });

  it('drops an edit that nobody wants any more', async () => {
    let isWanted = true;
    await Promise.all(['a', 'b', 'c'].map((name) => queue.deliver(CHAT, sending(name))));
    const edited = queue.edit(CHAT, editing('edit'), () => isWanted);
    isWanted = false;
    await pass(5_000);
    await edited;
    expect(sent).toEqual(['a', 'b', 'c']);
  });

  it('does not let a message that the server stumbles over stand before a prompt', async () => {
    const bad = queue.deliver(CHAT, sending('bad', { kind: 'server', status: 500 }));
    await pass(100);
    const shown = queue.deliver(CHAT, sending('prompt'));
    await pass(100);
    expect(sent).toEqual(['prompt']);
    await pass(3_000);
    await Promise.all([bad, shown]);
    expect(sent).toEqual(['prompt', 'bad']);
  });

  it('leaves room in the pace of edits for a prompt', async () => {
    const edits = Array.from({ length: 10 }, (_, index) =>
      queue.edit(CHAT, editing(`edit ${index}`), always),
    );
    await pass(3_300);
    expect(sent.length).toBeLessThan(10);
    const shown = queue.deliver(CHAT, sending('prompt'));
    await idle();
    expect(sent.at(-1)).toBe('prompt');
    await pass(20_000);
    await Promise.all([...edits, shown]);
  });
});

describe('pace', () => {
  it('stays below one a second in a chat after a burst of three', async () => {
    const all = Promise.all(
      Array.from({ length: 13 }, (_, index) => queue.deliver(CHAT, sending(`${index}`))),
    );
    await pass(0);
    expect(sent).toHaveLength(3);
    await pass(9_000);
    expect(sent.length).toBeGreaterThanOrEqual(10);
    expect(sent.length).toBeLessThanOrEqual(12);
    await pass(4_000);
    await all;
  });

  it('stays at or below twenty a minute in a group', async () => {
    const all = Promise.all(
      Array.from({ length: 40 }, (_, index) => queue.deliver(GROUP, sending(`${index}`))),
    );
    await pass(60_000);
    expect(sent.length).toBeLessThanOrEqual(20);
    expect(sent.length).toBeGreaterThanOrEqual(17);
    await pass(100_000);
    await all;
  });

  it('stays at or below thirty a second over all chats', async () => {
    const all = Promise.all(
      Array.from({ length: 90 }, (_, index) =>
        queue.deliver({ connector: 'telegram', chat: `${index}` }, sending(`${index}`)),
      ),
    );
    await pass(900);
    expect(sent.length).toBeLessThanOrEqual(30);
    expect(sent.length).toBeGreaterThanOrEqual(25);
    await pass(5_000);
    await all;
  });
});

describe('faults', () => {
  it('waits as long as Telegram asks, in that chat alone', async () => {
    const flooded = queue.deliver(CHAT, sending('flooded', { kind: 'flood', retryAfterMs: 7_000 }));
    await pass(100);
    expect(queue.isHeld(CHAT)).toBe(true);
    const behind = queue.deliver(CHAT, sending('behind'));
    const elsewhere = queue.deliver(OTHER_CHAT, sending('elsewhere'));
    await pass(6_500);
    expect(sent).toEqual(['elsewhere']);
    await pass(1_000);
    await Promise.all([flooded, behind, elsewhere]);
    expect(sent).toEqual(['elsewhere', 'flooded', 'behind']);
  });

  it('retries over a dead network until it is back, and keeps the order', async () => {
    const unreachable: FaultReason = { kind: 'unreachable' };
    const all = Promise.all([
      queue.deliver(CHAT, sending('first', ...Array.from({ length: 6 }, () => unreachable))),
      queue.deliver(CHAT, sending('second')),
    ]);
    await pass(15_000);
    expect(sent).toEqual([]);
    await pass(60_000);
    await all;
    expect(sent).toEqual(['first', 'second']);
  });

  it('rejects at once what the server refuses, and goes on', async () => {
    const refused = queue.deliver(
      CHAT,
      sending('refused', { kind: 'refused', status: 400, description: 'Bad Request' }),
    );
    const outcome = rejectionOf(refused);
    const next = queue.deliver(CHAT, sending('next'));
    await pass(100);
    expect(await outcome).toMatchObject({ message: 'fault of refused' });
    await next;
    expect(sent).toEqual(['next']);
  });

  it('gives up in words when the time is over', async () => {
    const floods = Array.from({ length: 50 }, (): FaultReason => ({ kind: 'flood', retryAfterMs: 3_000 }));
    const outcome = rejectionOf(queue.deliver(CHAT, sending('late', ...floods), 10_000));
    await pass(11_000);
    expect(await outcome).toMatchObject({ code: 'TELEGRAM_UNREACHABLE', fault: 'machine' });
  });

  it('rejects what has a bug, and goes on', async () => {
    const broken = queue.deliver(CHAT, () => Promise.reject(new TypeError('a bug')));
    const outcome = rejectionOf(broken);
    const next = queue.deliver(CHAT, sending('next'));
    await pass(100);
    expect(await outcome).toMatchObject({ message: 'a bug' });
    expect(await next).toBe('next');
  });
});

describe('stopping', () => {
  it('delivers what waits, drops edits and takes nothing more', async () => {
    const waiting = Promise.all(['a', 'b', 'c', 'd'].map((name) => queue.deliver(CHAT, sending(name))));
    const edit = rejectionOf(queue.edit(CHAT, editing('edit'), always));
    const stopped = queue.stop(3_000);
    await expect(queue.deliver(CHAT, sending('late'))).rejects.toMatchObject({ code: 'TELEGRAM_STOPPED' });
    await pass(2_000);
    await Promise.all([waiting, stopped]);
    expect(await edit).toMatchObject({ code: 'TELEGRAM_STOPPED' });
    expect(sent).toEqual(['a', 'b', 'c', 'd']);
  });

  it('gives up when its time is over, with what is under way', async () => {
    const hanging = queue.deliver(
      CHAT,
      (signal) =>
        new Promise<void>((_resolve, reject) => {
          const end = (): void => reject(new TelegramFault('sendMessage', { kind: 'stopped' }, 'ended'));
          signal.addEventListener('abort', end);
        }),
    );
    const behind = queue.deliver(CHAT, sending('behind'));
    const outcomes = Promise.allSettled([hanging, behind]);
    await idle();
    const stopped = queue.stop(3_000);
    await pass(3_100);
    await stopped;
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(sent).toEqual([]);
  });
});
