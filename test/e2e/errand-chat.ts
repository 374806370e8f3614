import { join } from 'node:path';
import { assertNever } from '../../src/util/assert-never.ts';
import type { ChatHandle } from '../fixtures/bot-api/chat-handle.ts';
import type { SeenMessage } from '../fixtures/bot-api/messages.ts';
import type { Person, Tap } from '../fixtures/bot-api/person.ts';
import { answersTo, beginningOf, endOf, unmarked } from '../fixtures/books/answers.ts';
import { approvalsOf, timesWritten } from '../fixtures/books/tool-runs.ts';
import { text, useTool, type Reply } from '../fixtures/messages-api/reply.ts';
import type { RecordedRequest } from '../fixtures/messages-api/request.ts';
import type { Rig } from './rig.ts';
import { labels } from './talk.ts';

/** How far an errand has come when leashd is killed. */
export type Stage =
  /** Claude is asked, and has not answered. */
  | 'thinking'
  /** The card stands there, and nobody has tapped. */
  | 'card'
  | 'tapped'
  /** The command has had its effect, and goes on. */
  | 'running'
  /** Claude knows how the command ended, and has not answered. */
  | 'reported'
  /** The answer is being written. */
  | 'streaming'
  /** The answer is on its way to Telegram, which has not got it. */
  | 'sending'
  /** Telegram has got it, and leashd does not know. */
  | 'sent';

export type Errand = {
  /** Occurs in all that is said about it. */
  readonly name: string;
  /** Where it stops until leashd is killed; absent: nowhere. */
  readonly stage: Stage | undefined;
  /** What the person says when asked whether to go on with it. */
  readonly isToBeDropped: boolean;
  /** Its answer grows in messages, not in drafts, and Claude says something before it asks. */
  readonly isInMessages: boolean;
  /** At its stage, in the model's hands. */
  isHeld: boolean;
  calls: number;
};

const MOST_CALLS = 6;

/**
 * A chat with a person and a model who act by themselves: they send Claude on errands, one after the other. Each errand
 * is to append its name to a file once, with the person's approval, and to be answered once.
 */
export class ErrandChat {
  readonly errands: Errand[] = [];
  readonly chat: ChatHandle;
  readonly #rig: Rig;
  readonly #person: Person;
  readonly #word: string;
  readonly #tapped = new Set<number>();
  /** Since the last errand was given. */
  #newTaps: Tap[] = [];
  /** Resolves when leashd was killed, and nothing is held any more. */
  #killed = Promise.withResolvers<void>();
  #isKilled = false;

