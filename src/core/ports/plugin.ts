import type { Log } from '../../util/log.ts';
import type { EventName, Events } from '../events/events.ts';
import type { Footprint, GateContext, ToolCall } from './gate.ts';

/**
 * Something beside the engine that watches what happens, and may be stricter than the policy. It never makes a
 * call pass that would not pass without it. It runs in leashd's own process, with leashd's own rights: its faults
 * are kept apart, its malice could not be.
 */
export interface Plugin {
  /** What its log lines, its verdicts and its folder are called: at most 40 of [a-z0-9-]. */
  readonly name: string;
  /**
   * Before anything is received. Rejecting leaves the plugin out, or, when it has a `vote`, keeps leashd from
   * starting: the leash would be thinner than it was set up. Ten seconds.
   */
  initialize(context: PluginContext): Promise<void> | void;
  /** Once people are being served. Rejecting counts as in `initialize`. Ten seconds. */
  start?(): Promise<void> | void;
  /** The last call, when nobody is served any more; after every `initialize` that succeeded. A second. */
  stop?(): Promise<void> | void;
  /**
   * Asked about every call that the gate would allow or put before the person. Undefined: no objection. Throwing,
   * or taking longer than two seconds, denies the call; so does what is no vote.
   */
  vote?(question: VoteQuestion): Promise<Vote | undefined> | Vote | undefined;
}

export type PluginContext = {
  readonly events: PluginEvents;
  /** Its lines bear the plugin's name. */
  readonly log: Log;
  /** What stands under `options` in the settings; checking it is the plugin's business. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Absolute path of a folder of its own, which exists and which the agent can't touch. */
  readonly stateDirectory: string;
  /** leashd's version. */
  readonly version: string;
};

/** The events, to listen to. What a handler gets is a copy; what it throws or rejects with is logged. */
export interface PluginEvents {
  /** Returns what takes the handler off again. */
  on<Name extends EventName>(name: Name, handler: (payload: Events[Name]) => unknown): () => void;
  /** All of them, those of later versions too. */
  onAny(handler: (event: AnyEvent) => unknown): () => void;
}

export type AnyEvent = {
  readonly [Name in EventName]: { readonly name: Name; readonly payload: Events[Name] };
}[EventName];

/** A copy: nothing that is done to it changes what runs. */
export type VoteQuestion = {
  readonly call: ToolCall;
  /** What the call would do. */
  readonly footprint: Footprint;
  /** For whom, in which session, directories and mode. */
  readonly context: GateContext;
};

/** `reason` is shown to the person and told to the agent: one sentence. */
export type Vote = { readonly action: 'ask' | 'deny'; readonly reason: string };
