import { z } from 'zod';
import { messageOf } from '../../errors.ts';
import type { Clock } from '../../util/clock.ts';
import type { Log } from '../../util/log.ts';
import { isStricter } from '../policy/evaluate.ts';
import type { Decision, Footprint, GateContext, ToolCall } from '../types.ts';

/** What a plugin says about a call: nothing, or that it has to be asked about or refused. */
export type StricterVote = {
  readonly action: 'ask' | 'deny';
  /** One sentence for the person and the agent. */
  readonly reason: string;
};

/** Somebody who may make a decision stricter, and never looser. */
export type StricterVoter = {
  readonly name: string;
  /** Within two seconds. A throw, a late answer or any other value denies the call. */
  vote(
    call: ToolCall,
    footprint: Footprint,
    context: GateContext,
  ): Promise<StricterVote | undefined> | StricterVote | undefined;
};

const PATIENCE_MS = 2_000;

const voteSchema = z
  .object({ action: z.enum(['ask', 'deny']), reason: z.string().min(1).max(2000) })
  .optional();

export type Ballot = {
  readonly call: ToolCall;
  readonly footprint: Footprint;
  readonly context: GateContext;
  readonly decision: Decision;
};

/** The decision after all have been heard, at the same time. Never rejects. */
export async function strictestOf(
  voters: readonly StricterVoter[],
  ballot: Ballot,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<Decision> {
  if (voters.length === 0 || ballot.decision.action === 'deny') return ballot.decision;
  const votes = await Promise.all(voters.map(async (voter) => hear(voter, ballot, clock, log)));
  return votes.reduce<Decision>(
    (strictest, vote) => (vote !== undefined && isStricter(vote, strictest) ? vote : strictest),
    ballot.decision,
  );
}

async function hear(
  voter: StricterVoter,
  { call, footprint, context, decision }: Ballot,
  clock: Clock,
  log: Log,
): Promise<Decision | undefined> {
  let cancel = (): void => {};
  const late = new Promise<never>((_, reject) => {
    const timer = clock.after(PATIENCE_MS, () => reject(new Error('it did not answer within two seconds')));
    cancel = () => timer.cancel();
  });
  try {
    // A copy: what is decided on is not for plugins to change.
    const copies = structuredClone([call, footprint, context] as const);
    const answer: unknown = await Promise.race([Promise.resolve().then(() => voter.vote(...copies)), late]);
    const vote = voteSchema.parse(answer);
    if (vote === undefined) return undefined;
    const { action, reason } = vote;
    return { action, layer: 'plugin', rule: voter.name, reason, risk: decision.risk };
  } catch (error) {
    log.error('plugin_failed', { plugin: voter.name, reason: messageOf(error) });
    const reason = `The plugin ${voter.name} failed to say whether it may run`;
    return { action: 'deny', layer: 'fault', rule: 'plugin-failed', reason, risk: decision.risk };
  } finally {
    cancel();
  }
}
