import { z } from 'zod';
import { messageOf, PersonError } from '../../errors.ts';
import type { Clock, Timer } from '../../util/clock.ts';
import { newId } from '../../util/ids.ts';
import type { Log } from '../../util/log.ts';
import type { Audit } from '../audit/audit-record.ts';
import type { Grant, GrantId, GrantOffer, GrantStore } from './grant.ts';
import type { Covering } from './grants.ts';
import { policyOf, readAllowRules } from '../policy/own-rules.ts';
import type { AllowRule } from '../policy/own-rules.ts';
import type { GateContext, ToolCall } from '../types.ts';

export type GrantBookOptions = {
  readonly store: GrantStore;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
  /** What `~` in rules means. */
  readonly home: string;
};

/** No grant lives longer than this, in milliseconds. */
export const LONGEST_GRANT_MS = 24 * 60 * 60 * 1000;

const storedSchema = z.object({
  id: z.string().min(1),
  words: z.string(),
  rules: z.array(z.unknown()).min(1),
  folder: z.string().startsWith('/').optional(),
  contents: z.string().optional(),
  chat: z.string().min(1),
  directory: z.string().startsWith('/'),
  madeAt: z.number(),
  until: z.number(),
  madeBy: z.string(),
  madeFor: z.string(),
});

type LiveGrant = {
  readonly grant: Grant;
  readonly covering: Covering;
  /** By the clock that only grows: setting the machine's clock back must not lengthen a grant. */
  readonly endsAt: number;
  readonly timer: Timer;
};

/** The grants that live, each for one chat in one directory. What is not written down never counts. */
export class GrantBook {
  readonly #options: GrantBookOptions;
  readonly #live = new Map<string, LiveGrant>();
  readonly #endings = new Set<Promise<void>>();
  /** When all grants of a chat were ended the last time, one object each time. */
  readonly #allEnded = new Map<string, { readonly why: 'clear' | 'directory' }>();

  constructor(options: GrantBookOptions) {
    this.#options = options;
  }

  /** Takes up what the last process left. A grant that can't be read is dropped: the person is asked again. */
  async open(): Promise<void> {
    for (const { id, value } of await this.#options.store.load()) {
      const grant = this.#readStored(id, value);
      if (grant === undefined) {
        this.#options.log.warn('grant_dropped', { grant: id });
        await this.#options.store.remove(id);
      } else this.#take(grant.grant, grant.rules);
    }
  }

