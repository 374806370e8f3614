import type { ChatRef, InboundBody, MessageRef, PromptId } from '../../core/ports/chat.ts';
import type { PromptView } from '../../core/ports/connector.ts';
import type { Clock, Timer } from '../../util/clock.ts';
import type { Paint } from './paint.ts';
import { answersText, cardText, choicesText, readAnswer, type PromptReading } from './prompt-answer.ts';
import type { Screen } from './screen.ts';

// An answer that has not closed its question by then was not taken: ask again.
const ANSWER_PATIENCE_MS = 2_000;
// What comes sooner was not meant for this question: nobody has read it (a key pressed twice for the one before).
const LEAST_READING_MS = 500;

export interface PromptDeskOptions {
  readonly chat: ChatRef;
  readonly screen: Screen;
  readonly paint: Paint;
  readonly clock: Clock;
  readonly columns: () => number;
  /** Resolves once the answer was received. */
  readonly deliver: (body: InboundBody) => Promise<void>;
  /** The question that a line would answer has changed; undefined: a line is a message again. */
  readonly onAsked: (sign: string | undefined) => void;
}

type Question = {
  readonly message: MessageRef;
  view: PromptView;
  state: 'waiting' | 'asked' | 'answered';
  /** By the monotonic clock. */
  askedAtMs: number;
  askAgain?: Timer;
};

/** The open questions. A terminal has one line to answer in, so the oldest is asked and the others wait. */
export class PromptDesk {
  readonly #options: PromptDeskOptions;
  readonly #questions: Question[] = [];
  #shown = 0;
  #lastAnswer: { readonly line: string; readonly atMs: number } | undefined;

  constructor(options: PromptDeskOptions) {
    this.#options = options;
  }

  /** What a line would answer now. */
  get asked(): MessageRef | undefined {
    const [question] = this.#questions;
    return question?.state === 'asked' ? question.message : undefined;
  }

  get hasOpen(): boolean {
    return this.#questions.length > 0;
  }

  isOpen(prompt: PromptId): boolean {
    return this.#questions.some(({ view }) => view.id === prompt);
  }

  show(view: PromptView): MessageRef {
    const { chat, screen, paint } = this.#options;
    this.#shown += 1;
    const message = { chat, message: `prompt-${this.#shown}` };
    this.#questions.push({ message, view, state: 'waiting', askedAtMs: -Infinity });
    if (this.#questions.length === 1) this.#ask();
    else screen.print(paint.dim(`(${this.#questions.length - 1} more to answer after this)`));
    return message;
  }

  /** Other choices for a question. Harmless when it is not open. */
  update(message: string, view: PromptView): void {
    const question = this.#questions.find((each) => each.message.message === message);
    if (question?.view.id !== view.id) return;
    question.view = view;
    if (question.state === 'waiting') return;
    question.askAgain?.cancel();
    this.#askChoices(question);
  }

  /** Harmless when that question is not open; an earlier process may have numbered another one so. */
  close(message: string, prompt: PromptId, outcome: string): void {
    const at = this.#questions.findIndex(
      (question) => question.message.message === message && question.view.id === prompt,
    );
    const question = this.#questions[at];
    if (!question) return;
    question.askAgain?.cancel();
    this.#questions.splice(at, 1);
    const { screen, paint } = this.#options;
    const line = paint.plain(outcome);
    screen.print(
      question.state === 'waiting' ? `${paint.dim('A waiting question is closed:')} ${line}` : line,
    );
    if (at === 0) this.#ask();
  }

  /** Whether a line belongs to the question that is asked; then it is taken as its answer. */
  take(line: string): boolean {
    const [question] = this.#questions;
    if (!question || question.state === 'waiting') return this.#isEcho(line);
    const reading = readAnswer(question.view, line);
    // A key pressed twice is not a message.
    if (question.state === 'answered') return reading.kind === 'choice';
    if (reading.kind === 'empty') return true;
    const { screen, paint, clock } = this.#options;
    const isTooQuick = clock.monotonic() - question.askedAtMs < LEAST_READING_MS;
    if (isTooQuick) screen.print(paint.dim('(too quick: please answer again)'));
    else if (reading.kind === 'unclear')
      screen.print(paint.dim(`Please answer ${answersText(question.view)}.`));
    else {
      this.#lastAnswer = { line, atMs: clock.monotonic() };
      this.#answer(question, reading);
    }
    return true;
  }

  /** Whether it is the last answer once more, from a key pressed twice: then it is no message either. */
  #isEcho(line: string): boolean {
    const last = this.#lastAnswer;
    if (last?.line !== line) return false;
    return this.#options.clock.monotonic() - last.atMs < LEAST_READING_MS;
  }

  /** Forgets all questions; nothing is asked again. */
  stop(): void {
    for (const { askAgain } of this.#questions.splice(0)) askAgain?.cancel();
  }

  #answer(question: Question, reading: Extract<PromptReading, { kind: 'choice' | 'text' }>): void {
    const { view, message } = question;
    question.state = 'answered';
    this.#options.onAsked(undefined);
    const body: InboundBody =
      reading.kind === 'choice'
        ? { kind: 'tap', prompt: view.id, choice: reading.choice }
        : { kind: 'text', text: reading.text, replyTo: message.message };
    void this.#options.deliver(body).then(() => this.#watch(question));
  }

  #watch(question: Question): void {
    if (!this.#questions.includes(question) || question.state !== 'answered') return;
    question.askAgain = this.#options.clock.after(ANSWER_PATIENCE_MS, () => {
      question.state = 'waiting';
      this.#ask();
    });
  }

  #ask(): void {
    const [question] = this.#questions;
    if (!question) {
      this.#options.onAsked(undefined);
      return;
    }
    if (question.state !== 'waiting') return;
    const { screen, paint } = this.#options;
    screen.print(cardText(question.view, paint));
    this.#askChoices(question);
  }

  #askChoices(question: Question): void {
    const { paint, columns, clock } = this.#options;
    question.state = 'asked';
    question.askedAtMs = clock.monotonic();
    const choices = choicesText(question.view, paint, columns());
    this.#options.onAsked(choices.includes('\n') ? `${choices}\n› ` : `${choices} › `);
  }
}
