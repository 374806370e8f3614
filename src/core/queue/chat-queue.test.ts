import { expect, it } from 'vitest';
import { newId } from '../../util/ids.ts';
import { ChatQueue, type TextInbound } from './chat-queue.ts';
import { personId } from '../ports/chat.ts';

const text = (words: string): TextInbound => ({
  id: newId(),
  chat: { connector: 'test', chat: '1' },
  isPrivate: true,
  person: { id: personId('test', 1), name: 'Ada' },
  receivedAt: 0,
  kind: 'text',
  text: words,
});

function queueWithHeldTurns() {
  const turns: { texts: string[]; end: () => void }[] = [];
  const queue = new ChatQueue({
    runTurn: (texts) =>
      new Promise((resolve) => turns.push({ texts: texts.map((inbound) => inbound.text), end: resolve })),
  });
  return { queue, turns };
}

it('runs one turn at a time and joins what waited, in order', async () => {
  const { queue, turns } = queueWithHeldTurns();
  expect([queue.add(text('a')), queue.add(text('b')), queue.add(text('c'))]).toEqual([
    'started',
    'waits',
    'waits',
  ]);
  expect([turns.length, queue.waiting, queue.isRunning]).toEqual([1, 2, true]);
  turns[0]?.end();
  await Promise.resolve();
  await Promise.resolve();
  turns[1]?.end();
  await queue.idle();
  expect(turns.map(({ texts }) => texts)).toEqual([['a'], ['b', 'c']]);
  expect(queue.isRunning).toBe(false);
});

it('gives what brings rules of its own a turn of its own', async () => {
  const { queue, turns } = queueWithHeldTurns();
  const work = { ...text('merge'), modeWork: { mode: 'merge', about: '{}', back: 'default' } };
  queue.add(text('a'));
  for (const each of [text('b'), text('c'), work, text('d'), text('e')]) queue.add(each);
  for (let index = 0; index < 4; index += 1) {
    turns[index]?.end();
    await Promise.resolve();
    await Promise.resolve();
  }
  await queue.idle();
  expect(turns.map(({ texts }) => texts)).toEqual([['a'], ['b', 'c'], ['merge'], ['d', 'e']]);
});

it('starts again after it ran empty', async () => {
  const { queue, turns } = queueWithHeldTurns();
  queue.add(text('a'));
  turns[0]?.end();
  await queue.idle();
  expect(queue.add(text('b'))).toBe('started');
  turns[1]?.end();
  await queue.idle();
});

it('gives up what waits when asked to', async () => {
  const { queue, turns } = queueWithHeldTurns();
  queue.add(text('a'));
  queue.add(text('b'));
  expect(queue.dropWaiting().map((inbound) => inbound.text)).toEqual(['b']);
  turns[0]?.end();
  await queue.idle();
  expect(turns).toHaveLength(1);
});

it('keeps what came while it was held from being dropped, and starts it when nothing holds it any more', async () => {
  const { queue, turns } = queueWithHeldTurns();
  queue.add(text('a'));
  queue.add(text('b'));
  queue.hold();
  queue.hold();
  queue.add(text('c'), text('d'));
  expect(queue.dropWaiting().map((inbound) => inbound.text)).toEqual(['b']);
  turns[0]?.end();
  await queue.idle();
  queue.release();
  expect([turns.length, queue.waiting, queue.isHeld]).toEqual([1, 2, true]);
  queue.release();
  expect(turns[1]?.texts).toEqual(['c', 'd']);
  turns[1]?.end();
  await queue.idle();
});
