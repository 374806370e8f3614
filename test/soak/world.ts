import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { messageOf } from '../../src/errors.ts';
import type { LeashdProcess } from '../e2e/leashd-process.ts';
import { createRig, type Rig } from '../e2e/rig.ts';
import type { Fault } from '../fixtures/bot-api/faults.ts';
import type { Person } from '../fixtures/bot-api/person.ts';
import { ChatPerson } from './chat-person.ts';
import { DaemonControl } from './control.ts';
import { createDisk, type Disk } from './disk.ts';
import { PRIVATE_CHATS } from './plan.ts';
import { processesWithHome, type FoundProcess } from './processes.ts';
import { SoakModel } from './soak-model.ts';

const FIRST_PERSON = 101;
const STRANGER = 666;
const GROUP_CHAT = -1_001;
const START_PATIENCE_MS = 60_000;
/** Turns get ten seconds; the rest is for a machine that is busy. */
const STOP_PATIENCE_MS = 25_000;

/** leashd with all around it: people, Telegram, the model, the disk, the clock; and what can be done to them. */
export class SoakWorld {
  readonly rig: Rig;
  readonly model: SoakModel;
  readonly control: DaemonControl;
  readonly disk: Disk;
  readonly chats: readonly ChatPerson[];
  readonly stranger: Person;
  /** Where database, audit log and log lie. */
  readonly folder: string;
  readonly complaints: string[] = [];
  /** What leashd printed in its earlier lives. */
  readonly outputs: string[] = [];
  readonly counts = { starts: 0, kills: 0, restarts: 0, refusedStarts: 0, faults: 0 };
  /** Faults of Telegram hit while this is true. */
  #isFaulty = true;
  #isAway = false;
  #isUp = false;

  private constructor(rig: Rig, control: DaemonControl) {
    this.rig = rig;
    this.control = control;
    this.folder = join(rig.home.home, 'leashd-start', '.leashd');
    this.model = new SoakModel(rig.model, rig.project);
    this.disk = createDisk(this.folder, (isFull) => control.setFull(isFull));
    const people = Array.from({ length: PRIVATE_CHATS }, (_, index) =>
      rig.telegram.person(FIRST_PERSON + index),
    );
    this.stranger = rig.telegram.person(STRANGER, 'Mallory');
    const group = rig.telegram.chat(GROUP_CHAT);
    const now = (): number => rig.telegram.now();
    this.chats = [...people, people[0]].flatMap((person, number) => {
      if (person === undefined) return [];
      const chat = number < PRIVATE_CHATS ? person.chat : group;
      return [new ChatPerson({ number, person, stranger: this.stranger, chat, now })];
    });
    const where = (): boolean => this.#isAway;
    for (const method of ['*', 'download'])
      rig.telegram.failNext(method, { drop: 'before', where, times: 1_000_000 });
  }

  static async create(): Promise<SoakWorld> {
    const preload = pathToFileURL(join(import.meta.dirname, 'daemon-preload.ts')).href;
    const nodeArguments = ['--expose-gc', '--import', preload];
    const rig = await createRig({ hasDrafts: true, flood: 'telegram', nodeArguments });
    const control = new DaemonControl(join(rig.home.home, '..', 'soak-control.json'));
    return new SoakWorld(rig, control);
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Until it stands: while Telegram is away it may refuse to. */
  async start(): Promise<void> {
    if (this.disk.isFull) this.disk.free();
    const ids = Array.from({ length: PRIVATE_CHATS }, (_, index) => FIRST_PERSON + index);
    const settings = {
      LEASHD_ALLOWED_USER_IDS: ids.join(','),
      LEASHD_STREAMING_THROTTLE_SECONDS: '1.5',
      LEASHD_LOG_LEVEL: 'DEBUG',
      SOAK_CONTROL: this.control.path,
    };
    this.counts.starts += 1;
    for (const deadline = Date.now() + START_PATIENCE_MS; ; await delay(200)) {
      const fault = await this.rig.start(settings).then(() => undefined, messageOf);
      if (fault === undefined || this.#isRunning()) break;
      this.outputs.push(this.rig.leashd.output());
      this.counts.refusedStarts += 1;
      const isExcused = this.#isFaulty && fault.includes('Telegram');
      if (!isExcused) this.complaints.push(`leashd did not start: ${fault}`);
      if (Date.now() > deadline) throw new Error(`leashd did not start: ${fault}`);
    }
    this.#isUp = true;
    void this.#watch(this.rig.leashd);
  }

  async #watch(leashd: LeashdProcess): Promise<void> {
    const status = await leashd.exited();
    if (this.#isUp && this.rig.leashd === leashd)
      this.complaints.push(`leashd ended by itself with ${status}:\n${leashd.output().slice(-3_000)}`);
  }

  async kill(): Promise<void> {
    this.counts.kills += 1;
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    if (!this.#isUp) return;
    this.counts.restarts += 1;
    const begun = Date.now();
    await this.#end('SIGTERM');
    const { leashd } = this.rig;
    const status = await leashd.exited();
    const tookMs = Date.now() - begun;
    const how = status ?? leashd.endedBy();
    if (status !== 0) this.complaints.push(`leashd ended a graceful stop with ${how} after ${tookMs} ms`);
    if (tookMs > STOP_PATIENCE_MS) this.complaints.push(`a graceful stop took ${tookMs} ms`);
  }

  /** How that pid is to be asked to read its settings again; undefined where this leashd has no such thing. */
  get canReload(): boolean {
    return existsSync(join(import.meta.dirname, '../../src/cli/commands/reload.ts'));
  }

  spoilTelegram(method: string, fault: Fault): void {
    this.#isFaulty = true;
    this.counts.faults += 1;
    this.rig.telegram.failNext(method, { ...fault, where: () => this.#isFaulty });
  }

  set isAway(isAway: boolean) {
    if (isAway) {
      this.#isFaulty = true;
      this.counts.faults += 1;
    }
    this.#isAway = isAway;
  }

  /** All faults off, and somebody there. */
  async heal(): Promise<void> {
    this.#isAway = false;
    this.model.heal();
    if (this.disk.isFull) this.disk.free();
    if (!this.#isUp) await this.start();
    // Only now: what was ordered may have kept it from starting.
    this.#isFaulty = false;
  }

  async dispose(): Promise<void> {
    this.#isUp = false;
    try {
      await this.rig.leashd.stop('SIGKILL');
    } finally {
      await this.#endLeftovers();
      this.disk.remove();
      await this.rig.dispose();
    }
  }

  /** All that was started in this home and still runs, by its id. */
  async #endLeftovers(): Promise<void> {
    const left = (): readonly FoundProcess[] => processesWithHome(this.rig.home.home);
    for (let tries = 0; tries < 50 && left().length > 0; tries += 1) {
      if (tries === 25) for (const { pid } of left()) process.kill(pid, 'SIGKILL');
      await delay(100);
    }
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#isUp = false;
    const { leashd } = this.rig;
    // Once: a second signal would hurry it.
    leashd.signal(signal);
    const ended = leashd.exited();
    const late = delay(STOP_PATIENCE_MS, 'late' as const, { ref: false });
    if ((await Promise.race([ended, late])) === 'late') await leashd.stop('SIGKILL');
    this.outputs.push(leashd.output());
  }

  #isRunning(): boolean {
    try {
      return process.kill(this.rig.leashd.pid, 0);
    } catch {
      return false;
    }
  }
}