  /** `number`: no other chat's. */
  constructor(rig: Rig, person: Person, number: number) {
    this.#rig = rig;
    this.#person = person;
    this.chat = person.chat;
    this.#word = `errand-${number}-`;
    const where = (params: Readonly<Record<string, unknown>>): boolean =>
      Number(params['chat_id']) === person.id && this.errands.at(-1)?.isInMessages === true;
    rig.telegram.failNext('sendMessageDraft', { where, status: 500, times: 100_000 });
    rig.model.on(
      ({ kind, body }) => kind === 'main' && JSON.stringify(body.messages).includes(this.#word),
      (request) => this.#reply(request),
    );
  }

  send(stage?: Stage, isToBeDropped = false, isInMessages = false): Errand {
    const name = `${this.#word}${this.errands.length + 1}`;
    const errand: Errand = { name, stage, isToBeDropped, isInMessages, isHeld: false, calls: 0 };
    this.errands.push(errand);
    this.#newTaps = [];
    this.#isKilled = false;
    this.#killed = Promise.withResolvers();
    if (stage === 'sending' || stage === 'sent') {
      const held = { drop: 'before', delayMs: 20_000 } as const;
      const where = (params: Readonly<Record<string, unknown>>): boolean => isAnswerTo(errand, params);
      this.#rig.telegram.failNext('*', { where, ...(stage === 'sending' ? held : { drop: 'after' }) });
    }
    this.#person.send(`${name}: do it`);
    return errand;
  }

  /** Nothing is held any more. */
  killed(): void {
    this.#isKilled = true;
    this.#killed.resolve();
  }

  /** Taps what is to be tapped; each button row once. */
  act(): void {
    for (const message of this.chat.messages()) {
      if (message.keyboard.length === 0 || this.#tapped.has(message.id)) continue;
      const label = this.#choiceFor(message);
      if (label === undefined) continue;
      this.#tapped.add(message.id);
      this.#newTaps.push(this.#person.tap(label, { message: message.id }));
    }
  }

  hasReachedStage(): boolean {
    const errand = this.errands.at(-1);
    if (errand === undefined) return false;
    switch (errand.stage) {
      case undefined:
        return true;
      case 'thinking':
      case 'reported':
        return errand.isHeld;
      case 'card':
        return this.chat.messages().some((message) => labels(message).includes('✅ Approve'));
      case 'tapped':
        return this.#newTaps.length > 0 && this.#newTaps.every((tap) => tap.answer() !== undefined);
      case 'running':
        return this.timesDone(errand) > 0;
      case 'streaming':
        return [...this.chat.messages(), ...this.chat.drafts()].some(({ text: words }) =>
          words.includes(beginningOf(errand.name)),
        );
      case 'sending':
        return this.#rig.telegram
          .calls()
          .some(({ params, status }) => status === undefined && isAnswerTo(errand, params));
      case 'sent':
        return this.answersTo(errand).length > 0;
      default:
        return assertNever(errand.stage);
    }
  }

  /** The person has what they wanted, or said that they want it no more. */
  isSettled(): boolean {
    return this.errands.every((errand) => this.answersTo(errand).length > 0 || this.isDropped(errand));
  }

  isDropped({ name, isToBeDropped }: Errand): boolean {
    return (
      isToBeDropped &&
      this.chat
        .messages()
        .some(({ text: words }) => words.includes(`${name}:`) && words.includes('🗑 Dropped'))
    );
  }

  answersTo({ name }: Errand): readonly SeenMessage[] {
    return answersTo(name, this.chat.messages());
  }

  timesDone({ name }: Errand): number {
    return timesWritten(join(this.#rig.project, this.#file), name);
  }

  /** What is wrong in the books; leashd has ended. */
  faults(): readonly string[] {
    const open = this.chat.messages().filter(({ keyboard }) => keyboard.length > 0);
    return [
      ...this.errands.flatMap((errand) => this.#faultsOf(errand)),
      ...open.map(({ text: words }) => `still open: ${words}`),
    ];
  }

  #faultsOf(errand: Errand): readonly string[] {
    const { name, stage = 'any time', isToBeDropped } = errand;
    const answers = this.answersTo(errand);
    const done = this.timesDone(errand);
    const approved = approvalsOf(this.#rig.auditLines(), `call-${name}-`);
    const faults: string[] = [];
    const unsaid = unmarked(answers).length;
    if (unsaid > 1) faults.push(`was answered ${unsaid} times`);
    if (answers.length === 0 && !this.isDropped(errand)) faults.push('was not answered');
    if (answers.length > 0 && this.isDropped(errand)) faults.push('was dropped, and answered');
    if (done > 1) faults.push(`was done ${done} times`);
    if (answers.length > 0 && done === 0) faults.push('was reported as done, and was not');
    if (done > approved.length) faults.push('was done without approval');
    const how = isToBeDropped ? `${stage}, to be dropped` : stage;
    return faults.map((fault) => `${name} (${how}) ${fault}`);
  }

  get #file(): string {
    return `${this.#word}ledger.txt`;
  }

  #choiceFor(message: SeenMessage): string | undefined {
    const shown = labels(message);
    const errand = this.errands.findLast(({ name }) => message.text.includes(name)) ?? this.errands.at(-1);
    if (shown.includes('✅ Approve')) return errand && this.#holds(errand, 'card') ? undefined : '✅ Approve';
    if (shown.includes('▶️ Resume')) return errand?.isToBeDropped === true ? '🗑 Drop' : '▶️ Resume';
    return shown.includes('⏳ Wait') ? '⏳ Wait' : undefined;
  }

  #holds({ stage }: Errand, at: Stage): boolean {
    return stage === at && !this.#isKilled;
  }

  /** A model that looks at what was done already, as it is told to after a crash. */
  async #reply({ body }: RecordedRequest): Promise<Reply> {
    const said = JSON.stringify(body.messages);
    const errand = this.errands.findLast(({ name }) => new RegExp(`${name}(?!\\d)`).test(said));
    if (errand === undefined) return text('There is no such errand.');
    const isDone = this.timesDone(errand) > 0;
    if (this.#holds(errand, isDone ? 'reported' : 'thinking')) {
      errand.isHeld = true;
      await this.#killed.promise;
      return text('Nobody is there to hear this.');
    }
    if (isDone) {
      const pause = { afterDeltas: 3, until: this.#killed.promise };
      const isHeld = this.#holds(errand, 'streaming');
      return text(`${beginningOf(errand.name)}, ${'and so on, '.repeat(8)}${endOf(errand.name)}`, {
        chunkSize: 20,
        delayMs: 15,
        pause: isHeld ? pause : undefined,
      });
    }
    // What a Claude without its leashd is told.
    if (JSON.stringify(body.messages.at(-1)).includes('"is_error":true')) return text('Then not.');
    errand.calls += 1;
    if (errand.calls > MOST_CALLS) return text(`I give up on ${errand.name}.`);
    const command = `echo ${errand.name} >> ${this.#file}${this.#holds(errand, 'running') ? ' && sleep 3' : ''}`;
    const id = `call-${errand.name}-${errand.calls}`;
    return useTool(
      'Bash',
      { command },
      { id, ...(errand.isInMessages ? { words: 'It is to be written down.' } : {}) },
    );
  }
}

/** With its figures, not one that still grows. */
function isAnswerTo(errand: Errand, { text: words }: Readonly<Record<string, unknown>>): boolean {
  return typeof words === 'string' && words.includes(endOf(errand.name)) && words.includes('🧰');
}
