import { z } from 'zod';
import { toolSummary } from './tool-summary.ts';

/**
 * What leashd takes from Claude Code's messages (Agent SDK 0.3.330, `SDKMessage`). Everything else is left aside.
 */
export type ClaudeMessage =
  | { readonly kind: 'init'; readonly session: string }
  /** A piece of the main agent's text. */
  | { readonly kind: 'delta'; readonly text: string }
  /** A block of the main agent's text is complete; `text` is all of it. */
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'tool-started';
      readonly callId: string;
      readonly tool: string;
      readonly summary: string;
    }
  | { readonly kind: 'tool-ended'; readonly callId: string; readonly isError: boolean }
  | {
      readonly kind: 'retry';
      readonly attempt: number;
      readonly status: number | null;
      readonly error: string;
    }
  /** The API refused for good; the words come with the result. */
  | { readonly kind: 'refused'; readonly error: string }
  | ClaudeResult;

export type ClaudeResult = {
  readonly kind: 'result';
  readonly session: string;
  readonly subtype: string;
  readonly isError: boolean;
  /** What was said last, or what went wrong. */
  readonly words: string;
  /** `completed`, `max_turns`, `aborted_streaming` …; empty when it was not told. */
  readonly ending: string;
  /** US dollars since the session began, over resumes too. */
  readonly totalCostUsd: number;
  readonly durationMs: number;
  /** It answers no person: a background task ended. */
  readonly isUnprompted: boolean;
};

const initSchema = z.looseObject({ session_id: z.string() });
const retrySchema = z.looseObject({
  attempt: z.number(),
  error_status: z.number().nullable().default(null),
  error: z.string().default('unknown'),
});
const deltaSchema = z.looseObject({
  parent_tool_use_id: z.string().nullable().default(null),
  event: z.looseObject({
    type: z.literal('content_block_delta'),
    delta: z.looseObject({ type: z.literal('text_delta'), text: z.string() }),
  }),
});
const blockSchema = z.looseObject({ type: z.string() });
const messageSchema = z.looseObject({
  parent_tool_use_id: z.string().nullable().default(null),
  error: z.string().optional(),
  message: z.looseObject({ content: z.union([z.string(), z.array(blockSchema)]) }),
});
const resultSchema = z.looseObject({
  session_id: z.string(),
  subtype: z.string(),
  is_error: z.boolean(),
  result: z.string().optional(),
  errors: z.array(z.string()).optional(),
  terminal_reason: z.string().optional(),
  total_cost_usd: z.number().default(0),
  duration_ms: z.number().default(0),
  origin: z.looseObject({ kind: z.string() }).optional(),
});
const toolUseSchema = z.looseObject({ id: z.string(), name: z.string(), input: z.unknown() });
const toolResultSchema = z.looseObject({ tool_use_id: z.string(), is_error: z.boolean().optional() });
const stampSchema = z.looseObject({ user_message_uuids: z.array(z.string()) });
const kindSchema = z.looseObject({ type: z.string(), subtype: z.string().optional() });

/** Reads one message. Never throws: what is unknown or malformed is left aside. */
export function readMessage(message: unknown, directory: string): readonly ClaudeMessage[] {
  const kind = kindSchema.safeParse(message).data;
  switch (kind?.type === 'system' ? `system/${kind.subtype}` : kind?.type) {
    case 'system/init':
      return from(initSchema, message, ({ session_id }) => [{ kind: 'init', session: session_id }]);
    case 'system/api_retry':
      return from(retrySchema, message, ({ attempt, error_status, error }) => [
        { kind: 'retry', attempt, status: error_status, error },
      ]);
    case 'stream_event':
      return from(deltaSchema, message, ({ parent_tool_use_id: parent, event }) =>
        parent === null ? [{ kind: 'delta', text: event.delta.text }] : [],
      );
    case 'assistant':
      return from(messageSchema, message, (said) => readAssistant(said, directory));
    case 'user':
      return from(messageSchema, message, readToolResults);
    case 'result':
      return from(resultSchema, message, (result) => [readResult(result)]);
    default:
      return [];
  }
}

/** The ids of the person's messages that this one answers; undefined when it does not say. */
export function answeredBy(message: unknown): readonly string[] | undefined {
  return stampSchema.safeParse(message).data?.user_message_uuids;
}

function from<Schema extends z.ZodType>(
  schema: Schema,
  message: unknown,
  read: (parsed: z.output<Schema>) => readonly ClaudeMessage[],
): readonly ClaudeMessage[] {
  const parsed = schema.safeParse(message);
  return parsed.success ? read(parsed.data) : [];
}

function blocksIn(message: z.output<typeof messageSchema>): readonly z.output<typeof blockSchema>[] {
  const { content } = message.message;
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

function readAssistant(said: z.output<typeof messageSchema>, directory: string): readonly ClaudeMessage[] {
  if (said.error !== undefined) return [{ kind: 'refused', error: said.error }];
  return blocksIn(said).flatMap((block): readonly ClaudeMessage[] => {
    if (block.type === 'text' && typeof block['text'] === 'string') {
      return said.parent_tool_use_id === null ? [{ kind: 'text', text: block['text'] }] : [];
    }
    if (block.type !== 'tool_use') return [];
    return from(toolUseSchema, block, ({ id, name, input }) => [
      { kind: 'tool-started', callId: id, tool: name, summary: toolSummary(name, input, directory) },
    ]);
  });
}

function readToolResults(told: z.output<typeof messageSchema>): readonly ClaudeMessage[] {
  return blocksIn(told).flatMap((block) => {
    if (block.type !== 'tool_result') return [];
    return from(toolResultSchema, block, ({ tool_use_id, is_error }) => [
      { kind: 'tool-ended', callId: tool_use_id, isError: is_error === true },
    ]);
  });
}

function readResult(result: z.output<typeof resultSchema>): ClaudeResult {
  return {
    kind: 'result',
    session: result.session_id,
    subtype: result.subtype,
    isError: result.is_error,
    words: result.result ?? result.errors?.join('; ') ?? '',
    ending: result.terminal_reason ?? '',
    totalCostUsd: result.total_cost_usd,
    durationMs: result.duration_ms,
    isUnprompted: result.origin?.kind === 'task-notification',
  };
}
