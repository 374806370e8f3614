import { messageOf } from '../../errors.ts';
import { assertNever } from '../../util/assert-never.ts';
import type { Clock } from '../../util/clock.ts';
import { formatClock, formatUsd } from '../../util/figures.ts';
import { newId } from '../../util/ids.ts';
import type { Log } from '../../util/log.ts';
import { plain, type RichText } from '../../util/rich-text.ts';
import { stopWords, type Budgets } from './budgets.ts';
import type { RunTurn, TextInbound } from '../queue/chat-queue.ts';
import { quote } from '../queue/cut-off-turns.ts';
import type { OwnedWork } from '../owned-work.ts';
import { chatKey, type ChatKey, type ChatRef, type Person, type PromptId } from '../ports/chat.ts';
import type { Inbox } from '../ports/store.ts';
import { onlyApprovers } from '../prompts/approvers.ts';
import type { PromptAnswer, PromptOption, PromptRequest } from '../prompts/prompt-request.ts';
import type { Prompts } from '../prompts/prompts.ts';
import type { BudgetStop } from './spending.ts';

export interface BudgetStopsOptions {
  readonly budgets: Budgets;
  readonly prompts: Prompts;
  readonly inbox: Inbox;
  readonly work: OwnedWork;
  readonly clock: Clock;
  readonly log: Log;
  /** Puts them into the chat's queue, to go as one turn, which finishes them. */
  readonly submit: (chat: ChatRef, texts: readonly TextInbound[]) => void;
  /** Says it where nobody can be asked. */
  readonly say: (chat: ChatRef, markdown: string) => void;
}

/** What a budget holds back in a chat until the person says so. */
type Stop = {
  readonly id: PromptId;
  readonly chat: ChatRef;
  /** `message`: what they sent, and Claude never saw. `turn`: that a turn goes on. */
  readonly kind: 'message' | 'turn';
  readonly texts: TextInbound[];
  readonly why: BudgetStop;
  readonly abort: AbortController;
  ending: Ending | undefined;
  /** The question never came through, so nobody will answer it. */
  isUnasked: boolean;
};

/** Why the question closed without an answer, and what becomes of the texts where that is not their end. */
type Ending = { readonly words: string; readonly texts: 'finish' | 'keep' };

const GO_ON = 'Go on where you stopped.';
const GO_ON_ID = 'go-on';
const TIMEOUT_MS = 7 * 24 * 60 * 60 * 1000;
const KEPT: Ending = { words: '⏹ leashd was stopped; it asks again when it is back', texts: 'keep' };
const TAKEN: Ending = { words: '▶️ Claude has it', texts: 'keep' };
const PASSED: Ending = {
  words: '⏭ Passed over: you sent something else. “Go on” takes it up',
  texts: 'finish',
};

/**
 * Stands between a chat's queue and its turns: what the day's budget has nothing left for waits for the person's word,
 * and so does going on with a turn that was stopped at a budget. All of it is in the inbox until then.
 */
export class BudgetStops {
  readonly #options: BudgetStopsOptions;
  readonly #stops = new Map<ChatKey, Stop>();
  #isStopping = false;

  constructor(options: BudgetStopsOptions) {
    this.#options = options;
  }

  /** Runs the turn, now or when the person says so. Resolves when the chat is free for the next one; never rejects. */
  async run(chat: ChatRef, texts: readonly TextInbound[], runTurn: RunTurn): Promise<void> {
    const { budgets, log, work } = this.#options;
    if (!budgets.isOn) {
      await runTurn(texts);
      return;
    }
    let why: BudgetStop | undefined;
    try {
      why = await budgets.dayStop();
    } catch (fault) {
      const reason = messageOf(fault);
      log.error('spend_not_read', { chat: chatKey(chat), reason });
      this.#refuse(
        chat,
        texts,
        `What was spent today can't be read (${reason}). Send it again to try once more.`,
      );
      return;
    }
    if (why) {
      this.#hold(chat, texts, why);
      return;
    }
    const held = this.#takeHeld(chat);
    // What brings rules of its own goes alone.
    const isApart = held.length > 0 && [...held, ...texts].some(({ modeWork }) => modeWork !== undefined);
    if (isApart) await runTurn(held);
    await runTurn(isApart ? texts : [...held, ...texts]);
    const stop = budgets.takeStop(chat);
    // What such a turn did goes on in the same mode.
    const first = texts.findLast(({ modeWork }) => modeWork !== undefined) ?? texts[0];
    if (stop && first) work.own('offer to go on', this.#offer(first, stop));
  }

