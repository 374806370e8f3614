import { createHash } from 'node:crypto';
import { assertNever } from '../../util/assert-never.ts';
import { formatClock, formatDuration } from '../../util/figures.ts';
import { newId } from '../../util/ids.ts';
import { bold, concat, plain, type RichText } from '../../util/rich-text.ts';
import type { ChatRef, Person, PromptId } from '../ports/chat.ts';
import { onlyApprovers, type ApproversOf } from './approvers.ts';
import type { PromptAnswer, PromptOption, PromptRequest } from './prompt-request.ts';
import type { Prompts } from './prompts.ts';

export interface PlanReviewOptions {
  readonly prompts: Prompts;
  /** Milliseconds that a plan waits. */
  readonly timeoutMs: () => number;
  /** Markdown as it is shown; must not throw. Left out: as it is written. */
  readonly render?: ((markdown: string) => RichText) | undefined;
  /** Whose word counts in that chat; left out, or undefined: that of everybody who may talk there. */
  readonly approversOf?: ApproversOf | undefined;
}

/** How an accepted plan is carried out: without asking for edits, in a fresh conversation or not, or edit by edit. */
export type PlanWay = 'afresh' | 'edits' | 'each';

export type PlanAnswer =
  | {
      readonly kind: 'accepted';
      readonly way: PlanWay;
      readonly by: Person;
      readonly prompt: PromptId;
      /** SHA-256, hexadecimal, of the plan that was shown. */
      readonly digest: string;
    }
  | { readonly kind: 'adjust'; readonly words: string }
  /** `reason`: a clause for the agent. */
  | { readonly kind: 'unanswered'; readonly reason: string };

/** Puts an agent's plan before the people of a chat. Never rejects. */
export type PutPlan = (chat: ChatRef, plan: string, signal: AbortSignal) => Promise<PlanAnswer>;

const WAYS: readonly (PromptOption & { readonly id: PlanWay; readonly said: string })[] = [
  {
    id: 'afresh',
    label: '✅ Edits, fresh context',
    key: 'f',
    said: 'edits without asking, in a fresh conversation',
  },
  { id: 'edits', label: '✅ Accept edits', key: 'e', said: 'edits without asking' },
  { id: 'each', label: '👀 Approve each edit', key: 'a', said: 'each edit is asked for' },
];
const ADJUST: PromptOption = { id: 'adjust', label: '✏️ Adjust', key: 'c' };
const BACK: PromptOption = { id: 'plan', label: '← Back to the plan', key: 'b' };

/** UTF-16 units of Markdown, and of what is shown; Telegram takes 4096 with all that belongs to the card. */
const LONGEST_SHOWN = 2600;
const LONGEST_BODY = 3200;
// Telegram leaves out what is beyond a hundred (Bot API, "Formatting options").
const MOST_SPANS = 90;
const LONGEST_QUOTE = 300;

export function createPlanReview(options: PlanReviewOptions): PutPlan {
  const { prompts } = options;
  return async (chat, plan, signal) => {
    const timeoutMs = options.timeoutMs();
    const digest = createHash('sha256').update(plan).digest('hex');
    for (;;) {
      const id = newId<'PromptId'>();
      const answer = await prompts.ask(
        { ...planPrompt(chat, plan, { ...options, timeoutMs }), id, digest },
        signal,
      );
      const way = WAYS.find((one) => answer.kind === 'choice' && answer.choice === one.id)?.id;
      if (way !== undefined && 'by' in answer)
        return { kind: 'accepted', way, by: answer.by, prompt: id, digest };
      const words = isAdjust(answer) ? await prompts.ask(wordsPrompt(chat, timeoutMs), signal) : answer;
      if (words.kind === 'text') return { kind: 'adjust', words: words.text.trim() };
      if (words.kind !== 'choice') return { kind: 'unanswered', reason: whyNot(words, timeoutMs) };
    }
  };
}

