import { assertNever } from '../util/assert-never.ts';
import type { ChatRef } from './ports/chat.ts';
import type { PromptChoice } from './ports/connector.ts';
import type { ApprovalAnswer, ApprovalRequest, Approver } from './ports/gate.ts';
import type { PromptAnswer, Prompts } from './prompts.ts';

const CHOICES: readonly PromptChoice[] = [
  { id: 'approve', label: '✅ Approve', key: 'y' },
  { id: 'reject', label: '❌ Reject', key: 'n' },
];

export interface ApprovalsOptions {
  readonly prompts: Prompts;
  /** The chat behind a gate context's key. */
  readonly chatOf: (key: string) => ChatRef | undefined;
}

/** The gate's way to the person: an approval is a prompt with two buttons, and a typed answer rejects with a reason. */
export function createApprover(options: ApprovalsOptions): Approver {
  return {
    async ask(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer> {
      const chat = options.chatOf(request.context.chat);
      if (!chat) return { kind: 'not-answered', reason: 'the chat that asked is gone' };
      const answer = await options.prompts.ask(
        {
          chat,
          body: request.card.body,
          attachment: request.card.attachment,
          choices: CHOICES,
          textHint: 'reply with a reason to reject',
          timeoutMs: request.timeoutMs,
          outcome: outcomeLine,
        },
        signal,
      );
      return approvalOf(answer);
    },
  };
}

function approvalOf(answer: PromptAnswer): ApprovalAnswer {
  switch (answer.kind) {
    case 'choice':
      return answer.choice === 'approve'
        ? { kind: 'approved', by: answer.by.id }
        : { kind: 'rejected', by: answer.by.id };
    case 'text':
      return { kind: 'rejected', by: answer.by.id, reason: answer.text };
    case 'timed-out':
      return { kind: 'timed-out' };
    case 'cancelled':
      return { kind: 'not-answered', reason: answer.reason };
    default:
      return assertNever(answer);
  }
}

function outcomeLine(answer: PromptAnswer): string {
  switch (answer.kind) {
    case 'choice':
      return answer.choice === 'approve'
        ? `✅ Approved by ${answer.by.name}`
        : `❌ Rejected by ${answer.by.name}`;
    case 'text':
      return `❌ Rejected by ${answer.by.name}: ${answer.text}`;
    case 'timed-out':
      return '⌛ Denied: nobody answered in time';
    case 'cancelled':
      return `⏹ Closed: ${answer.reason}`;
    default:
      return assertNever(answer);
  }
}
