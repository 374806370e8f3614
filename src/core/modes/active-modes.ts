import type { SessionId } from '../ports/chat.ts';
import type { ModeRule, ModeRules } from '../ports/gate.ts';
import { MODES, type Mode } from './modes.ts';

/** What a mode brings to one session for its time, on top of the mode that the session is in. */
export type ActiveMode = {
  /**
   * For audit log and chat: `test`, `merge`; left out: the name of the session's own mode. Where there is a mode of that
   * name, all of this counts only while the session is in it.
   */
  readonly name?: string | undefined;
  /** What passes without a question, word by word. */
  readonly rules: readonly ModeRule[];
  /** See ModeRules.writes. */
  readonly writes: readonly string[];
  /** Added to the agent's system prompt, behind that of the session's own mode. */
  readonly instruction?: string | undefined;
  /** In place of those of the session's mode. */
  readonly grants?: ModeRules['grants'] | undefined;
  /** The agent gets a browser for it. */
  readonly browser?: true | undefined;
};

export type ActiveModesOptions = {
  /** The gate's `pinRules`; without it a rule that names a source does not hold. */
  readonly pin?: ((rules: readonly ModeRule[]) => readonly ModeRule[]) | undefined;
};

/**
 * The modes that brought something along, by session. In memory alone: after a restart their owner sets them anew, and
 * until then the gate asks.
 */
export class ActiveModes {
  readonly #pin: NonNullable<ActiveModesOptions['pin']>;
  readonly #bySession = new Map<SessionId, ActiveMode>();

  constructor({ pin }: ActiveModesOptions = {}) {
    this.#pin = pin ?? ((rules) => rules);
  }

  /** In place of what was set before. The files that the rules rest on are taken as they are at this moment. */
  set(session: SessionId, extra: ActiveMode): void {
    this.#bySession.set(session, { ...extra, rules: this.#pin(extra.rules) });
  }

  /** Harmless where nothing was set. */
  clear(session: SessionId): void {
    this.#bySession.delete(session);
  }

  /** The same object until it is set anew or cleared. */
  of(session: SessionId): ActiveMode | undefined {
    return this.#bySession.get(session);
  }

  /** What the gate holds a call of that session to. */
  rulesFor(session: SessionId, mode: Mode): ModeRules {
    const active = this.#standing(session, mode);
    if (active === undefined) return mode;
    const { name: rulesFrom, rules, writes, grants = mode.grants } = active;
    return { ...mode, grants, rules, rulesFrom, writes };
  }

  /** What the agent is told besides; empty where nothing is. */
  instructionOf(session: SessionId, mode: Mode): string {
    return this.#standing(session, mode)?.instruction ?? '';
  }

  /** Whoever leaves the mode that brought it leaves it behind. */
  #standing(session: SessionId, mode: Mode): ActiveMode | undefined {
    const active = this.#bySession.get(session);
    const isElsewhere =
      active?.name !== undefined && Object.hasOwn(MODES, active.name) && active.name !== mode.name;
    return isElsewhere ? undefined : active;
  }
}
