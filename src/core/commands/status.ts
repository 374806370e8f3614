import type { ChatQueue } from '../queue/chat-queue.ts';
import { modeNamed } from '../modes/modes.ts';
import { formatClock, formatCount, formatDay, formatUsd } from '../../util/figures.ts';
import { chatKey } from '../ports/chat.ts';
import { placeWords } from '../sessions/session-directories.ts';
import type { PendingPrompt } from '../prompts/prompts.ts';
import { budgetLines } from '../budget/budget-lines.ts';
import type { Command } from './command.ts';
import { clip } from '../../util/clip.ts';

export const statusCommand: Command = {
  name: 'status',
  summary: 'Show directory, workspace, mode, cost, what is pending and granted',
  isAllowedDuringTurn: true,
  run: async ({ say, services, inbound }) => {
    const session = await services.sessions.open(inbound.chat);
    const mode = modeNamed(session.mode);
    const { queue, prompts, remembered, osSandbox, browser } = services;
    const { reloadedAt } = services.settings.now;
    const grants = remembered.grantsOf(chatKey(inbound.chat)).length;
    const rules = remembered.rulesOf(session.directory).length;
    await say(
      [
        `**Directory** \`${session.directory}\``,
        ...(session.workspace === undefined ? [] : [`**Workspace** ${placeWords(session)}`]),
        `**Mode** ${mode.name}: ${mode.summary}`,
        `**Conversation** ${formatCount(session.turns, 'turn')} · ${formatUsd(session.costUsd)}`,
        ...(await budgetLines(services.budgets)),
        `**Now** ${nowWords(queue, prompts.openIn(inbound.chat) > 0)}`,
        `**Pending** ${pendingWords(prompts.pending(inbound.chat))}`,
        `**Approved in advance** ${formatCount(grants, 'grant')}: /grants, ${formatCount(rules, 'rule')}: /rules`,
        ...(osSandbox === undefined ? [] : [`**OS sandbox** ${osSandbox}`]),
        ...(browser?.kind === 'ready' && browser.isAlways ? ['**Browser** on'] : []),
        ...(reloadedAt === undefined
          ? []
          : [
              `**Settings and policies** hold since ${formatDay(reloadedAt)} ${formatClock(reloadedAt)} (reloaded)`,
            ]),
        `**leashd** ${services.version}`,
      ].join('\n'),
    );
  },
};

function nowWords({ isRunning, waiting }: ChatQueue, isAsking: boolean): string {
  const busy = isAsking ? 'Claude waits for your answer' : 'Claude is working';
  const behind = waiting === 0 ? '' : `, ${formatCount(waiting, 'message')} queued`;
  return `${isRunning ? busy : 'idle'}${behind}`;
}

function pendingWords(waiting: readonly PendingPrompt[]): string {
  const [first] = waiting;
  if (!first) return 'nothing';
  // Between backticks, so that none of its characters is read as Markdown.
  const subject = `\`${clip(first.subject, 80).replaceAll('`', "'")}\``;
  return `${subject}${waiting.length > 1 ? ` and ${waiting.length - 1} more` : ''}: /pending`;
}