  /** What waits for the person's word in the chat is dropped; `words` say so. */
  close(chat: ChatRef, words: string): void {
    const stop = this.#stops.get(chatKey(chat));
    if (stop) this.#end(stop, { words, texts: 'finish' });
  }

  /** leashd stops: they are asked about again at its next start. */
  keepAll(): void {
    this.#isStopping = true;
    for (const stop of this.#stops.values()) this.#end(stop, KEPT);
  }

  #end(stop: Stop, ending: Ending): void {
    this.#forget(stop);
    stop.ending = ending;
    stop.abort.abort();
    if (stop.isUnasked && ending.texts === 'finish')
      this.#options.work.own('pass over what a budget held', this.#finish(stop.texts));
  }

  /** The day has something left again: what it held goes with what comes now. */
  #takeHeld(chat: ChatRef): readonly TextInbound[] {
    const stop = this.#stops.get(chatKey(chat));
    if (stop) this.#end(stop, stop.kind === 'message' ? TAKEN : PASSED);
    return stop?.kind === 'message' ? stop.texts : [];
  }

  /** Asks about them, together with what waits already. */
  #hold(chat: ChatRef, texts: readonly TextInbound[], why: BudgetStop): void {
    const { prompts } = this.#options;
    if (this.#isStopping) return;
    const open = this.#stops.get(chatKey(chat));
    const held = open?.kind === 'message' ? open.texts : [];
    if (open?.kind === 'message' && prompts.reword(open.id, heldBody([...held, ...texts], why))) {
      held.push(...texts);
      return;
    }
    if (open?.kind === 'turn') this.#end(open, PASSED);
    if (prompts.canAsk(chat)) {
      const unasked = open?.isUnasked === true ? held : [];
      this.#ask({ ...newStop(chat, why), kind: 'message', texts: [...unasked, ...texts] });
    } else this.#refuse(chat, texts, `${usedUpWords(why)}. Send it again tomorrow.`);
  }

  async #offer({ chat, person, isPrivate, modeWork }: TextInbound, why: BudgetStop): Promise<void> {
    const { prompts, inbox, clock } = this.#options;
    // The answer has said what to send to go on.
    if (this.#isStopping || !prompts.canAskAside(chat)) return;
    const id = newId<'InboundId'>();
    const told = { chat, person, isPrivate, receivedAt: clock.now() };
    const stop: Stop = {
      ...newStop(chat, why),
      kind: 'turn',
      texts: [{ ...told, id, kind: 'text', text: GO_ON, modeWork }],
    };
    // First, so that whatever the queue runs next passes it over.
    this.#stops.set(chatKey(chat), stop);
    for (const text of stop.texts) await inbox.add(text, 'started');
    if (stop.ending === undefined) this.#ask(stop);
    else if (stop.ending.texts === 'finish') await this.#finish(stop.texts);
  }

  #ask(stop: Stop): void {
    this.#stops.set(chatKey(stop.chat), stop);
    this.#options.work.own('ask about a budget', this.#answer(stop));
  }

  async #answer(stop: Stop): Promise<void> {
    const { prompts, budgets } = this.#options;
    const answer = await prompts.ask(requestOf(stop, budgets), stop.abort.signal);
    if (answer.kind === 'cancelled' && !stop.ending) {
      stop.isUnasked = true;
      return;
    }
    // What was dropped, or has gone on, in the moment of the tap stays so.
    if (answer.kind === 'choice' && answer.choice === GO_ON_ID && !stop.ending) {
      await this.#goOn(stop, answer.by);
      return;
    }
    this.#forget(stop);
    if (stop.ending?.texts !== 'keep') await this.#finish(stop.texts);
  }

  async #goOn(stop: Stop, by: Person): Promise<void> {
    const { chat, kind, texts, why } = stop;
    const { budgets, submit, say, log } = this.#options;
    let fault: unknown;
    try {
      if (why.budget === 'day') await budgets.raiseDay(chat, by);
    } catch (caught) {
      fault = caught;
      log.error('budget_not_raised', { chat: chatKey(chat), reason: messageOf(fault) });
      say(chat, `⚠️ That could not be written down (${messageOf(fault)}), so the budget was not raised.`);
    }
    // Meanwhile they may have been dropped, or gone with another message.
    if (stop.ending) {
      if (stop.ending.texts === 'finish') await this.#finish(texts);
      return;
    }
    this.#forget(stop);
    // And more may have come, to be held behind them.
    if (fault === undefined) submit(chat, [...texts, ...this.#takeHeld(chat)]);
    else this.#ask({ ...newStop(chat, why), kind, texts });
  }

  #forget(stop: Stop): void {
    if (this.#stops.get(chatKey(stop.chat)) === stop) this.#stops.delete(chatKey(stop.chat));
  }

  #refuse(chat: ChatRef, texts: readonly TextInbound[], words: string): void {
    const { say, work } = this.#options;
    say(chat, `⏸ ${words}`);
    work.own('finish what was not taken', this.#finish(texts));
  }

  async #finish(texts: readonly TextInbound[]): Promise<void> {
    await this.#options.inbox.finish(texts.map(({ id }) => id));
  }
}

