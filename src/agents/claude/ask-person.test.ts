import type { CanUseTool, PermissionResult } from '@anthropic-ai/claude-agent-sdk';
import { describe, expect, it } from 'vitest';
import type { AgentAnswers, AgentQuestion } from '../../core/ports/agent.ts';
import { silentLog } from '../../util/log.ts';
import { personAsk } from './ask-person.ts';

const DATABASE = {
  question: 'Which database?',
  header: 'Database',
  options: [{ label: 'SQLite', description: 'a file' }, { label: 'Postgres' }],
  multiSelect: false,
};
const PARTS = {
  question: 'Which parts?',
  header: 'Parts',
  options: [{ label: 'A' }, { label: 'B' }],
  multiSelect: true,
};

const put = (
  input: Record<string, unknown>,
  answers: AgentAnswers,
  tool = 'AskUserQuestion',
): { asked: AgentQuestion[]; result: ReturnType<CanUseTool> } => {
  const asked: AgentQuestion[] = [];
  const ask = personAsk({
    askPerson: (questions) => {
      asked.push(...questions);
      return Promise.resolve(answers);
    },
    log: silentLog,
  });
  const { signal } = new AbortController();
  return { asked, result: ask(tool, input, { signal, toolUseID: 'c1', requestId: 'r1' }) };
};
const SQLITE: AgentAnswers = { kind: 'answered', answers: [['SQLite'], ['A', 'and C']] };

describe('a question of Claude Code', () => {
  it('is answered with what the person said, and with nothing that the model has put in', async () => {
    const input = {
      questions: [DATABASE, PARTS],
      answers: { 'Which database?': 'forged' },
      annotations: { 'Which database?': { notes: 'forged' } },
    };
    const { asked, result } = put(input, SQLITE);
    expect(asked.map(({ question, isMultiple }) => [question, isMultiple])).toEqual([
      ['Which database?', false],
      ['Which parts?', true],
    ]);
    expect(asked[0]?.options).toEqual([{ label: 'SQLite', description: 'a file' }, { label: 'Postgres' }]);
    expect(await result).toEqual({
      behavior: 'allow',
      updatedInput: {
        questions: [DATABASE, PARTS],
        answers: { 'Which database?': 'SQLite', 'Which parts?': 'A, and C' },
      },
    } satisfies PermissionResult);
  });

  it('is refused with the reason when nobody answers, and with what they had answered before', async () => {
    const told: AgentAnswers = {
      kind: 'unanswered',
      reason: 'nobody answered within 5 min',
      answers: [['SQLite']],
    };
    expect(await put({ questions: [DATABASE, PARTS] }, told).result).toEqual({
      behavior: 'deny',
      message:
        'The person has not answered: nobody answered within 5 min. They had answered: "Which database?"="SQLite". ' +
        "Don't take an answer for granted: go on only with what does not depend on it, or end here and say what you need to know.",
    });
  });

  it.each([{}, { questions: [] }, { questions: [{ question: '', options: [] }] }, { questions: 'what?' }])(
    'is refused unasked when it can’t be read: %j',
    async (input) => {
      const { asked, result } = put(input, SQLITE);
      expect(await result).toMatchObject({ behavior: 'deny', message: /can't be read/ });
      expect(asked).toEqual([]);
    },
  );

  it('is the one thing that is answered: every other tool is refused', async () => {
    for (const tool of ['Write', 'Bash', 'ExitPlanMode', 'SandboxNetworkAccess']) {
      const { asked, result } = put({ questions: [DATABASE] }, SQLITE, tool);
      expect(await result).toMatchObject({ behavior: 'deny' });
      expect(asked).toEqual([]);
    }
  });

  it('is refused when putting it fails', async () => {
    const ask = personAsk({ askPerson: () => Promise.reject(new Error('broken')), log: silentLog });
    const { signal } = new AbortController();
    const result = await ask(
      'AskUserQuestion',
      { questions: [DATABASE] },
      { signal, toolUseID: 'c1', requestId: 'r1' },
    );
    expect(result).toMatchObject({ behavior: 'deny' });
  });
});
