import { seeded } from '../fixtures/seeded.ts';
import type {
  Act,
  CommandKind,
  Errand,
  ErrandKind,
  ModelFaultKind,
  Round,
  Step,
  StrangerAct,
  TapStyle,
  TelegramFaultKind,
} from './plan-types.ts';

/** Chats of one person each; the one behind them is a group. */
export const PRIVATE_CHATS = 4;
const GROUP = PRIVATE_CHATS;
/** Of each twelve rounds: so one process lives through two quiet rounds, and then through five. */
const ROUGH = [1, 4, 7];
const TWELVE = 12;
const ROUND_MS = 10_000;
const MOST_PEOPLE_STEPS = 26;
const MOST_FAULTS = 5;

type Weighted<Item> = readonly (readonly [Item, number])[];

const ERRANDS: Weighted<ErrandKind> = [
  ['talk', 3],
  ['long', 1],
  ['write', 6],
  ['pair', 2],
  ['ask', 2],
  ['attached', 1],
  ['outside', 1],
];
const TAPS: Weighted<TapStyle> = [
  ['at-once', 5],
  ['double', 2],
  ['late', 2],
  ['stranger-first', 1],
  ['reject', 2],
  ['in-words', 1],
];
const COMMANDS: Weighted<CommandKind> = [
  ['file', 4],
  ['unknown', 3],
  ['status', 1],
  ['help', 1],
  ['pending', 1],
  ['history', 1],
];
const STRANGER: Weighted<StrangerAct> = [
  ['text', 1],
  ['command', 1],
  ['forged-tap', 2],
  ['text-in-group', 1],
];
const TELEGRAM: Weighted<readonly [TelegramFaultKind, string]> = [
  [['drop-before', '*'], 2],
  [['drop-before', 'sendMessage'], 2],
  [['drop-after', '*'], 2],
  [['drop-after', 'sendMessage'], 2],
  [['drop-after', 'sendDocument'], 1],
  [['drop-after', 'getUpdates'], 2],
  [['half-answer', 'sendMessage'], 1],
  [['half-answer', 'editMessageText'], 1],
  [['half-answer', 'getUpdates'], 1],
  [['server-error', '*'], 2],
  [['error-page', '*'], 1],
  [['too-many', 'sendMessage'], 2],
  [['too-many', '*'], 1],
  [['slow', '*'], 2],
  [['conflict', 'getUpdates'], 1],
  [['drop-before', 'download'], 1],
];
const MODEL: Weighted<ModelFaultKind> = [
  ['overloaded', 2],
  ['too-many', 1],
  ['server-error', 2],
  ['no-answer', 2],
  ['cut-stream', 2],
  ['slow', 1],
  ['slow-stream', 2],
];
const HOUR_MS = 3_600_000;
const JUMPS_MS = [-30 * 24 * HOUR_MS, -HOUR_MS, -5_000, 5_000, HOUR_MS, 26 * HOUR_MS, 9 * 24 * HOUR_MS];

/** Where the numbers of errands, files and names go on from round to round. */
type Counters = { readonly errands: number[]; others: number };

/** The rounds of a seed, without end: the same ones again for the same seed, whatever becomes of them. */
export function* planOf(seed: number): Generator<Round, never> {
  const counters: Counters = { errands: Array.from({ length: PRIVATE_CHATS + 1 }, () => 0), others: 0 };
  for (let number = 1; ; number += 1) {
    const kind = ROUGH.includes(((number - 1) % TWELVE) + 1) ? 'rough' : 'steady';
    yield { number, kind, steps: new RoundPlan(seeded(seed * 1_000 + number), counters).steps(kind) };
  }
}

class RoundPlan {
  readonly #random: () => number;
  readonly #counters: Counters;

  constructor(random: () => number, counters: Counters) {
    this.#random = random;
    this.#counters = counters;
  }