function newStop(chat: ChatRef, why: BudgetStop): Omit<Stop, 'kind' | 'texts'> {
  const abort = new AbortController();
  return { id: newId<'PromptId'>(), chat, why, abort, ending: undefined, isUnasked: false };
}

function requestOf(stop: Stop, budgets: Budgets): PromptRequest {
  const { id, chat, kind, texts, why } = stop;
  // Another turn is anybody's to ask for; more than the day's budget is not.
  const approvers = why.budget === 'day' ? budgets.approversOf(chat) : undefined;
  return {
    id,
    chat,
    body: kind === 'message' ? heldBody(texts, why) : plain(`⏸ Claude was stopped: ${stopWords(why)}.`),
    choices: choicesOf(kind, why, budgets),
    isAside: true,
    isListed: true,
    timeoutMs: TIMEOUT_MS,
    mayAnswer: onlyApprovers(chat, (of) => (why.budget === 'day' ? budgets.approversOf(of) : undefined)),
    whoMay: approvers && 'Only those who may approve can raise the budget',
    outcome: (given, at) => outcomeLine(given, at, stop),
  };
}

function choicesOf(kind: Stop['kind'], why: BudgetStop, budgets: Budgets): readonly PromptOption[] {
  const more = why.budget === 'turn' ? budgets.perTurnUsd : budgets.perDayUsd;
  const today = why.budget === 'day' ? ' today' : '';
  return [
    { id: GO_ON_ID, label: `▶️ Go on for another ${formatUsd(more ?? why.limitUsd)}${today}`, key: 'g' },
    { id: 'stop', label: kind === 'turn' ? '⏹ Stop here' : '🌙 Not today', key: 'n' },
  ];
}

function heldBody(texts: readonly TextInbound[], why: BudgetStop): RichText {
  const [first] = texts;
  const others = texts.length > 1 ? ` and ${texts.length - 1} more` : '';
  const what = first ? `${quote(first)}${others}` : 'Your message';
  const waits = texts.length > 1 ? 'wait; Claude has not seen them' : 'waits; Claude has not seen it';
  return plain(`⏸ ${usedUpWords(why)}.\n${what} ${waits}.`);
}

function usedUpWords({ spentUsd, limitUsd }: BudgetStop): string {
  return `Today's budget is used up: ${formatUsd(spentUsd)} of ${formatUsd(limitUsd)} (LEASHD_MAX_COST_USD_PER_DAY)`;
}

function outcomeLine(answer: PromptAnswer, at: number, { kind, ending }: Stop): string {
  switch (answer.kind) {
    case 'choice': {
      const no = kind === 'turn' ? '⏹ Stopped' : '🌙 Not sent to Claude: not today, said';
      const by = `${answer.by.name}, ${formatClock(at)}`;
      if (answer.choice === GO_ON_ID) return `▶️ Went on: ${by}`;
      return kind === 'turn' ? `${no} by ${by}` : `${no} ${by}`;
    }
    case 'cancelled':
      return ending?.words ?? `⏹ ${answer.reason}`;
    case 'text':
    case 'timed-out':
      return kind === 'turn'
        ? '⌛ Nobody answered. Send “go on” to take it up'
        : '⌛ Nobody answered. Not sent to Claude';
    default:
      return assertNever(answer);
  }
}
