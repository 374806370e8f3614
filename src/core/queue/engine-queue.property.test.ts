import { setImmediate as nextRound } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineBench } from '../../../test/fixtures/engine-bench.ts';
import type { PuppetTurn } from '../../../test/fixtures/puppet-agent.ts';
import type { Engine } from '../engine.ts';

const step = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ do: 'send' } as const) },
  { weight: 4, arbitrary: fc.constant({ do: 'finish' } as const) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('tap' as const),
      // Of the newest offers; also one that is closed.
      which: fc.nat(2),
      choice: fc.constantFrom('now', 'wait', 'resume', 'drop'),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ do: 'stop' } as const, { do: 'clear' } as const) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' } as const) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
const steps = fc.array(fc.tuple(step, fc.constantFrom(true, true, false)), {
  minLength: 5,
  maxLength: 40,
  size: 'max',
});

async function settled(): Promise<void> {
  for (let round = 0; round < 12; round += 1) await nextRound();
}

/** One chat, whose person sends, taps, stops and clears while turns end and leashd restarts. */
class World {
  readonly bench = new EngineBench();
  engine: Engine | undefined;
  sent = 0;
  /** Sent before the last of them, so that it may be gone. */
  droppedUpTo = 0;
  interruptions = 0;
  readonly #finished = new Set<PuppetTurn>();
  readonly #work: Promise<unknown>[] = [];

  act(what: Step): Promise<unknown> | undefined {
    const { connector } = this.bench;
    switch (what.do) {
      case 'send':
        this.sent += 1;
        return this.#own(connector.write(`m${this.sent}.`));
      case 'finish':
        this.finish();
        return undefined;
      case 'tap': {
        const prompt = connector.prompts.at(-1 - what.which);
        if (!prompt) return undefined;
        if (prompt.outcome === undefined && what.choice === 'now') this.interruptions += 1;
        return this.#own(connector.tap(prompt.view.id, what.choice));
      }
      case 'stop':
      case 'clear':
        this.droppedUpTo = this.sent;
        return this.#own(connector.act({ kind: 'command', name: what.do, args: '' }));
      case 'restart':
        return this.restart();
      default:
        return what satisfies never;
    }
  }

  finish(): void {
    const turn = this.bench.agent.turns.at(-1);
    if (!turn || this.#finished.has(turn)) return;
    this.#finished.add(turn);
    turn.finish();
  }

  async restart(): Promise<void> {
    await Promise.all(this.#work);
    const stopped = this.engine?.stop('restart');
    await settled();
    this.bench.clock.advance(10_000);
    await stopped;
    this.engine = await this.bench.start();
  }

  async end(): Promise<void> {
    for (let turn = 0; turn < 60; turn += 1) {
      await settled();
      this.finish();
    }
    await Promise.all(this.#work);
    await this.engine?.idle();
  }

  #own<Result>(work: Promise<Result>): Promise<Result> {
    this.#work.push(work);
    return work;
  }
}

describe('whatever is sent, tapped, stopped and cleared while turns come and go', () => {
  it('no message is lost or given twice, their order is kept, and no offer stays open', async () => {
    let joined = 0;
    let interrupted = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (steps) => {
        const world = new World();
        const { bench } = world;
        world.engine = await bench.start();
        for (const [each, isQuiet] of steps) {
          const done = world.act(each);
          if (each.do === 'restart') await done;
          if (isQuiet) await settled();
          // Offers come a moment later than the messages.
          if (isQuiet) world.bench.clock.advance(500);
        }
        const kept = { after: world.droppedUpTo, until: world.sent };
        await world.end();

        // A turn that was stopped before its agent began is answered, too: that it was stopped.
        const turnsOf = await bench.stores.messages.latest(bench.connector.chat, 1000);
        const given = turnsOf.flatMap(({ role, text }) =>
          role === 'person' ? [...text.matchAll(/m(\d+)\./g)].map(([, number]) => Number(number)) : [],
        );
        const fresh = bench.agent.turns.filter(({ text }) => !text.startsWith('Go on'));
        const freshly = fresh.flatMap(({ text }) =>
          text.split('\n\n').map((part) => Number(part.slice(1, -1))),
        );
        expect(freshly).toEqual([...new Set(freshly)].toSorted((a, b) => a - b));
        for (let number = kept.after + 1; number <= kept.until; number += 1) expect(given).toContain(number);
        expect(await bench.stores.inbox.unfinished()).toEqual([]);
        for (const { outcome } of bench.connector.prompts) expect(outcome).toBeDefined();
        // Each turn has its answer, and no other.
        expect(bench.connector.replies.filter(({ final }) => final === undefined)).toEqual([]);
        joined += fresh.filter(({ text }) => text.includes('\n\n')).length;
        interrupted += world.interruptions;
        await bench.dispose();
      }),
      { numRuns: 150 },
    );
    // Else it proved nothing.
    expect(joined).toBeGreaterThan(20);
    expect(interrupted).toBeGreaterThan(0);
  }, 60_000);
});