  /** Oldest first. */
  live(chat: string): readonly Grant[] {
    return [...this.#live.values()]
      .filter((one) => one.grant.chat === chat && this.#isLive(one))
      .map(({ grant }) => grant);
  }

  /** What may cover a call of this chat in this directory. A chat that works elsewhere has left its grants behind. */
  coverings({ chat, directories }: GateContext): readonly Covering[] {
    for (const one of this.#live.values()) {
      if (one.grant.chat === chat && one.grant.directory !== directories[0]) this.#end(one, 'directory');
    }
    return [...this.#live.values()]
      .filter((one) => one.grant.chat === chat && this.#isLive(one))
      .map(({ covering }) => covering);
  }

  /**
   * Remembers an approval. It counts once it is in the audit log and in the store.
   * @throws MachineError when it can't be written down, PersonError when all were ended meanwhile: then there is no grant.
   */
  async make(offer: GrantOffer, context: GateContext, call: ToolCall, by: string): Promise<Grant> {
    const { clock, audit, store } = this.#options;
    const { length, terms } = offer;
    const [directory] = context.directories;
    if (directory === undefined || length.kind === 'always') throw new TypeError('no grant for a while');
    const ms = Math.min(length.kind === 'time' ? length.ms : LONGEST_GRANT_MS, LONGEST_GRANT_MS);
    const madeAt = clock.now();
    const { chat } = context;
    const endedBefore = this.#allEnded.get(chat);
    const id: GrantId = newId();
    const made: Grant = {
      ...terms,
      id,
      chat,
      directory,
      madeAt,
      until: madeAt + ms,
      madeBy: by,
      madeFor: call.id,
    };
    const read = readAllowRules(made.rules, this.#options.home);
    if (read.problem !== undefined)
      throw new TypeError(`a grant of rules that can't be used: ${read.problem}`);
    const until = new Date(made.until).toISOString();
    const { words, rules } = made;
    await audit.record({
      event: 'grant_made',
      grant: id,
      chat,
      directory,
      words,
      rules,
      until,
      by,
      call: call.id,
    });
    try {
      await store.save(made);
    } catch (error) {
      await audit.record({ event: 'grant_ended', grant: id, chat, words, why: 'changed' });
      throw error;
    }
    const ended = this.#allEnded.get(chat);
    if (ended !== undefined && ended !== endedBefore) {
      await this.#writeEnd(made, ended.why);
      throw new PersonError('GRANT_TOO_LATE', 'all grants of this chat were ended meanwhile');
    }
    this.#take(made, read.rules);
    return made;
  }

  /**
   * Takes a grant back: from now on it covers nothing, whatever becomes of the paperwork. False: there is none.
   * @throws MachineError when it can't be written down.
   */
  async revoke(chat: string, id: string, by: string): Promise<boolean> {
    const found = this.#live.get(id);
    if (found === undefined || found.grant.chat !== chat || !this.#isLive(found)) return false;
    this.#drop(found);
    const { words } = found.grant;
    await this.#options.store.remove(id);
    await this.#options.audit.record({ event: 'grant_revoked', grant: id, chat, words, by });
    return true;
  }

  /** Ends all grants of a chat. @throws MachineError when it can't be written down; they are ended all the same. */
  async endAll(chat: string, why: 'clear' | 'directory'): Promise<number> {
    this.#allEnded.set(chat, { why });
    const ended = [...this.#live.values()].filter(({ grant }) => grant.chat === chat);
    for (const one of ended) this.#drop(one);
    const written = await Promise.allSettled(ended.map(async ({ grant }) => this.#writeEnd(grant, why)));
    const failed = written.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return ended.length;
  }

  /** Lets go of the timers and finishes what is being written. The grants stay for the next start. */
  async close(): Promise<void> {
    for (const { timer } of this.#live.values()) timer.cancel();
    this.#live.clear();
    await Promise.all(this.#endings);
  }

  #readStored(
    id: string,
    value: unknown,
  ): { readonly grant: Grant; readonly rules: readonly AllowRule[] } | undefined {
    const parsed = storedSchema.safeParse(value);
    if (!parsed.success || parsed.data.id !== id) return undefined;
    const { madeAt, until } = parsed.data;
    const now = this.#options.clock.now();
    // Made in the future: the clock was set back meanwhile, and nobody knows how long it has lived.
    if (now < madeAt || now >= until || until - madeAt > LONGEST_GRANT_MS) return undefined;
    const read = readAllowRules(parsed.data.rules, this.#options.home);
    if (read.problem !== undefined) return undefined;
    const rules = read.rules.map(({ file }) => file);
    return { grant: { ...parsed.data, id: id as GrantId, rules }, rules: read.rules };
  }

  #take(grant: Grant, rules: readonly AllowRule[]): void {
    const { clock } = this.#options;
    const remainingMs = Math.min(grant.until - clock.now(), grant.until - grant.madeAt);
    const live: LiveGrant = {
      grant,
      endsAt: clock.monotonic() + remainingMs,
      timer: clock.after(remainingMs, () => this.#end(live, 'time')),
      covering: {
        kind: 'grant',
        name: grant.id,
        words: grant.words,
        policy: policyOf(rules),
        folder: grant.folder ?? grant.directory,
        contents: grant.contents,
      },
    };
    this.#live.set(grant.id, live);
  }

  #isLive({ grant, endsAt }: LiveGrant): boolean {
    const { clock } = this.#options;
    return clock.now() < grant.until && clock.monotonic() < endsAt;
  }

  #drop({ grant, timer }: LiveGrant): void {
    timer.cancel();
    this.#live.delete(grant.id);
  }

  #end(ended: LiveGrant, why: 'time' | 'directory'): void {
    this.#drop(ended);
    const { id } = ended.grant;
    const ending = this.#writeEnd(ended.grant, why).catch((error: unknown) =>
      this.#options.log.warn('grant_end_not_written', { grant: id, reason: messageOf(error) }),
    );
    this.#endings.add(ending);
    void ending.finally(() => this.#endings.delete(ending));
  }

  async #writeEnd({ id, chat, words }: Grant, why: 'time' | 'clear' | 'directory'): Promise<void> {
    await this.#options.store.remove(id);
    await this.#options.audit.record({ event: 'grant_ended', grant: id, chat, words, why });
  }
}
