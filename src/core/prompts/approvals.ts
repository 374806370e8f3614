import { assertNever } from '../../util/assert-never.ts';
import { formatClock } from '../../util/figures.ts';
import { newId } from '../../util/ids.ts';
import type { EventBus } from '../events/event-bus.ts';
import type { ApprovalFacts } from '../events/events.ts';
import type { ChatRef, PersonId } from '../ports/chat.ts';
import type { ApprovalAnswer, ApprovalRequest, Approver } from '../ports/gate.ts';
import { onlyApprovers, type ApproversOf } from './approvers.ts';
import type { PromptAnswer, PromptOption, PromptRequest } from './prompt-request.ts';
import type { Prompts } from './prompts.ts';

const APPROVE = 'approve';
const REJECT: PromptOption = { id: 'reject', label: '❌ Reject', key: 'n' };
const SIMILAR: PromptOption = { id: 'similar', label: '🔁 Approve similar…', key: 's', opens: 'similar' };
/** Before the number of the offer it chooses: an offer's own id may be as long as a button's can be. */
const OFFER = 'offer-';

export interface ApprovalsOptions {
  readonly prompts: Prompts;
  readonly events: EventBus;
  /** The chat behind a gate context's key. */
  readonly chatOf: (key: string) => ChatRef | undefined;
  readonly approversOf?: ApproversOf | undefined;
}

/**
 * The gate's way to the person: an approval is a prompt with Approve, Reject and, where the gate offers grants, a menu
 * of them. A typed answer rejects with a reason.
 */
export function createApprover(options: ApprovalsOptions): Approver {
  return {
    async ask(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer> {
      const chat = options.chatOf(request.context.chat);
      if (!chat) return { kind: 'not-answered', reason: 'the chat that asked is gone' };
      const id = newId<'PromptId'>();
      const facts = { ...factsOf(request, chat), prompt: id };
      options.events.emit('approval.requested', facts);
      const mayAnswer = onlyApprovers(chat, options.approversOf);
      const prompt = { ...promptOf(request, chat, options.approversOf?.(chat)), mayAnswer, id };
      const answer = approvalOf(await options.prompts.ask(prompt, signal), request);
      options.events.emit('approval.resolved', {
        ...facts,
        answer: answer.kind,
        ...('by' in answer ? { by: answer.by as PersonId } : {}),
        ...('offer' in answer ? { offer: answer.offer } : {}),
      });
      return { ...answer, prompt: id };
    },
  };
}

function promptOf(
  request: ApprovalRequest,
  chat: ChatRef,
  approvers: readonly PersonId[] | undefined,
): PromptRequest {
  const { card, offers, kindDigest, footprint, timeoutMs } = request;
  const approve: PromptOption = { id: APPROVE, label: '✅ Approve', key: 'y', confirm: card.confirm };
  const isOffering = offers.length > 0;
  // What needs a second tap is looked at one by one.
  const together =
    kindDigest === undefined || card.confirm !== undefined
      ? undefined
      : {
          kind: kindDigest,
          choice: APPROVE,
          label: (count: number) => `✅ Approve all ${count} like this`,
        };
  return {
    chat,
    body: card.body,
    attachment: card.attachment,
    choices: [approve, REJECT, ...(isOffering ? [SIMILAR] : [])],
    menus: isOffering ? { similar: offerChoices(request) } : undefined,
    textHint: 'reply with a reason to reject',
    timeoutMs,
    subject: card.subject,
    digest: footprint.digest,
    together,
    whoMay: approvers && whoMay(approvers),
    outcome: (answer, at) => outcomeLine(answer, at, request),
    told: (answer, at) => toldLine(answer, at),
  };
}

function offerChoices({ offers, card }: ApprovalRequest): readonly PromptOption[] {
  return offers.map(({ label }, index) => ({
    id: `${OFFER}${index}`,
    label: `✅ ${label}`,
    key: String(index + 1),
    confirm: card.confirm,
  }));
}

function offerOf(choice: string, { offers }: ApprovalRequest): ApprovalRequest['offers'][number] | undefined {
  return choice.startsWith(OFFER) ? offers[Number(choice.slice(OFFER.length))] : undefined;
}

function approvalOf(answer: PromptAnswer, request: ApprovalRequest): ApprovalAnswer {
  switch (answer.kind) {
    case 'choice': {
      const by = answer.by.id;
      const offer = offerOf(answer.choice, request)?.id;
      if (offer !== undefined) return { kind: 'approved', by, offer };
      return answer.choice === APPROVE ? { kind: 'approved', by } : { kind: 'rejected', by };
    }
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

function outcomeLine(answer: PromptAnswer, at: number, request: ApprovalRequest): string {
  const when = formatClock(at);
  switch (answer.kind) {
    case 'choice': {
      const { by, choice, together = 1 } = answer;
      if (choice === REJECT.id) return `❌ Rejected by ${by.name}, ${when}`;
      const offer = offerOf(choice, request);
      const others = together > 1 ? ` · with ${together - 1} more like this` : '';
      // The card is closed before the grant is made; should that fail, the chat is told.
      return `✅ Approved by ${by.name}, ${when}${offer ? ` · chosen: ${offer.label}` : others}`;
    }
    case 'text':
      return `❌ Rejected by ${answer.by.name}, ${when}: ${answer.text}`;
    case 'timed-out':
      return `⌛ Denied, ${when}: nobody answered in time`;
    case 'cancelled':
      return `⏹ Closed, ${when}: ${answer.reason}`;
    default:
      return assertNever(answer);
  }
}

/** What a tap is told that came after this. */
function toldLine(answer: PromptAnswer, at: number): string {
  const when = formatClock(at);
  switch (answer.kind) {
    case 'choice':
    case 'text': {
      const isRejected = answer.kind === 'text' || answer.choice === REJECT.id;
      return `Already ${isRejected ? 'rejected' : 'approved'} by ${answer.by.name} at ${when}`;
    }
    case 'timed-out':
      return `Too late: nobody had answered by ${when}, so it was denied`;
    case 'cancelled':
      return `Closed at ${when}: ${answer.reason}; nothing was run`;
    default:
      return assertNever(answer);
  }
}

function whoMay(approvers: readonly PersonId[]): string {
  return approvers.length === 0 ? 'Nobody may approve here' : `Only ${approvers.join(', ')} may approve here`;
}

function factsOf({ call, context, decision }: ApprovalRequest, chat: ChatRef): Omit<ApprovalFacts, 'prompt'> {
  return {
    chat,
    session: context.session as ApprovalFacts['session'],
    call: call.id,
    tool: call.tool,
    subagent: call.subagent,
    rule: decision.rule,
    layer: decision.layer,
    risk: decision.risk,
  };
}
