import type { UUID } from 'node:crypto';
import type { Options, SDKUserMessage } from '@anthropic-ai/claude-agent-sdk';
import { AsyncQueue } from './async-queue.ts';
import type { MessageContent } from './message-content.ts';

/** One running Claude Code, fed with messages as they come. */
export interface ClaudeProcess {
  /** Everything it says, until it ends. Throws when it died, or when its last turn had failed. */
  readonly messages: AsyncIterable<unknown>;
  /** Hands it a message of the person's. Its answers name the message by `id`, a UUID. */
  send(content: MessageContent, id: UUID): void;
  /** Asks it to stop what it does; it goes on living. */
  interrupt(): Promise<void>;
  /** US dollars that its session has cost so far. May reject. */
  costUsd(): Promise<number>;
  /** Ends it within about two seconds, which `messages` tells by its end. */
  close(): void;
}

/** Loads the Agent SDK, which is why leashd itself starts without it, and starts Claude Code. */
export async function startClaude(options: Options): Promise<ClaudeProcess> {
  const { query } = await import('@anthropic-ai/claude-agent-sdk');
  const input = new AsyncQueue<SDKUserMessage>();
  const claude = query({ prompt: input, options });
  return {
    messages: claude,
    send(content, id) {
      input.push({
        type: 'user',
        uuid: id,
        message: { role: 'user', content },
        parent_tool_use_id: null,
      });
    },
    interrupt: async () => {
      await claude.interrupt();
    },
    costUsd: async () => {
      // The one way to learn what a resumed session had cost before; the SDK is pinned, and a test holds it.
      const usage = await claude.usage_EXPERIMENTAL_MAY_CHANGE_DO_NOT_RELY_ON_THIS_API_YET({
        skipBehaviors: true,
      });
      return usage.session.total_cost_usd;
    },
    close: () => claude.close(),
  };
}
