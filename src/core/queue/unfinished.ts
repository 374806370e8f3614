import { messageOf } from '../../errors.ts';
import type { ModeRuns } from '../modes/mode-runs.ts';
import type { ChatQueues } from './chat-queues.ts';
import type { TextInbound } from './chat-queue.ts';
import type { Command } from '../commands/command.ts';
import { commandNamed } from '../commands/named-command.ts';
import type { CoreContext } from '../context.ts';
import { quote } from './cut-off-turns.ts';
import type { OwnedWork } from '../owned-work.ts';
import { hasFiles } from '../turns/incoming-files.ts';
import { chatKey, type ChatKey, type ChatRef, type Inbound } from '../ports/chat.ts';
import type { Inbox } from '../ports/store.ts';

export interface UnfinishedOptions extends Pick<CoreContext, 'log'> {
  readonly inbox: Inbox;
  readonly modeRuns: ModeRuns;
  readonly queues: ChatQueues;
  readonly commands: readonly Command[];
  /** Chats of connectors that are not here keep theirs. */
  readonly isHere: (chat: ChatRef) => boolean;
  readonly say: (chat: ChatRef, markdown: string) => Promise<void>;
  /** Takes over what nobody waits for. */
  readonly work: OwnedWork;
  /** leashd stops: what could not be said is said by the next process. */
  readonly isStopping: () => boolean;
}

type Entry = Awaited<ReturnType<Inbox['unfinished']>>[number];

/** Takes up what the last process left in the inbox: what waited goes on by itself, what was cut off when somebody says so. */
export async function takeUpUnfinished(options: UnfinishedOptions): Promise<void> {
  const chats = new Map<ChatKey, Entry[]>();
  for (const entry of await options.inbox.unfinished()) {
    const { chat } = entry.inbound;
    if (options.isHere(chat)) chats.set(chatKey(chat), [...(chats.get(chatKey(chat)) ?? []), entry]);
  }
  for (const entries of chats.values()) await takeUpIn(entries, options);
}

/** What is left of one chat. */
async function takeUpIn(entries: readonly Entry[], options: UnfinishedOptions): Promise<void> {
  const { modeRuns, queues, commands, say, work, log } = options;
  const waiting: TextInbound[] = [];
  const cutOff: TextInbound[] = [];
  const others: Inbound[] = [];
  await modeRuns.goBackAfter(entries.map(({ inbound }) => inbound));
  for (const { inbound, state } of entries) {
    const turnText = state === 'started' ? turnTextOf(inbound, commands) : undefined;
    if (state === 'waiting' && inbound.kind === 'text') waiting.push(inbound);
    else if (turnText) cutOff.push(turnText);
    else others.push(inbound);
    if (state === 'started')
      log.warn('turn_was_cut_off', { inbound: inbound.id, chat: chatKey(inbound.chat) });
  }
  // What was sent after it takes the conversation on, as it would have without the crash.
  if (waiting.length > 0) others.unshift(...cutOff.splice(0));
  const hint = waiting.length > 0 ? '' : ' Send it again to go on.';
  for (const inbound of others) work.own('say what was cut off', giveUp(inbound, hint, options));
  const [first] = waiting.length > 0 ? waiting : cutOff;
  if (!first) return;
  if (waiting.length === 0) {
    await queues.offerCutOff(first.chat, cutOff);
    return;
  }
  work.own(
    'say what goes on',
    say(first.chat, `Going on with what you sent before: ${waiting.map(quote).join(', ')}`),
  );
  queues.takeUp(first.chat, waiting);
}

/** It is in the inbox until its person knows: a stop or a crash before that loses nothing. */
async function giveUp(
  inbound: Inbound,
  hint: string,
  { inbox, say, isStopping, log }: UnfinishedOptions,
): Promise<void> {
  try {
    await say(inbound.chat, `⚠️ leashd was stopped while it worked on ${quote(inbound)}.${hint}`);
  } catch (fault) {
    if (isStopping()) return;
    log.warn('cut_off_not_told', { inbound: inbound.id, reason: messageOf(fault) });
  }
  await inbox.finish([inbound.id]);
}

/** What the agent was given, where it may have been at work on it. */
function turnTextOf(inbound: Inbound, commands: readonly Command[]): TextInbound | undefined {
  if (inbound.kind === 'text') return inbound;
  if (inbound.kind !== 'command' || (inbound.args.trim() === '' && !hasFiles(inbound))) return undefined;
  const command = commandNamed(commands, inbound.name);
  return command?.submits === true ? { ...inbound, kind: 'text', text: inbound.args.trim() } : undefined;
}