  steps(kind: Round['kind']): readonly Step[] {
    const steps = [
      ...this.#times(MOST_PEOPLE_STEPS / 2, MOST_PEOPLE_STEPS, () => this.#people()),
      ...this.#times(1, MOST_FAULTS, () => this.#fault()),
      ...(kind === 'rough' ? this.#times(1, 3, () => this.#end()) : this.#times(0, 1, () => this.#reload())),
      // A group takes few messages a minute.
      ...(this.#below(3) === 0 ? [this.#say(GROUP)] : []),
    ];
    return steps
      .map((act): Step => ({ ...act, atMs: Math.round(this.#random() * ROUND_MS) }))
      .toSorted((a, b) => a.atMs - b.atMs)
      .map((step) => this.#numbered(step));
  }

  /** In the order in which it comes, so that a later message has the higher number. */
  #numbered(step: Step): Step {
    const { errands } = this.#counters;
    if (step.kind === 'say') {
      const number = (errands[step.chat] ?? 0) + 1;
      errands[step.chat] = number;
      return { ...step, errand: { ...step.errand, number } };
    }
    if (step.kind !== 'command' && step.kind !== 'stranger') return step;
    this.#counters.others += 1;
    return { ...step, number: this.#counters.others };
  }

  #people(): Act {
    const chat = this.#below(PRIVATE_CHATS);
    const dice = this.#below(20);
    if (dice < 11) return this.#say(chat);
    if (dice < 16) return { kind: 'command', chat, command: this.#pick(COMMANDS), number: 0 };
    if (dice === 16) return { kind: 'stop', chat };
    if (dice === 17) return this.#below(2) === 0 ? { kind: 'clear', chat } : { kind: 'stop', chat };
    return { kind: 'stranger', act: this.#pick(STRANGER), number: 0 };
  }

  #say(chat: number): Act {
    const errand: Errand = {
      number: 0,
      kind: this.#pick(ERRANDS),
      taps: this.#pick(TAPS),
      whenCutOff: this.#below(3) === 0 ? 'drop' : 'resume',
      whenQueued: (['wait', 'wait', 'now', 'ignore'] as const)[this.#below(4)] ?? 'wait',
    };
    return { kind: 'say', chat, errand };
  }

  #fault(): Act {
    const dice = this.#below(12);
    if (dice < 5) {
      const [fault, method] = this.#pick(TELEGRAM);
      return { kind: 'telegram', fault, method, times: 1 + this.#below(3) };
    }
    if (dice < 9) return { kind: 'model', fault: this.#pick(MODEL), times: 1 + this.#below(2) };
    if (dice === 9) return { kind: 'telegram-away', forMs: 500 + this.#below(4_000) };
    if (dice === 10) return { kind: 'disk-full', forMs: 300 + this.#below(3_000) };
    return { kind: 'clock', byMs: JUMPS_MS[this.#below(JUMPS_MS.length)] ?? HOUR_MS };
  }

  #end(): Act {
    return { kind: this.#below(3) === 0 ? 'restart' : 'kill', downMs: this.#below(2) * this.#below(1_500) };
  }

  #reload(): Act {
    return { kind: 'reload', how: this.#below(2) === 0 ? 'same' : 'broken' };
  }

  #times(least: number, most: number, make: () => Act): readonly Act[] {
    return Array.from({ length: least + this.#below(most - least + 1) }, make);
  }

  #below(end: number): number {
    return Math.floor(this.#random() * end);
  }

  #pick<Item>(items: Weighted<Item>): Item {
    const total = items.reduce((sum, [, weight]) => sum + weight, 0);
    let left = this.#random() * total;
    for (const [item, weight] of items) {
      left -= weight;
      if (left < 0) return item;
    }
    throw new RangeError('nothing to choose from');
  }
}

/** A step in a line. */
export function stepWords({ atMs, ...act }: Step): string {
  const at = `${(atMs / 1000).toFixed(1)} s`.padStart(7);
  return `${at}  ${actWords(act)}`;
}

function actWords(act: Act): string {
  const { kind, ...rest } = act;
  const details = Object.entries(rest).map(([name, value]) =>
    typeof value === 'object' ? Object.values(value as object).join(' ') : `${name} ${String(value)}`,
  );
  return [kind, ...details].join(', ');
}
