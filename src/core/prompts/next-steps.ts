import type { Log } from '../../util/log.ts';
import { code, concat, join, plain, type RichText } from '../../util/rich-text.ts';
import type { Invocation, NextStep } from '../commands/command.ts';
import { OwnedWork } from '../owned-work.ts';
import { chatKey, type ChatKey, type Person } from '../ports/chat.ts';
import type { Attachment } from '../ports/connector.ts';
import type { PromptAnswer, PromptOption } from './prompt-request.ts';

/** An answer with buttons that lead on from it. */
export type Offered = {
  readonly body: RichText;
  readonly steps: readonly NextStep[];
  readonly attachment?: Attachment | undefined;
};

export interface NextStepsOptions {
  readonly log: Log;
  /** Runs a step as that person, with the checks of a typed command. Must not reject. */
  readonly runStep: (step: NextStep, from: Invocation, by: Person) => Promise<void>;
}

/** UTF-16 units that surely stand in one message with its buttons. */
const LONGEST_BODY = 3400;
/** Nobody's work waits for a tap; and a day later nobody remembers what it was about. */
const TIMEOUT_MS = 24 * 60 * 60 * 1000;

/**
 * Answers that say what may come next. At most one a chat has its buttons: a new one takes them off the one before. A
 * button is good for one tap.
 */
export class NextSteps {
  readonly #options: NextStepsOptions;
  readonly #open = new Map<ChatKey, AbortController>();
  readonly #waiting: OwnedWork;
  readonly #running: OwnedWork;

  constructor(options: NextStepsOptions) {
    this.#options = options;
    this.#waiting = new OwnedWork(options);
    this.#running = new OwnedWork(options);
  }

  /** Resolves once it was said, or is on its way with its buttons; never waits for a tap. */
  async offer(from: Invocation, { body, steps, attachment }: Offered): Promise<void> {
    const { chat } = from.inbound;
    if (steps.length === 0) await from.say(body, attachment);
    else if (!from.services.prompts.canAskAside(chat)) await from.say(inWords(body, steps), attachment);
    else if (body.text.length <= LONGEST_BODY || attachment) this.#show(from, { body, steps, attachment });
    else {
      await from.say(body);
      this.#show(from, { body: plain('What next?'), steps });
    }
  }

  /** Resolves when no step runs any more. */
  settled(): Promise<void> {
    return this.#running.settled();
  }

  #show(from: Invocation, offered: Offered): void {
    const key = chatKey(from.inbound.chat);
    this.#open.get(key)?.abort();
    const abort = new AbortController();
    this.#open.set(key, abort);
    this.#waiting.own('offer next steps', this.#ask(from, offered, abort));
  }

  async #ask(
    from: Invocation,
    { body, steps, attachment }: Offered,
    { signal }: AbortController,
  ): Promise<void> {
    const { prompts, mayApprove } = from.services;
    const { chat } = from.inbound;
    const answer = await prompts.ask(
      {
        chat,
        body,
        attachment,
        choices: steps.map(buttonOf),
        isAside: true,
        isAnswer: true,
        timeoutMs: TIMEOUT_MS,
        mayAnswer: (person, choice) => stepOf(steps, choice)?.isReading === true || mayApprove(chat, person),
        whoMay: 'Only those who may approve can do that',
        outcome: (given) => outcomeLine(given, steps),
        told: (given) => outcomeLine(given, steps) || 'A newer answer has taken these buttons’ place.',
      },
      signal,
    );
    if (this.#open.get(chatKey(chat))?.signal === signal) this.#open.delete(chatKey(chat));
    if (answer.kind !== 'choice') return;
    const step = stepOf(steps, answer.choice);
    if (step) this.#running.own(step.typed, this.#options.runStep(step, from, answer.by));
  }
}

function buttonOf({ label, confirm }: NextStep, index: number): PromptOption {
  return { id: `s${index}`, label, key: String(index + 1), confirm };
}

/** `sure-s1`: the second tap on a button that asks for one. */
function stepOf(steps: readonly NextStep[], choice: string | undefined): NextStep | undefined {
  const [, index] = /^(?:sure-)?s(\d+)$/.exec(choice ?? '') ?? [];
  return index === undefined ? undefined : steps[Number(index)];
}

function outcomeLine(answer: PromptAnswer, steps: readonly NextStep[]): string {
  if (answer.kind !== 'choice') return '';
  return `👉 ${answer.by.name}: ${stepOf(steps, answer.choice)?.label ?? answer.choice}`;
}

function inWords(body: RichText, steps: readonly NextStep[]): RichText {
  const typed = [...new Set(steps.map((step) => step.typed))];
  return concat(
    body,
    '\n\nNext: ',
    join(
      typed.map((words) => code(words)),
      ', ',
    ),
  );
}
