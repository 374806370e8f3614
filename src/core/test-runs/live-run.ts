import { newId } from '../../util/ids.ts';
import type { RichText } from '../../util/rich-text.ts';
import type { CoreContext } from '../context.ts';
import { OwnedWork } from '../owned-work.ts';
import type { AgentEvent } from '../ports/agent.ts';
import type { ChatRef } from '../ports/chat.ts';
import type { PromptView } from '../ports/connector.ts';
import type { TestRun, TestStanding } from '../ports/test-workflow.ts';
import { PromptCard } from '../prompts/prompt-card.ts';
import { headline, progressBody } from './test-words.ts';

export interface LiveRunOptions extends CoreContext {
  readonly chat: ChatRef;
  readonly run: TestRun;
}

/**
 * One message that says where a run stands, changed in its place. It is a message without buttons, not a reply: replies
 * may be drafts, of which a chat shows one. Where messages can't be changed, each phase is told in a line.
 */
export class LiveRun {
  readonly #options: LiveRunOptions;
  readonly #card: PromptCard;
  readonly #id = newId<'PromptId'>();
  readonly #work: OwnedWork;
  readonly #canChange: boolean;
  #body: RichText;
  #shown: string;

  constructor(options: LiveRunOptions) {
    const { chat, run, connectorOf, log } = options;
    const connector = connectorOf(chat);
    this.#options = options;
    this.#work = new OwnedWork(options);
    this.#canChange = connector.canPrompt && connector.asksOneByOne !== true;
    const standing = run.progress();
    this.#body = progressBody(run.phases, standing);
    this.#shown = keyOf(standing, this.#headline(standing));
    this.#card = new PromptCard({
      chat,
      connector,
      log,
      inTurn: (show) => show(),
      viewToShow: () => this.#view,
      onShown: () => Promise.resolve(),
      onFailed: () => {},
    });
    this.#show(standing);
  }

  /** Looks at the session file where a tool may have changed it. */
  take(event: AgentEvent): void {
    if (event.kind !== 'tool-ended') return;
    const { run } = this.#options;
    const standing = run.progress();
    const key = keyOf(standing, this.#headline(standing));
    if (key === this.#shown) return;
    const isNext = !this.#shown.startsWith(`${this.#headline(standing)}\n`);
    this.#shown = key;
    this.#body = progressBody(run.phases, standing);
    if (this.#canChange || isNext) this.#show(standing);
  }

  /** Its last words. Resolves once they are to be seen; rejects where a message can't be delivered. */
  async end(body: RichText, outcome: string): Promise<void> {
    const { chat, connectorOf } = this.#options;
    await this.#work.settled();
    this.#body = body;
    if (this.#canChange && this.#card.message) await this.#card.close(this.#view, outcome);
    else await connectorOf(chat).send(chat, { content: body });
  }

  #headline(standing: TestStanding): string {
    return headline(this.#options.run.phases, standing);
  }

  #show(standing: TestStanding): void {
    const { chat, connectorOf } = this.#options;
    const content = { text: this.#headline(standing), spans: [] };
    const showing = this.#canChange ? this.#card.show(this.#view) : connectorOf(chat).send(chat, { content });
    this.#work.own('say where a test run stands', showing);
  }

  get #view(): PromptView {
    return { id: this.#id, body: this.#body, choices: [] };
  }
}

/** What of it can be seen. */
function keyOf({ states, results }: TestStanding, title: string): string {
  return `${title}\n${JSON.stringify([states, results])}`;
}
