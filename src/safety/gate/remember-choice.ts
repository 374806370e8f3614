import { messageOf } from '../../errors.ts';
import type { Log } from '../../util/log.ts';
import type { ApprovalAnswer, ApprovalRequest } from '../approval.ts';
import type { GrantOffer } from '../grants/grant.ts';
import { chosenOffer } from '../grants/remembered.ts';
import type { RememberedApprovals, Remembering } from '../grants/remembered.ts';
import type { GateContext } from '../types.ts';

export type RememberChoiceOptions = {
  readonly remembered?: RememberedApprovals | undefined;
  readonly log: Log;
  /** Takes secrets out of what is logged and told. */
  readonly redact: (text: string) => string;
  /** Rejects when the work takes too long. */
  readonly inTime: <Value>(work: Promise<Value>) => Promise<Value>;
};

/**
 * Makes the grant that was chosen with an approval. The call itself is approved, whatever becomes of this: a grant that
 * can't be written down is none. Never rejects.
 */
export async function rememberChoice(
  { call, context, offers, card }: ApprovalRequest,
  answer: ApprovalAnswer,
  options: RememberChoiceOptions,
): Promise<Remembering | undefined> {
  if (answer.kind !== 'approved' || answer.offer === undefined) return undefined;
  const { remembered, log, redact, inTime } = options;
  const offer: GrantOffer | undefined = chosenOffer(offers, answer.offer);
  let making: Promise<Remembering> | undefined;
  try {
    if (offer === undefined || remembered === undefined)
      throw new Error('it was not among those on the card');
    const choice = { offer, context, call, by: answer.by, subject: card.subject };
    making = remembered.remember(choice);
    return await inTime(making);
  } catch (error) {
    void takeBack(making, context, answer.by, options);
    const reason = redact(messageOf(error));
    log.warn('grant_not_made', { call: call.id, chat: context.chat, offer: answer.offer, reason });
    return { kind: 'failed', offer: offer?.label ?? answer.offer, reason };
  }
}

/** The person hears that there is none, so one that is made after all is none. Never rejects. */
async function takeBack(
  making: Promise<Remembering> | undefined,
  context: GateContext,
  by: string,
  { remembered, log, redact }: RememberChoiceOptions,
): Promise<void> {
  const { chat, directories } = context;
  const made = await making?.catch(() => undefined);
  try {
    if (made?.kind === 'granted') await remembered?.revoke(chat, made.grant.id, by);
    if (made?.kind === 'always') await remembered?.removeRule(directories[0] ?? '', made.rule.name, chat, by);
  } catch (error) {
    log.error('late_grant_not_taken_back', { chat, reason: redact(messageOf(error)) });
  }
}
