import type { CanUseTool } from '@anthropic-ai/claude-agent-sdk';
import { z } from 'zod';
import type { AgentAnswer, AgentAnswers, AgentQuestion, AskPerson } from '../../core/ports/agent.ts';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../util/log.ts';

export type PersonAskOptions = {
  readonly askPerson: AskPerson;
  readonly log: Log;
};

/** The tool with which Claude Code 2.1.330 asks the person. */
export const ASK_TOOL = 'AskUserQuestion';

// Agent SDK 0.3.330, `AskUserQuestionInput`. Answers are told apart by the question's text.
const inputSchema = z.object({
  questions: z
    .array(
      z.looseObject({
        question: z.string().min(1),
        header: z.string().default(''),
        options: z.array(
          z.looseObject({
            label: z.string().min(1),
            description: z.string().optional(),
            preview: z.string().optional(),
          }),
        ),
        multiSelect: z.boolean().default(false),
      }),
    )
    .min(1),
});
type AskInput = z.output<typeof inputSchema>;

/**
 * Claude's questions, which the gate has let pass, put to the person. No answer is a refusal with the reason;
 * everything that is no question is refused. Never rejects.
 */
export function personAsk({ askPerson, log }: PersonAskOptions): CanUseTool {
  return async (tool, input, { signal }) => {
    if (tool !== ASK_TOOL) {
      return refuse('Claude Code itself holds this back, and leashd does not overrule it.');
    }
    const parsed = inputSchema.safeParse(input);
    if (!parsed.success) return refuse(`The questions can't be read: ${z.prettifyError(parsed.error)}`);
    try {
      const told = await askPerson(questionsOf(parsed.data), signal);
      if (told.kind === 'unanswered') return refuse(unansweredWords(parsed.data, told));
      const { questions } = parsed.data;
      // Nothing but what the person said: the model may have put answers of its own into the call.
      return {
        behavior: 'allow',
        updatedInput: { questions, answers: answersOf(parsed.data, told.answers) },
      };
    } catch (error) {
      log.error('questions_failed', { error: messageOf(error) });
      return refuse('leashd could not put this to the person.');
    }
  };
}

function questionsOf({ questions }: AskInput): readonly AgentQuestion[] {
  return questions.map(({ question, header, options, multiSelect }) => ({
    question,
    header,
    options: options.map(({ label, description, preview }) => ({ label, description, preview })),
    isMultiple: multiSelect,
  }));
}

/** By question; several labels are joined as Claude Code does it. */
function answersOf({ questions }: AskInput, answers: readonly AgentAnswer[]): Record<string, string> {
  return Object.fromEntries(
    answers.map((answer, index) => [questions[index]?.question ?? '', answer.join(', ')]),
  );
}

function unansweredWords(
  input: AskInput,
  { reason, answers }: AgentAnswers & { kind: 'unanswered' },
): string {
  const before = Object.entries(answersOf(input, answers)).map(
    ([question, said]) => `"${question}"="${said}"`,
  );
  return [
    `The person has not answered: ${reason}.`,
    before.length === 0 ? '' : `They had answered: ${before.join('; ')}.`,
    "Don't take an answer for granted: go on only with what does not depend on it, or end here and say what you need to know.",
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function refuse(message: string): { readonly behavior: 'deny'; readonly message: string } {
  return { behavior: 'deny', message };
}
