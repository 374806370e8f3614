import type { Clock, Timer } from '../../util/clock.ts';
import { formatDuration, formatUsd } from '../../util/figures.ts';
import type { Hide } from '../../util/hidden-values.ts';
import type { AgentEvent } from '../ports/agent.ts';
import type { Reply, ReplyState } from '../ports/connector.ts';

export interface ReplyStreamOptions {
  readonly openReply: () => Reply;
  readonly clock: Clock;
  /** False: what the agent says is shown when it is complete. */
  readonly isStreaming: boolean;
  /** Takes out of the agent's words what nobody is to read; left out: there is nothing of the kind. */
  readonly hide?: Hide | undefined;
}

type Figures = { readonly costUsd: number; readonly durationMs: number };

const ACTIVITY_PATIENCE_MS = 1000;

/**
 * Turns an agent's events into an answer that grows in place. Where a question to the person comes between, the
 * answer goes on in a new message below it: nobody looks for news above what they have just answered.
 */
export class ReplyStream {
  readonly #options: ReplyStreamOptions;
  readonly #hide: Hide;
  readonly #calls = new Map<string, { readonly tool: string; readonly summary: string }>();
  readonly #denied = new Set<string>();
  readonly #unseenDenials = new Map<string, { readonly tool: string; readonly rule: string }>();
  readonly #parts: string[] = [];
  #reply: Reply;
  #markdown = '';
  #isParagraphOpen = false;
  /** The calls that run now, and their lines; the newest last. */
  readonly #running = new Map<string, string>();
  #activity: string | undefined;
  #isShown = false;
  #timer: Timer | undefined;

  constructor(options: ReplyStreamOptions) {
    this.#options = options;
    this.#hide = options.hide ?? ((text) => text);
    this.#reply = options.openReply();
  }

  /** All that the agent has said so far. */
  get markdown(): string {
    return this.#hide([...this.#parts, this.#markdown].filter((part) => part !== '').join('\n\n'));
  }

  take(event: AgentEvent): void {
    switch (event.kind) {
      case 'text':
        this.#append(event.delta);
        this.#activity = undefined;
        break;
      case 'text-end':
        this.#isParagraphOpen = false;
        return;
      case 'tool-started':
        this.#isParagraphOpen = false;
        this.#begin({ ...event, summary: this.#hide(event.summary, true) });
        break;
      case 'tool-ended':
        if (!this.#endCall(event.callId)) return;
        break;
      case 'retrying':
        this.#activity = `⏳ ${event.reason}, trying again (${event.attempt})`;
        break;
      case 'started':
      case 'cost':
      case 'finished':
        return;
    }
    this.#showSoon();
  }

  /** Adds a remark of leashd's own under what the agent said. */
  note(markdown: string): void {
    this.#isParagraphOpen = false;
    this.#append(markdown);
    this.#isParagraphOpen = false;
  }

  /** A call that the gate refused; `rule` names why, where the person has not just decided it themselves. */
  deny(callId: string, tool: string, rule: string | undefined): void {
    this.#denied.add(callId);
    const wasShown = this.#activity !== undefined && this.#activity === this.#running.get(callId);
    this.#running.delete(callId);
    if (wasShown) this.#activity = this.#newestLine();
    if (rule === undefined) return;
    const call = this.#calls.get(callId);
    // The gate may be quicker than the event that says what the call is about.
    if (call) this.#noteDenial(call, rule);
    else this.#unseenDenials.set(callId, { tool, rule });
  }

  /** Ends the message here; what follows goes into a new one. Rejects as `finish` does. */
  async breakOff(): Promise<void> {
    this.#cancelTimer();
    const [ended, markdown] = [this.#reply, this.#markdown];
    this.#reply = this.#options.openReply();
    this.#parts.push(markdown);
    this.#markdown = '';
    this.#isParagraphOpen = false;
    this.#activity = undefined;
    this.#isShown = false;
    await ended.finish({ markdown: this.#hide(markdown) });
  }

  /** How the message ends that stands last. */
  last(figures: Figures): ReplyState {
    this.#cancelTimer();
    // Calls of subagents are told of by the gate alone.
    for (const { tool, rule } of this.#unseenDenials.values()) this.#noteDenial({ tool, summary: '' }, rule);
    this.#unseenDenials.clear();
    this.#cancelTimer();
    return { markdown: this.#hide(this.#markdown), status: this.#summary(figures) };
  }

  /** Delivers the last state. Rejects only when the connector gave it up for good. */
  finish(figures: Figures): Promise<void> {
    return this.#reply.finish(this.last(figures));
  }

  #begin({ callId, tool, summary }: Extract<AgentEvent, { kind: 'tool-started' }>): void {
    this.#calls.set(callId, { tool, summary });
    if (!this.#denied.has(callId)) {
      this.#activity = `🔧 ${tool}${summary === '' ? '' : `: ${summary}`}`;
      this.#running.set(callId, this.#activity);
    }
    const denial = this.#unseenDenials.get(callId);
    if (!denial) return;
    this.#unseenDenials.delete(callId);
    this.#noteDenial({ tool, summary }, denial.rule);
  }

  /**
   * True when the line changed: another call still runs. The last one's stays until something follows, as the
   * next call mostly does at once.
   */
  #endCall(callId: string): boolean {
    const line = this.#running.get(callId);
    this.#running.delete(callId);
    const newest = this.#newestLine();
    if (line === undefined || newest === undefined || line !== this.#activity) return false;
    this.#activity = newest;
    return newest !== line;
  }

  #newestLine(): string | undefined {
    return [...this.#running.values()].at(-1);
  }

  #noteDenial({ tool, summary }: { readonly tool: string; readonly summary: string }, rule: string): void {
    const what = `${tool}${summary === '' ? '' : `: ${summary}`}`.replaceAll('`', "'");
    this.note(`⛔ \`${what}\` (${rule})`);
    this.#showSoon();
  }

  #append(text: string): void {
    if (!this.#isParagraphOpen && this.#markdown !== '') this.#markdown = `${this.#markdown.trimEnd()}\n\n`;
    this.#isParagraphOpen = true;
    this.#markdown += text;
  }

  /** Words at once; a mere sign of activity only when it lasts, so that no message comes up just to go again. */
  #showSoon(): void {
    if (!this.#options.isStreaming) return;
    if (this.#isShown || this.#markdown !== '') {
      this.#show();
      return;
    }
    this.#timer ??= this.#options.clock.after(ACTIVITY_PATIENCE_MS, () => this.#show());
  }

  #cancelTimer(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #show(): void {
    this.#cancelTimer();
    this.#isShown = true;
    this.#reply.show({ markdown: this.#hide(this.#markdown, true), status: this.#activity });
  }

  #summary(figures: Figures): string {
    const counts = new Map<string, number>();
    for (const [id, { tool }] of this.#calls) {
      if (!this.#denied.has(id)) counts.set(tool, (counts.get(tool) ?? 0) + 1);
    }
    const tools = [...counts].map(([tool, count]) => (count === 1 ? tool : `${tool} ×${count}`));
    const parts = [
      ...(tools.length === 0 ? [] : [`🧰 ${tools.join(', ')}`]),
      ...(figures.costUsd > 0 ? [formatUsd(figures.costUsd)] : []),
      formatDuration(figures.durationMs),
    ];
    return parts.join(' · ');
  }
}
