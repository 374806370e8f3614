import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bob, PromptBench } from '../../../test/fixtures/prompt-bench.ts';
import { ada, type ShownPrompt } from '../../../test/fixtures/recording-connector.ts';
import { personId, type Inbound, type PromptId } from '../ports/chat.ts';
import type { PromptClosing } from '../ports/store.ts';
import type { PromptAnswer } from './prompt-request.ts';

const eve = { id: personId('test', 3), name: 'Eve' };
const PERMITTED = new Set([ada.id, bob.id]);
const CHATS = [
  { connector: 'test', chat: '1' },
  { connector: 'test', chat: '2' },
];
const IDS = [
  'approve',
  'sure-approve',
  'reject',
  'similar',
  'offer-0',
  'back',
  'all-1',
  'all-2',
  'all-3',
  '',
];

const who = fc.constantFrom(ada, bob, eve);
const chat = fc.constantFrom(0, 0, 0, 1);
const which = fc.nat(7);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('ask'), kind: fc.constantFrom('a', 'a', 'b', 'sure') }),
  },
  // A button as it is to be seen, or any id, as an old phone or a doctored one sends it.
  { weight: 6, arbitrary: fc.record({ do: fc.constant('tap'), which, button: fc.nat(4), who, chat }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('forge'), which, id: fc.constantFrom(...IDS), who, chat }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reply'), which, who, chat }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(1, 20_000, 60_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('abort'), which }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('restart', 'restart and receive', 'bring up', 'cancel') }),
  },
);
/** After most of them all is quiet before the next; after the others both are under way at once. */
const steps = fc.array(fc.tuple(step, fc.constantFrom(true, true, false)), {
  minLength: 8,
  maxLength: 40,
  size: 'max',
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

type Asked = { readonly abort: AbortController; readonly answers: PromptAnswer[] };

/** People, a clock and a machine that crashes, over one store. */
class World {
  readonly bench = new PromptBench();
  readonly asked: Asked[] = [];
  readonly closings = new Map<PromptId, PromptClosing[]>();
  /** Which prompt each answer was of, by the card's text. */
  readonly cardOf = (index: number): ShownPrompt | undefined => this.bench.connector.prompts[index];

  constructor() {
    const { prompts: store } = this.bench.stores;
    const close = store.close.bind(store);
    let calls = 0;
    store.close = async (id, closing) => {
      const hasWon = await close(id, closing);
      if (hasWon) this.closings.set(id, [...(this.closings.get(id) ?? []), closing]);
      // The one that won may be the last to hear of it.
      calls += 1;
      if (calls % 2 === 1) await this.bench.settled();
      return hasWon;
    };
  }

  async act(what: Step): Promise<void> {
    const { bench } = this;
    const shown = 'which' in what ? this.cardOf(what.which) : undefined;
    const by = (): Partial<Inbound> =>
      'who' in what ? { person: what.who, chat: CHATS[what.chat] ?? bench.connector.chat } : {};
    if (what.do === 'ask' && 'kind' in what) this.#ask(what.kind);
    else if (what.do === 'tap' && 'button' in what && shown) {
      const choice = shown.view.choices[what.button];
      if (choice) void bench.tapId(shown, choice.id, by());
    } else if (what.do === 'forge' && 'id' in what && shown) void bench.tapId(shown, what.id, by());
    else if (what.do === 'reply' && shown) {
      const replyTo = shown.message.message;
      void bench.prompts.takeReply(bench.inbound({ kind: 'text', text: 'no', replyTo }, by()));
    } else if (what.do === 'wait' && 'ms' in what) bench.clock.advance(what.ms);
    else if (what.do === 'abort' && 'which' in what) this.asked[what.which]?.abort.abort();
    else if (what.do === 'restart') {
      bench.restart();
      bench.prompts.showClosed(await bench.prompts.closeLeftOpen());
    } else if (what.do === 'restart and receive') bench.restart();
    else if (what.do === 'bring up') void bench.prompts.bringUp(bench.connector.chat);
    else if (what.do === 'cancel') bench.prompts.cancel('stopped');
  }

  async end(): Promise<void> {
    this.bench.clock.advance(1_000_000);
    for (let turn = 0; turn < 3; turn += 1) await this.bench.settled();
    await this.bench.prompts.settled();
  }

  #ask(kind: string): void {
    const abort = new AbortController();
    const asked: Asked = { abort, answers: [] };
    const number = this.asked.push(asked);
    const confirm = kind === 'sure' ? 'Yes, really' : undefined;
    const request = {
      body: { text: `${number} ${kind}`, spans: [] },
      choices: [
        { id: 'approve', label: 'Approve', key: 'y', confirm },
        { id: 'reject', label: 'Reject', key: 'n' },
        { id: 'similar', label: 'Similar…', key: 's', opens: 'more' },
      ],
      menus: { more: [{ id: 'offer-0', label: 'for an hour', key: '1', confirm: 'Yes, for an hour' }] },
      textHint: 'say why',
      timeoutMs: 60_000,
      subject: `${number}`,
      together:
        confirm === undefined ? { kind, choice: 'approve', label: (n: number) => `All ${n}` } : undefined,
      mayAnswer: ({ id }: { id: typeof ada.id }) => PERMITTED.has(id),
    };
    void this.bench.ask(request, abort.signal).then((answer) => asked.answers.push(answer));
  }
}

describe('whatever people, time and crashes do', () => {
  it('no prompt is answered twice, and none is approved without a stored tap by one who may', async () => {
    let approved = 0;
    let together = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (steps) => {
        const world = new World();
        for (const [each, isQuiet] of steps) {
          await world.act(each);
          if (isQuiet) await world.bench.settled();
        }
        await world.end();
        const { bench } = world;
        for (const closings of world.closings.values()) expect(closings).toHaveLength(1);
        const texts = new Map(
          bench.connector.prompts.map(({ view }) => [view.body.text.split(' ')[0], view.id]),
        );
        for (const [index, { answers }] of world.asked.entries()) {
          expect(answers).toHaveLength(1);
          const [answer] = answers;
          if (answer?.kind !== 'choice' && answer?.kind !== 'text') continue;
          const id = texts.get(String(index + 1));
          const stored = id && (await bench.stores.prompts.find(id))?.closed;
          expect(PERMITTED.has(answer.by.id)).toBe(true);
          expect(stored).toMatchObject({ answer: answer.kind, by: answer.by.id });
          if (answer.kind !== 'choice') continue;
          expect(stored).toMatchObject({ choice: answer.choice });
          approved += 1;
          together += answer.together === undefined ? 0 : 1;
        }
        // Nothing that looks alive is left behind, wherever somebody was told of it.
        expect(await bench.prompts.closeLeftOpen()).toEqual([]);
        await bench.stores.close();
      }),
      { numRuns: 400 },
    );
    // Else it proved nothing.
    expect(approved).toBeGreaterThan(50);
    expect(together).toBeGreaterThan(0);
  });
});