function planPrompt(
  chat: ChatRef,
  plan: string,
  { timeoutMs, render = plain, approversOf }: Omit<PlanReviewOptions, 'timeoutMs'> & { timeoutMs: number },
): PromptRequest {
  // An accepted plan lets edits pass unasked.
  const approvers = approversOf?.(chat);
  const readable = withoutInvisible(plan);
  const shown = cutAtLine(readable);
  const isWhole = shown === readable;
  const rendered = render(shown);
  const isShowable =
    rendered.text.length <= LONGEST_BODY && rendered.spans.length <= MOST_SPANS && showsAll(shown, rendered);
  return {
    chat,
    body: concat(
      bold('📋 Claude’s plan'),
      '\n\n',
      isShowable ? rendered : plain(shown),
      isWhole ? '' : '\n\n… The file above has all of it.',
    ),
    attachment: isWhole ? undefined : { fileName: 'plan.md', content: `${readable}\n` },
    choices: [...WAYS.map(({ id, label, key }) => ({ id, label, key })), ADJUST],
    textHint: 'write what is to be different',
    takesAnyText: true,
    timeoutMs,
    subject: 'Claude’s plan waits for your word',
    mayAnswer: onlyApprovers(chat, approversOf),
    whoMay: approvers && 'Only those who may approve can answer a plan',
    outcome: planOutcome,
  };
}

/** Asked for by a tap; who writes at once is not asked. */
function wordsPrompt(chat: ChatRef, timeoutMs: number): PromptRequest {
  return {
    chat,
    body: plain('✏️ What is to be different in the plan?'),
    choices: [BACK],
    textHint: 'write it; your next message goes to Claude',
    takesAnyText: true,
    timeoutMs,
    subject: 'What is to be different in Claude’s plan?',
    outcome: planOutcome,
  };
}

function planOutcome(answer: PromptAnswer, at: number): string {
  const when = formatClock(at);
  switch (answer.kind) {
    case 'choice': {
      const way = WAYS.find(({ id }) => id === answer.choice);
      if (way) return `✅ Accepted by ${answer.by.name}, ${when}: ${way.said}`;
      return answer.choice === ADJUST.id
        ? `✏️ ${answer.by.name}, ${when}: wants it changed`
        : `← ${answer.by.name}, ${when}: back to the plan`;
    }
    case 'text':
      return `✏️ ${answer.by.name}, ${when}: ${quote(answer.text)}`;
    case 'timed-out':
      return `⌛ ${when}: nobody answered in time; Claude stays in plan mode`;
    case 'cancelled':
      return `⏹ Closed, ${when}: ${answer.reason}`;
    default:
      return assertNever(answer);
  }
}

function isAdjust(answer: PromptAnswer): boolean {
  return answer.kind === 'choice' && answer.choice === ADJUST.id;
}

function whyNot(answer: PromptAnswer, timeoutMs: number): string {
  return answer.kind === 'cancelled' ? answer.reason : `nobody answered within ${formatDuration(timeoutMs)}`;
}

/** What can't be seen would be accepted unseen; the joiner alone, of which emoji are made, is left. */
function withoutInvisible(plan: string): string {
  return plan
    .replaceAll('\r\n', '\n')
    .replaceAll(
      /(?![\n\t\u200D])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
      (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`,
    );
}

/** Markdown has places for words that nobody sees: definitions, titles of links, what stands behind a fence. */
function showsAll(markdown: string, { text, spans }: RichText): boolean {
  const seen = new Map<string, number>();
  const styles = spans.map((span) =>
    span.kind === 'link' ? span.url : span.kind === 'pre' ? (span.language ?? '') : '',
  );
  for (const word of wordsIn([text, ...styles].join('\n'))) seen.set(word, (seen.get(word) ?? 0) + 1);
  for (const word of wordsIn(markdown)) {
    const left = seen.get(word) ?? 0;
    if (left === 0) return false;
    seen.set(word, left - 1);
  }
  return true;
}

function wordsIn(text: string): readonly string[] {
  return text.match(/[\p{L}\p{M}]{2,}/gu) ?? [];
}

/** Whole lines where that is possible, never half a character. */
function cutAtLine(plan: string): string {
  if (plan.length <= LONGEST_SHOWN) return plan;
  const cut = plan.slice(0, LONGEST_SHOWN);
  const line = cut.lastIndexOf('\n');
  return (line > LONGEST_SHOWN / 2 ? cut.slice(0, line) : cut.toWellFormed()).trimEnd();
}

function quote(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= LONGEST_QUOTE ? line : `${line.slice(0, LONGEST_QUOTE).toWellFormed()}…`;
}
