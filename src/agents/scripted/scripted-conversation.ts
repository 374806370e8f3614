import type {
  AgentEvent,
  AgentSessionId,
  Conversation,
  ConversationOptions,
  TurnInput,
  TurnOutcome,
} from '../../core/ports/agent.ts';
import type { ToolCall, Verdict } from '../../core/ports/gate.ts';
import { LeashdError, messageOf } from '../../errors.ts';
import type { Clock } from '../../util/clock.ts';
import { newId } from '../../util/ids.ts';
import type { Execute } from './execute-tool.ts';
import { pause } from './pause.ts';
import type { Script, ScriptStep, StepResult } from './script.ts';
import { summaryOf } from './tool-summary.ts';

export type ScriptedConversationOptions = ConversationOptions & {
  readonly script: Script;
  readonly delayMs: number;
  readonly clock: Clock;
  readonly execute: Execute;
};

const CLOSE_DEADLINE_MS = 4_000;

type RunningTurn = {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  readonly end: () => void;
};

/** Plays its script, one run through it a turn. */
export class ScriptedConversation implements Conversation {
  readonly #options: ScriptedConversationOptions;
  readonly #session: AgentSessionId;
  #turns = 0;
  #running: RunningTurn | undefined;
  #isOpen = true;

  constructor(options: ScriptedConversationOptions) {
    this.#options = options;
    this.#session = options.resume ?? newId<'AgentSessionId'>();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  run(input: TurnInput): AsyncIterable<AgentEvent> {
    if (this.#running) {
      throw new LeashdError('bug', 'TURN_RUNNING', 'a second turn was started before the first had finished');
    }
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    const turn = { abort: new AbortController(), ended, end };
    this.#running = turn;
    this.#turns += 1;
    return this.#turn(input, turn);
  }

  async interrupt(): Promise<void> {
    this.#running?.abort.abort();
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    const turn = this.#running;
    if (!turn) return;
    turn.abort.abort();
    const patience = new AbortController();
    void turn.ended.then(() => patience.abort());
    await pause(this.#options.clock, CLOSE_DEADLINE_MS, patience.signal);
  }

  async *#turn(input: TurnInput, turn: RunningTurn): AsyncGenerator<AgentEvent> {
    const { clock } = this.#options;
    const startedAt = clock.monotonic();
    let outcome: TurnOutcome;
    try {
      yield { kind: 'started', agentSession: this.#session };
      outcome = this.#isOpen ? yield* this.#play(input, turn.abort.signal) : ended;
    } catch (fault) {
      outcome = { kind: 'failed', reason: `the script broke: ${messageOf(fault)}`, isResumeStale: false };
    } finally {
      // Here, so that it also happens when nobody listens to the end.
      this.#running = undefined;
      turn.end();
    }
    const durationMs = clock.monotonic() - startedAt;
    yield { kind: 'finished', outcome, agentSession: this.#session, costUsd: 0, durationMs };
  }

  async *#play({ text }: TurnInput, signal: AbortSignal): AsyncGenerator<AgentEvent, TurnOutcome> {
    const { script, directory, maxTurns } = this.#options;
    const steps = script({ number: this.#turns, text, directory });
    let result: StepResult = { kind: 'done', output: '' };
    let rounds = 0;
    for (;;) {
      if (signal.aborted) return { kind: 'interrupted' };
      const { value: step, done } = steps.next(result);
      if (done === true) return { kind: 'done' };
      if (step.kind === 'tool' && (rounds += 1) > maxTurns) return { kind: 'max-turns' };
      result = yield* step.kind === 'say' ? this.#say(step.text, signal) : this.#use(step, signal);
    }
  }

  async *#say(text: string, signal: AbortSignal): AsyncGenerator<AgentEvent, StepResult> {
    for (const [delta] of text.matchAll(/\S+\s*|\s+/g)) {
      await pause(this.#options.clock, this.#options.delayMs, signal);
      if (signal.aborted) break;
      yield { kind: 'text', delta };
    }
    yield { kind: 'text-end' };
    return { kind: 'done', output: '' };
  }

  async *#use(
    step: Extract<ScriptStep, { kind: 'tool' }>,
    signal: AbortSignal,
  ): AsyncGenerator<AgentEvent, StepResult> {
    const { directory, execute } = this.#options;
    const { tool, input } = step;
    const call: ToolCall = { id: newId<'CallId'>(), tool, input, directory };
    yield { kind: 'tool-started', callId: call.id, tool, summary: summaryOf(input, directory) };
    const verdict = await this.#ask(call, signal);
    const result: StepResult =
      verdict.kind === 'allow' && !signal.aborted
        ? await execute(call, signal)
        : { kind: 'denied', message: verdict.kind === 'deny' ? verdict.message : 'It was interrupted.' };
    yield { kind: 'tool-ended', callId: call.id, isError: result.kind !== 'done' };
    return result;
  }

  /** The gate's word; its silence and its faults are denials. */
  async #ask(call: ToolCall, signal: AbortSignal): Promise<Verdict> {
    const { gate, gateTimeoutMs, clock } = this.#options;
    const silence = new AbortController();
    const timer = clock.after(gateTimeoutMs, () => silence.abort());
    const unwanted = AbortSignal.any([signal, silence.signal]);
    try {
      return await Promise.race([gate(call, unwanted), denialOn(unwanted)]);
    } catch (fault) {
      return { kind: 'deny', message: `The gate failed: ${messageOf(fault)}.` };
    } finally {
      timer.cancel();
    }
  }
}

function denialOn(unwanted: AbortSignal): Promise<Verdict> {
  const denial: Verdict = { kind: 'deny', message: 'The gate gave no answer in time.' };
  return new Promise((resolve) => {
    if (unwanted.aborted) resolve(denial);
    else unwanted.addEventListener('abort', () => resolve(denial), { once: true });
  });
}

const ended: TurnOutcome = { kind: 'failed', reason: 'the conversation is closed', isResumeStale: false };
