import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../src/errors.ts';
import { auditFault, leftOpen } from '../fixtures/books/left-open.ts';
import {
  chatFaults,
  fateOf,
  integrityFault,
  repeatedIn,
  strangerFaults,
  toolFaults,
  undone,
} from './books.ts';
import { doAct } from './do-act.ts';
import { Meter, pointWords } from './meter.ts';
import { planOf, stepWords } from './plan.ts';
import type { Round, Step } from './plan-types.ts';
import { callsThatRan } from './soak-model.ts';
import type { SoakWorld } from './world.ts';

export type SoakOptions = {
  readonly seed: number;
  /** No round begins after that. */
  readonly forMs: number;
  readonly mostRounds: number;
  readonly print: (line: string) => void;
};

const TICK_MS = 40;
/** Telegram's own waits are up to 30 seconds long. */
const QUIET_WITHIN_MS = 120_000;
const QUIET_FOR_MS = 1_200;

/** The rounds of a plan, and the books after each of them. */
export class SoakRun {
  readonly #world: SoakWorld;
  readonly #options: SoakOptions;
  readonly #meter: Meter;
  readonly #database: string;
  /** What was done, in lines. */
  readonly story: string[] = [];
  rounds = 0;

  constructor(world: SoakWorld, options: SoakOptions) {
    this.#world = world;
    this.#options = options;
    this.#meter = new Meter(world);
    this.#database = join(world.folder, 'messages.db');
  }

  /** What is wrong; empty: nothing. */
  async run(): Promise<readonly string[]> {
    const { seed, forMs, mostRounds } = this.#options;
    const endsAt = Date.now() + forMs;
    await this.#world.start();
    for (const round of planOf(seed)) {
      if (Date.now() >= endsAt || this.rounds >= mostRounds) break;
      this.rounds += 1;
      const faults = await this.#round(round);
      if (faults.length > 0) return faults;
    }
    return this.#close();
  }

  figures(): string {
    const { counts, chats, model } = this.#world;
    const sent = chats.flatMap((person) => person.sent.map((one) => ({ one, fate: fateOf(person, one) })));
    const errands = sent.filter(({ one }) => one.kind === 'errand');
    const count = (fate: string): number => errands.filter((each) => each.fate === fate).length;
    const taps = chats.reduce((sum, person) => sum + person.taps, 0);
    const repeated = chats.reduce((sum, person) => sum + repeatedIn(person), 0);
    const runs = callsThatRan(this.#world.rig.project).length;
    return [
      `${this.rounds} rounds`,
      `${errands.length} errands (${count('answered')} answered, ${count('excused')} stopped, dropped or failed, and said so)`,
      `${sent.length - errands.length} commands`,
      `${taps} taps`,
      `${runs} tool runs`,
      `${repeated} marked as perhaps sent twice`,
      `${counts.kills} kills`,
      `${counts.restarts} restarts`,
      `${counts.faults + model.faultsUsed} faults`,
      `disk: ${this.#world.disk.kind}`,
    ].join(', ');
  }

  #say(line: string): void {
    this.story.push(line);
    this.#options.print(line);
  }

  async #round(round: Round): Promise<readonly string[]> {
    this.#say(`round ${round.number}, ${round.kind}`);
    await this.#steps(round.steps);
    const begun = Date.now();
    await this.#world.heal();
    const noise = await this.#quiet();
    const faults = [...noise, ...this.#books()];
    if (faults.length > 0) return faults;
    const point = await this.#meter.look(round.number);
    this.#say(`  quiet after ${((Date.now() - begun) / 1000).toFixed(1)} s: ${pointWords(point)}`);
    return this.#meter.faults();
  }

  /** People and faults go on while leashd is being started again. */
  async #steps(steps: readonly Step[]): Promise<void> {
    const begun = Date.now();
    const left = [...steps];
    let busy: Promise<void> = Promise.resolve();
    while (left.length > 0) {
      const [next] = left;
      if (next !== undefined && Date.now() - begun >= next.atMs) {
        left.shift();
        this.#say(stepWords(next));
        const isLeashds = next.kind === 'kill' || next.kind === 'restart' || next.kind === 'reload';
        if (isLeashds) busy = busy.then(() => doAct(this.#world, next));
        else await doAct(this.#world, next);
        continue;
      }
      this.#act();
      await delay(TICK_MS);
    }
    await busy;
  }

  #act(): void {
    for (const chat of this.#world.chats) chat.act();
  }

  /** Why it did not become quiet; empty: it did. */
  async #quiet(): Promise<readonly string[]> {
    let quietSince: number | undefined;
    for (const deadline = Date.now() + QUIET_WITHIN_MS; ; await delay(TICK_MS * 2)) {
      this.#act();
      if (this.#world.complaints.length > 0) return [];
      const now = Date.now();
      const noise = this.#noise();
      if (noise.length > 0) quietSince = undefined;
      else quietSince ??= now;
      if (quietSince !== undefined && now - quietSince >= QUIET_FOR_MS) return [];
      if (now > deadline) return noise.map((what) => `not quiet after ${QUIET_WITHIN_MS / 1000} s: ${what}`);
    }
  }

  #noise(): readonly string[] {
    const { chats, rig } = this.#world;
    const waiting = chats.flatMap((person) => [
      ...person.open().map(({ text }) => `card: ${text}`),
      ...person.sent
        .filter((sent) => fateOf(person, sent) === 'open')
        .map(({ name }) => `not answered: ${name}`),
    ]);
    const updates = rig.telegram.pendingUpdates().map((update) => `update ${JSON.stringify(update)}`);
    if (waiting.length + updates.length > 0) return [...waiting, ...updates];
    return undone(this.#database) ?? ['the database can not be read'];
  }

  #books(): readonly string[] {
    const { chats, complaints, rig } = this.#world;
    return [
      ...complaints,
      ...chats.flatMap(chatFaults),
      ...toolFaults(this.#world),
      ...strangerFaults(this.#world),
      ...rig.model.refusals().map((refusal) => `the model API refused: ${refusal}`),
    ];
  }

  /** leashd ends; then what can only be seen without it. */
  async #close(): Promise<readonly string[]> {
    const { rig, folder } = this.#world;
    await this.#world.stop();
    // Claude Code ends when nobody is at the other end of its pipes any more.
    await delay(3_000);
    const left = this.#meter.leftovers();
    try {
      const audit = await auditFault(join(folder, 'audit.jsonl'), folder, rig.home.environment);
      const open = (await leftOpen(this.#database)).map((entry) => `left open: ${JSON.stringify(entry)}`);
      const integrity = integrityFault(this.#database);
      return [
        ...this.#books(),
        ...(audit === undefined ? [] : [`the audit log is not whole: ${audit}`]),
        ...(integrity === undefined ? [] : [integrity]),
        ...open,
        ...left,
      ];
    } catch (error) {
      return [`the books can not be read: ${messageOf(error)}`];
    }
  }
}
