import { expect, it } from 'vitest';
import { newId } from '../../util/ids.ts';
import { personId, type Inbound } from '../ports/chat.ts';
import { compose, type Middleware } from './compose.ts';

const inbound: Inbound = {
  id: newId(),
  chat: { connector: 'test', chat: '1' },
  isPrivate: true,
  person: { id: personId('test', 1), name: 'Ada' },
  receivedAt: 0,
  kind: 'text',
  text: 'hello',
};

it('runs the steps from the outside in and back', async () => {
  const seen: string[] = [];
  const step =
    (name: string): Middleware =>
    async (_inbound, next) => {
      seen.push(`${name} in`);
      const receipt = await next();
      seen.push(`${name} out`);
      return receipt;
    };
  const run = compose([step('a'), step('b')], async () => {
    seen.push('end');
    return { notice: 'done' };
  });
  expect(await run(inbound)).toEqual({ notice: 'done' });
  expect(seen).toEqual(['a in', 'b in', 'end', 'b out', 'a out']);
});

it('goes no further than a step that answers', async () => {
  const run = compose([async () => ({ notice: 'no' })], async () => {
    throw new Error('reached');
  });
  expect(await run(inbound)).toEqual({ notice: 'no' });
});
