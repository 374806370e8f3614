import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GateWorld, type Act } from '../fixtures/gate-world.ts';

/** Counted from the newest. */
const which = fc.constantFrom(0, 0, 0, 1, 1, 2, 3);
const who = fc.constantFrom('ada' as const, 'ada' as const, 'bob' as const, 'eve' as const);
const chat = fc.constantFrom(0, 0, 0, 1);
const commands = [
  'touch a.txt',
  'touch a.txt',
  'touch b.txt',
  'rm -r build',
  'ls -la',
  'sudo ls',
  'touch ~/out',
];
const ids = [
  'approve',
  'sure-approve',
  'similar',
  'offer-0',
  'offer-1',
  'sure-offer-0',
  'all-1',
  'all-2',
  '',
];

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('call' as const),
      command: fc.constantFrom(...commands),
      chat,
      /** The agent takes its conversation up again, and asks for the same call once more. */
      again: fc.constantFrom(undefined, undefined, undefined, 0, 1),
    }),
  },
  // A button as it is to be seen, or any id, as an old phone or a doctored one sends it.
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('tap' as const),
      which,
      button: fc.constantFrom(0, 0, 0, 1, 2, 3, -1, -1),
      who,
      chat,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('forge' as const),
      which,
      id: fc.constantFrom(...ids),
      who,
      chat,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('similar' as const), which, who, chat }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reply' as const), which, who, chat }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 30_000, 61_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('abort' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), tapped: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('clear' as const, 'break the log' as const), chat }),
  },
);
/** How long the world stands still after each of them: until all is quiet, or only some turns of the loop. */
const story = fc.array(fc.tuple(act, fc.constantFrom('quiet' as const, 'quiet' as const, 0, 1, 3)), {
  minLength: 16,
  maxLength: 40,
  size: 'max',
});

describe('whatever the agent, people, time and crashes do', () => {
  it('no tool runs without an approval that is in the log before, none twice for one, and the log is whole', async () => {
    const seen = { approval: 0, grant: 0, policy: 0, together: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(story, async (acts) => {
        const world = await GateWorld.begin();
        try {
          for (const [each, pause] of acts) {
            await world.act(each);
            await world.pause(pause);
          }
          await world.end();
          expect(world.unproven).toEqual([]);
          expect(new Set(world.approvalsUsed).size).toBe(world.approvalsUsed.length);
          expect(await world.auditFaults()).toEqual([]);
          expect(world.unanswered()).toEqual([]);
          expect(await world.lookingOpen()).toEqual([]);
          const written = readFileSync(join(world.folder, 'audit.jsonl'), 'utf8');
          for (const { layer } of world.runs) seen[layer] += 1;
          seen.together += Number(/· with \d/.test(world.outcomes()));
          seen.refused += Number(written.includes('tap_refused'));
        } finally {
          await world.remove();
        }
      }),
      { numRuns: 200 },
    );
    // Else it proved nothing.
    expect(seen.approval).toBeGreaterThan(30);
    expect(seen.grant).toBeGreaterThan(0);
    expect(seen.policy).toBeGreaterThan(50);
    expect(seen.together).toBeGreaterThan(0);
    expect(seen.refused).toBeGreaterThan(50);
  }, 60_000);
});
