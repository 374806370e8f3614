import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineBench } from '../../../test/fixtures/engine-bench.ts';
import type { AgentQuestion } from '../ports/agent.ts';

const QUESTION: AgentQuestion = {
  question: 'Which database?',
  header: 'Database',
  options: [{ label: 'SQLite' }, { label: 'Postgres' }],
  isMultiple: false,
};

describe('a question of the agent in a turn', () => {
  let bench: EngineBench;
  beforeEach(() => {
    bench = new EngineBench();
  });
  afterEach(() => bench.dispose());

  it('is put to the chat, and its wait does not count against the turn', async () => {
    const { agent, connector, clock } = bench;
    const engine = await bench.start();
    await connector.write('set it up');
    const turn = await agent.turn(0);
    const answers = turn.options.askPerson?.([QUESTION], new AbortController().signal);
    await connector.until(() => connector.prompts.length === 1);
    // Longer than a turn may take, shorter than a question waits.
    clock.advance(200_000);
    const [card] = connector.prompts;
    if (!card) throw new Error('no question was shown');
    await connector.tap(card.view.id, 'option-1');
    expect(await answers).toEqual({ kind: 'answered', answers: [['SQLite']] });
    turn.emit({ kind: 'text', delta: 'SQLite it is.' });
    turn.finish();
    await engine.idle();
    expect(bench.lastReply()).toBe('SQLite it is.');
  });

  it('is answered by nobody once the conversation is cleared', async () => {
    const { agent, connector } = bench;
    const engine = await bench.start();
    await connector.write('set it up');
    const turn = await agent.turn(0);
    const answers = turn.options.askPerson?.([QUESTION, QUESTION], new AbortController().signal);
    await connector.until(() => connector.prompts.length === 1);
    await connector.act({ kind: 'command', name: 'clear', args: '' });
    expect(await answers).toMatchObject({ kind: 'unanswered', reason: 'the conversation was cleared' });
    await engine.idle();
    expect(await turn.options.askPerson?.([QUESTION], new AbortController().signal)).toMatchObject({
      reason: 'this session has ended',
    });
    expect(connector.prompts).toHaveLength(1);
  });
});
