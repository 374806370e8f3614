import type { ChatQueue } from '../queue/chat-queue.ts';
import type { ChatRef } from '../ports/chat.ts';
import type { RunningTurns } from '../turns/running-turns.ts';

/** Whether a turn is in a command's way. One that the agent is done with is waited for: its answer is on its way. */
export async function isInTheWay(queue: ChatQueue, turns: RunningTurns, chat: ChatRef): Promise<boolean> {
  // What was sent before it, /clear above all, comes first.
  await queue.inOrder(async () => {});
  if (queue.isRunning && !turns.isWorking(chat)) await queue.afterTurn();
  return queue.isRunning;
}
