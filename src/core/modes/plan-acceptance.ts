import { messageOf } from '../../errors.ts';
import { assertNever } from '../../util/assert-never.ts';
import type { TextInbound } from '../queue/chat-queue.ts';
import type { CoreContext } from '../context.ts';
import { switchMode } from './mode-switch.ts';
import type { ModeName } from './modes.ts';
import { OwnedWork } from '../owned-work.ts';
import type { PlanVerdict, ReviewPlan } from '../ports/agent.ts';
import type { ChatRef, InboundId } from '../ports/chat.ts';
import type { Inbox, Session } from '../ports/store.ts';
import type { PlanAnswer, PlanWay, PutPlan } from '../prompts/plan-review.ts';
import type { Sessions } from '../sessions/sessions.ts';

export interface PlanAcceptanceOptions extends CoreContext {
  readonly putPlan: PutPlan;
  readonly sessions: Sessions;
  readonly inbox: Inbox;
  /** To the end of the chat's queue; it is in the inbox already. */
  readonly submit: (text: TextInbound) => void;
}

/** Puts a plan of that session's agent before the person, and does what their answer asks for. Never rejects. */
export type AcceptPlan = (session: Session, ...shown: Parameters<ReviewPlan>) => Promise<PlanVerdict>;

type Accepted = PlanAnswer & { readonly kind: 'accepted' };

const MODE_OF = { afresh: 'auto', edits: 'auto', each: 'default' } as const satisfies Record<
  PlanWay,
  ModeName
>;

export function createPlanAcceptance(options: PlanAcceptanceOptions): AcceptPlan {
  const { putPlan, sessions, connectorOf, log } = options;
  const work = new OwnedWork({ log });
  return async (opened, plan, signal, stands = async () => true) => {
    const { chat, id } = opened;
    // The card says that it is accepted, so the person has to hear that it is not.
    const tell = (why: string): void => {
      const markdown = `⚠️ The plan could not be accepted: ${why}. Claude stays in plan mode.`;
      work.own('a notice', connectorOf(chat).send(chat, { content: { markdown } }));
    };
    if (!sessions.live(chat, id)) return refused('This session has ended.');
    const answer = await putPlan(chat, plan, signal);
    switch (answer.kind) {
      case 'adjust':
        return refused(adjustWords(answer.words));
      case 'unanswered':
        return refused(unansweredWords(answer.reason));
      case 'accepted':
        break;
      default:
        return assertNever(answer);
    }
    const session = sessions.live(chat, id);
    if (!session) return refused('This session has ended.');
    // The fresh conversation gets what was shown; this one has the file.
    if (answer.way !== 'afresh' && !(await stands())) {
      log.warn('plan_changed_since_shown', { session: id });
      tell('it was changed after it was shown to you');
      return refused(CHANGED);
    }
    try {
      return await carryOut(options, session, plan, answer);
    } catch (fault) {
      log.error('plan_not_accepted', { session: id, fault });
      tell(messageOf(fault));
      return refused(unansweredWords('leashd could not write the acceptance down'));
    }
  };
}

async function carryOut(
  { inbox, submit, clock, ...parts }: PlanAcceptanceOptions,
  session: Session,
  plan: string,
  { way, by, prompt, digest }: Accepted,
): Promise<PlanVerdict> {
  const { chat, id } = session;
  const mode = MODE_OF[way];
  if (way !== 'afresh') {
    await switchMode(parts, session, { mode, by: by.id, plan: digest });
    return { kind: 'accepted' };
  }
  const text: TextInbound = {
    kind: 'text',
    // Of its own, so that it is carried out once, whatever happens in between.
    id: `plan:${prompt}` as InboundId,
    chat: chat satisfies ChatRef,
    isPrivate: false,
    person: by,
    receivedAt: clock.now(),
    text: `Carry out this plan, which I have accepted:\n\n${plan}`,
    afresh: { from: id, mode, plan: digest },
  };
  await inbox.add(text);
  submit(text);
  return { kind: 'accepted-afresh' };
}

const CHANGED =
  'The plan file was changed while the person read it, so nothing was accepted. Plan mode stays. Call ExitPlanMode again to show what stands there now.';

function adjustWords(words: string): string {
  return `The person has read the plan and wants it changed: ${words}\n\nPlan mode stays. Change the plan file, then call ExitPlanMode again.`;
}

function unansweredWords(reason: string): string {
  return `The person has not answered: ${reason}. Plan mode stays: end your turn here, in a sentence; they will come back to the plan.`;
}

function refused(message: string): PlanVerdict {
  return { kind: 'refused', message };
}
