import { describe, expect, it } from 'vitest';
import { answeredBy, readMessage } from './messages.ts';

const read = (message: unknown): readonly unknown[] => readMessage(message, '/project');
const assistant = (content: unknown, fields: object = {}): object => ({
  type: 'assistant',
  message: { content },
  parent_tool_use_id: null,
  ...fields,
});

describe('readMessage', () => {
  it('takes the session from the start of each stretch of work', () => {
    expect(read({ type: 'system', subtype: 'init', session_id: 's1', tools: [] })).toEqual([
      { kind: 'init', session: 's1' },
    ]);
  });

  it('takes the main agent’s text in pieces, and no subagent’s', () => {
    const delta = {
      type: 'stream_event',
      parent_tool_use_id: null,
      event: { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hel' } },
    };
    expect(read(delta)).toEqual([{ kind: 'delta', text: 'Hel' }]);
    expect(read({ ...delta, parent_tool_use_id: 'toolu_1' })).toEqual([]);
    expect(read(assistant([{ type: 'text', text: 'x' }], { parent_tool_use_id: 'toolu_1' }))).toEqual([]);
  });

  it('leaves thinking and half-written calls aside', () => {
    const event = (delta: object): object => ({
      type: 'stream_event',
      parent_tool_use_id: null,
      event: { type: 'content_block_delta', index: 0, delta },
    });
    expect(read(event({ type: 'thinking_delta', thinking: 'hm' }))).toEqual([]);
    expect(read(event({ type: 'input_json_delta', partial_json: '{' }))).toEqual([]);
    expect(read(assistant([{ type: 'thinking', thinking: 'hm', signature: 's' }]))).toEqual([]);
  });

  it('takes text and calls from a complete message, subagents’ calls too', () => {
    const blocks = [
      { type: 'text', text: 'I look.' },
      { type: 'tool_use', id: 't1', name: 'Read', input: { file_path: '/project/a.ts' } },
    ];
    const started = { kind: 'tool-started', callId: 't1', tool: 'Read', summary: 'a.ts' };
    expect(read(assistant(blocks))).toEqual([{ kind: 'text', text: 'I look.' }, started]);
    expect(read(assistant(blocks, { parent_tool_use_id: 't0' }))).toEqual([started]);
    expect(read(assistant('plain'))).toEqual([{ kind: 'text', text: 'plain' }]);
  });

  it('does not take what the API refused with for an answer', () => {
    const refusal = assistant([{ type: 'text', text: 'API Error' }], { error: 'authentication_failed' });
    expect(read(refusal)).toEqual([{ kind: 'refused', error: 'authentication_failed' }]);
  });

  it('takes the ends of calls from what the user is said to have said', () => {
    const message = {
      type: 'user',
      message: {
        content: [
          { type: 'tool_result', tool_use_id: 't1', content: 'x' },
          { type: 'tool_result', tool_use_id: 't2', content: 'x', is_error: true },
          { type: 'text', text: '[Request interrupted by user]' },
        ],
      },
    };
    expect(read(message)).toEqual([
      { kind: 'tool-ended', callId: 't1', isError: false },
      { kind: 'tool-ended', callId: 't2', isError: true },
    ]);
  });

  it('takes how a turn ended', () => {
    const result = {
      type: 'result',
      subtype: 'error_max_turns',
      session_id: 's1',
      is_error: true,
      errors: ['Reached', 'it'],
      terminal_reason: 'max_turns',
      total_cost_usd: 0.5,
      duration_ms: 12,
      origin: { kind: 'task-notification' },
    };
    expect(read(result)).toEqual([
      {
        kind: 'result',
        session: 's1',
        subtype: 'error_max_turns',
        isError: true,
        words: 'Reached; it',
        ending: 'max_turns',
        totalCostUsd: 0.5,
        durationMs: 12,
        isUnprompted: true,
      },
    ]);
  });

  it('takes retries, also of an API that did not answer', () => {
    const retry = { type: 'system', subtype: 'api_retry', attempt: 2, error_status: null };
    expect(read(retry)).toEqual([{ kind: 'retry', attempt: 2, status: null, error: 'unknown' }]);
  });

  it.each([
    undefined,
    null,
    'text',
    {},
    { type: 'later_invention' },
    { type: 'system', subtype: 'status' },
    { type: 'system', subtype: 'init' },
    { type: 'assistant' },
    { type: 'assistant', message: { content: [{ type: 'tool_use', id: 1 }] } },
    { type: 'result' },
  ])('leaves %j aside', (message) => {
    expect(read(message)).toEqual([]);
  });
});

describe('answeredBy', () => {
  it('tells which messages are answered, where that is said', () => {
    expect(answeredBy({ user_message_uuids: ['a', 'b'] })).toEqual(['a', 'b']);
    expect(answeredBy({ type: 'system' })).toBeUndefined();
    expect(answeredBy(undefined)).toBeUndefined();
  });
});
