import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Person } from '../test/fixtures/bot-api/person.ts';
import { startBotApi, type BotApi } from '../test/fixtures/bot-api/start.ts';
import type { Bench, Figure } from './bench.ts';
import { median, quantile, single } from './figures.ts';
import { wordsOf, type FromLoad, type LoadTask } from './load-words.ts';

const SIZES = {
  full: { chats: 200, rounds: 3, deltas: 120, writingMs: 40_000 },
  small: { chats: 20, rounds: 2, deltas: 30, writingMs: 4_000 },
};
const PATIENCE_MS = 180_000;
const FIRST_PERSON = 1_000;

export const benchLoad: Bench = {
  name: 'load',
  summary:
    'two hundred chats that stream at once, three answers each, at the pace that Telegram allows a bot',
  run: async (size) => {
    const { chats, rounds, deltas, writingMs } = SIZES[size];
    const server = await startBotApi();
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-bench-load-')));
    const people = Array.from({ length: chats }, (_, index) => server.person(FIRST_PERSON + index));
    const task = {
      token: server.token,
      apiRoot: server.url,
      database: join(folder, 'messages.db'),
      people: people.map(({ id }) => id),
      rounds,
      deltas,
      writingMs,
    };
    const side = new OtherSide(task);
    try {
      await side.ready;
      const run = new LoadRun(server, people, task);
      for (let round = 0; round < rounds; round += 1) await run.round(round);
      return { figures: figuresOf(run, side, server) };
    } finally {
      await side.end();
      await server.stop();
      rmSync(folder, { recursive: true });
    }
  },
};

class LoadRun {
  /** Milliseconds from the agent's last word to the whole answer on the phone. */
  readonly waits: number[] = [];
  inOrder = 0;
  readonly asked: number;
  readonly #server: BotApi;
  readonly #people: readonly Person[];
  readonly #task: LoadTask;

  constructor(server: BotApi, people: readonly Person[], task: LoadTask) {
    this.#server = server;
    this.#people = people;
    this.#task = task;
    this.asked = people.length * task.rounds;
  }

  async round(round: number): Promise<void> {
    const asked = this.#people.map((person) => `p${person.id}r${round}`);
    const begun = performance.now();
    const open = new Map(this.#people.map((person, index) => [person, asked[index] ?? '']));
    for (const [person, text] of open) person.send(text);
    await this.#server.waitFor(() => {
      for (const [person, text] of open) {
        if (!isWhole(said(person), text, this.#task.deltas)) continue;
        open.delete(person);
        this.waits.push(performance.now() - begun - this.#task.writingMs);
      }
      return open.size === 0;
    }, PATIENCE_MS);
    for (const [index, person] of this.#people.entries()) {
      const words = wordsOf(asked[index] ?? '', this.#task.deltas);
      const lines = said(person)
        .split('\n')
        .filter((line) => line.startsWith(`${asked[index]}/`));
      if (lines.join('\n') === words.join('').trimEnd()) this.inOrder += 1;
    }
  }
}

/** What the bot has written to somebody, in the order in which it stands there. */
function said({ chat }: Person): string {
  return chat
    .messages()
    .filter(({ from }) => from.isBot)
    .map(({ text }) => text)
    .join('\n');
}

/** With the figures that close an answer behind it. */
function isWhole(all: string, asked: string, deltas: number): boolean {
  const last = all.lastIndexOf(`${asked}/${deltas - 1} `);
  return last >= 0 && / ms/.test(all.slice(last));
}

class OtherSide {
  readonly heapMb: number[] = [];
  readonly residentMb: number[] = [];
  readonly ready: Promise<void>;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  constructor(task: LoadTask) {
    this.#child = fork(join(import.meta.dirname, 'load-child.ts'), [JSON.stringify(task)]);
    this.#exited = once(this.#child, 'exit');
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    this.ready = promise;
    this.#child.once('exit', (code) => reject(new Error(`the other side of the load ended with ${code}`)));
    this.#child.on('message', (message: FromLoad) => {
      if (message.kind === 'ready') resolve(undefined);
      if (message.kind !== 'memory') return;
      this.heapMb.push(message.heapBytes / 1024 / 1024);
      this.residentMb.push(message.residentBytes / 1024 / 1024);
    });
  }

  async end(): Promise<void> {
    if (this.#child.connected) this.#child.send('end');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await this.#exited;
    clearTimeout(timer);
  }
}

function figuresOf(run: LoadRun, side: OtherSide, server: BotApi): readonly Figure[] {
  const third = Math.ceil(side.heapMb.length / 3);
  const first = quantile(side.heapMb.slice(0, third), 0.5);
  const last = quantile(side.heapMb.slice(-third), 0.5);
  const calls = server.calls();
  const refused = calls.filter(({ status }) => status === 429).length;
  return [
    single(`answers delivered whole and in order, of ${run.asked}`, '', run.inOrder, { least: run.asked }),
    single(`calls refused as too many (429), of ${calls.length.toLocaleString('en-US')}`, '', refused, {
      most: Math.floor(calls.length / 100),
    }),
    median('from the last word to the whole answer on the phone', 'ms', run.waits),
    single('heap in the last third of the time, of that in the first', '%', (last / first) * 100, {
      most: 110,
    }),
    median('heap while they stream', 'MB', side.heapMb),
    single('memory at the most', 'MB', Math.max(...side.residentMb)),
  ];
}
