import { formatUsd } from '../../util/figures.ts';
import type { Budgets } from './budgets.ts';

/** What is left to spend, for /status; nothing where there is no budget. */
export async function budgetLines(budgets: Budgets): Promise<readonly string[]> {
  if (!budgets.isOn) return [];
  const { spentUsd, limitUsd } = await budgets.today();
  const isRaised = limitUsd !== budgets.perDayUsd;
  const day =
    limitUsd === undefined ? '' : ` of ${formatUsd(limitUsd)}${isRaised ? ' (raised for today)' : ''}`;
  const turn = budgets.perTurnUsd === undefined ? '' : `, at most ${formatUsd(budgets.perTurnUsd)} a message`;
  return [`**Budget** ${formatUsd(spentUsd)}${day} today, all chats together${turn}`];
}
