import type { AuditLine } from './audit-read.ts';

/** What people are asked, and what they say: what to write a rule for. */
export type AuditStats = {
  readonly calls: number;
  readonly allowed: number;
  readonly denied: number;
  readonly asks: number;
  /** Clock hours in which there was a call. */
  readonly hours: number;
  readonly asksPerHour: number;
  readonly answers: Readonly<Record<string, number>>;
  /** From the question to the tap; undefined when nobody has tapped. */
  readonly medianSecondsToTap: number | undefined;
  /** The most asked first. */
  readonly rules: readonly AskedRule[];
};

export type AskedRule = {
  /** With the layer that asked: `policy: file-writes`. */
  readonly rule: string;
  readonly asks: number;
  readonly approved: number;
  /** The tool that was asked about most. */
  readonly tool: string;
};

const MOST_RULES = 10;
/** Questions that never got an answer, of many processes, must not fill the memory. */
const MOST_OPEN = 10_000;
const HOUR_MS = 3_600_000;
/** Waits are counted in tenths of a second, so that memory stays constant. */
const STEP_MS = 100;

type Counted = { asks: number; approved: number; readonly tools: Map<string, number> };

/** Counts lines one by one. */
export class AuditCounter {
  readonly #decisions = new Map<string, number>();
  readonly #answers = new Map<string, number>();
  readonly #waits = new Map<number, number>();
  readonly #rules = new Map<string, Counted>();
  readonly #hours = new Set<number>();
  /** By call: which rule asked. */
  readonly #open = new Map<string, Counted>();
  #calls = 0;
  #asks = 0;

  take(line: AuditLine): void {
    if (line.event === 'tool_decided') {
      this.#calls += 1;
      count(this.#decisions, line.decision ?? 'unknown');
      this.#hours.add(Math.floor(Date.parse(line.at) / HOUR_MS));
    } else if (line.event === 'approval_requested') {
      this.#asks += 1;
      const rule = this.#rule(line);
      rule.asks += 1;
      count(rule.tools, line.tool ?? 'unknown');
      if (this.#open.size < MOST_OPEN) this.#open.set(line.call ?? '', rule);
    } else if (line.event === 'approval_resolved') {
      const answer = line.answer ?? 'not-answered';
      count(this.#answers, answer);
      const rule = this.#open.get(line.call ?? '');
      this.#open.delete(line.call ?? '');
      if (rule && answer === 'approved') rule.approved += 1;
      const isTap = answer === 'approved' || answer === 'rejected';
      if (isTap && line.waitedMs !== undefined) count(this.#waits, Math.round(line.waitedMs / STEP_MS));
    }
  }

  stats(): AuditStats {
    const sorted = [...this.#rules].sort(([, one], [, other]) => other.asks - one.asks);
    const hours = this.#hours.size;
    return {
      calls: this.#calls,
      allowed: this.#decisions.get('allow') ?? 0,
      denied: this.#decisions.get('deny') ?? 0,
      asks: this.#asks,
      hours,
      asksPerHour: hours === 0 ? 0 : Math.round((this.#asks / hours) * 10) / 10,
      answers: Object.fromEntries(this.#answers),
      medianSecondsToTap: medianSeconds(this.#waits),
      rules: sorted.slice(0, MOST_RULES).map(([rule, { asks, approved, tools }]) => ({
        rule,
        asks,
        approved,
        tool: most(tools),
      })),
    };
  }

  #rule({ layer = 'unknown', rule = 'unknown' }: Pick<AuditLine, 'layer' | 'rule'>): Counted {
    const name = `${layer}: ${rule}`;
    const known = this.#rules.get(name) ?? { asks: 0, approved: 0, tools: new Map<string, number>() };
    this.#rules.set(name, known);
    return known;
  }
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function most(counts: ReadonlyMap<string, number>): string {
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? 'unknown';
}

/** The middle one of all, the lower of two. */
function medianSeconds(waits: ReadonlyMap<number, number>): number | undefined {
  const total = [...waits.values()].reduce((sum, times) => sum + times, 0);
  let seen = 0;
  for (const [step, times] of [...waits].sort(([one], [other]) => one - other)) {
    seen += times;
    if (seen * 2 >= total) return (step * STEP_MS) / 1000;
  }
  return undefined;
}
