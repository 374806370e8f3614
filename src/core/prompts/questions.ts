import { clip } from '../../util/clip.ts';
import { assertNever } from '../../util/assert-never.ts';
import { formatClock, formatDuration } from '../../util/figures.ts';
import { bold, concat, join, type RichText } from '../../util/rich-text.ts';
import type { AgentAnswer, AgentAnswers, AgentOption, AgentQuestion } from '../ports/agent.ts';
import type { ChatRef } from '../ports/chat.ts';
import type { Attachment } from '../ports/connector.ts';
import type { PromptAnswer, PromptRequest } from './prompt-request.ts';
import type { Prompts } from './prompts.ts';

export interface QuestionsOptions {
  readonly prompts: Prompts;
  /** Milliseconds that each question waits. */
  readonly timeoutMs: () => number;
}

/** Puts an agent's questions to the people of a chat, one after the other. Never rejects. */
export type PutQuestions = (
  chat: ChatRef,
  questions: readonly AgentQuestion[],
  signal: AbortSignal,
) => Promise<AgentAnswers>;

/** Where a question stands among those that came with it. */
type Place = { readonly number: number; readonly count: number };

/** Longer ones are cut on the button, and stand in full in the question. */
const LONGEST_ON_A_BUTTON = 60;
const LONGEST_SUBJECT = 100;
const OPTION = 'option-';

export function createQuestions({ prompts, timeoutMs: now }: QuestionsOptions): PutQuestions {
  return async (chat, questions, signal) => {
    const timeoutMs = now();
    const answers: AgentAnswer[] = [];
    for (const [index, question] of questions.entries()) {
      const place = { number: index + 1, count: questions.length };
      const answer = await prompts.ask(promptOf(chat, question, place, timeoutMs), signal);
      const said = saidIn(answer, question);
      if (said === undefined) return { kind: 'unanswered', reason: whyNot(answer, timeoutMs), answers };
      answers.push(said);
    }
    return { kind: 'answered', answers };
  };
}

function promptOf(chat: ChatRef, question: AgentQuestion, place: Place, timeoutMs: number): PromptRequest {
  const { options, isMultiple } = question;
  return {
    chat,
    body: bodyOf(question, place),
    attachment: previewsOf(options),
    choices: options.map(({ label }, index) => ({
      id: `${OPTION}${index + 1}`,
      label: clip(label, LONGEST_ON_A_BUTTON),
      key: String(index + 1),
    })),
    isMultiple: isMultiple && options.length > 0,
    textHint: isMultiple ? 'write your own answer; what is ticked goes with it' : 'write your own answer',
    takesAnyText: true,
    timeoutMs,
    subject: `Claude asks: ${clip(question.question, LONGEST_SUBJECT)}`,
    outcome: (answer, at) => outcomeLine(answer, at, question),
  };
}

function bodyOf({ question, header, options, isMultiple }: AgentQuestion, place: Place): RichText {
  const about = oneLine(header) === '' ? '' : ` · ${oneLine(header)}`;
  const head = `❓ Claude asks${place.count > 1 ? ` (${place.number} of ${place.count})` : ''}${about}`;
  const asked = concat(head, '\n\n', bold(question.trim()), isMultiple ? '\n(choose all that fit)' : '');
  const lines = options.map(({ label, description = '' }, index) =>
    concat(
      `${index + 1}. `,
      bold(oneLine(label)),
      description.trim() === '' ? '' : ` – ${description.trim()}`,
    ),
  );
  return lines.length === 0 ? asked : concat(asked, '\n\n', join(lines, '\n'));
}

function previewsOf(options: readonly AgentOption[]): Attachment | undefined {
  const previews = options.flatMap(({ label, preview }) =>
    preview === undefined || preview.trim() === '' ? [] : [`# ${label}\n\n${preview.trimEnd()}\n`],
  );
  return previews.length === 0 ? undefined : { fileName: 'options.md', content: previews.join('\n') };
}

/** Undefined: nobody answered. */
function saidIn(answer: PromptAnswer, { options }: AgentQuestion): AgentAnswer | undefined {
  if (answer.kind !== 'choice' && answer.kind !== 'text') return undefined;
  const chosen = answer.picked ?? (answer.kind === 'choice' ? [answer.choice] : []);
  const labels = options
    .filter((_, index) => chosen.includes(`${OPTION}${index + 1}`))
    .map(({ label }) => label);
  return answer.kind === 'text' ? [...labels, answer.text.trim()] : labels;
}

function whyNot(answer: PromptAnswer, timeoutMs: number): string {
  return answer.kind === 'cancelled' ? answer.reason : `nobody answered within ${formatDuration(timeoutMs)}`;
}

function outcomeLine(answer: PromptAnswer, at: number, question: AgentQuestion): string {
  const when = formatClock(at);
  switch (answer.kind) {
    case 'choice':
    case 'text':
      return `💬 ${answer.by.name}, ${when}: ${(saidIn(answer, question) ?? []).join(', ')}`;
    case 'timed-out':
      return `⌛ ${when}: nobody answered in time; Claude has been told`;
    case 'cancelled':
      return `⏹ Closed, ${when}: ${answer.reason}`;
    default:
      return assertNever(answer);
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
