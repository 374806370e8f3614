import { basename } from 'node:path';
import type { RichText } from '../../util/rich-text.ts';
import { code, concat, join } from '../../util/rich-text.ts';
import { chatKey } from '../ports/chat.ts';
import type { PromptAnswer } from '../prompts/prompt-request.ts';
import { endedGrants } from './clear.ts';
import type { Command, Invocation } from './command.ts';

export const dirCommand: Command = {
  name: 'dir',
  summary: 'Show or switch the directory',
  usage: '[number or name]',
  isAllowedDuringTurn: false,
  run: async (invocation) => {
    const { args, say, services } = invocation;
    const directories = services.approvedDirectories;
    const chosen = args === '' ? await choose(invocation) : find(directories, args);
    if (chosen !== undefined) await move(invocation, chosen);
    else if (args !== '')
      await say(`No approved directory is called “${args}”. They are:\n\n${listed(directories)}`);
  },
};

function find(directories: readonly string[], wanted: string): string | undefined {
  const byName = directories.filter((directory) => directory === wanted || basename(directory) === wanted);
  return directories[Number(wanted) - 1] ?? (byName.length === 1 ? byName[0] : undefined);
}

function listed(directories: readonly string[]): string {
  return directories.map((directory, index) => `${index + 1}. \`${directory}\``).join('\n');
}

async function choose({ inbound, services, say }: Invocation): Promise<string | undefined> {
  const { sessions, prompts, approvedDirectories, promptTimeoutMs } = services;
  const { directory } = await sessions.open(inbound.chat);
  if (approvedDirectories.length < 2) {
    await say(`Claude works in \`${directory}\`, the only approved directory.`);
    return undefined;
  }
  const choices = approvedDirectories.map((path, index) => ({
    id: `d${index}`,
    key: String(index + 1),
    label: `${path === directory ? '• ' : ''}${basename(path)}`,
  }));
  const pathOf = (answer: PromptAnswer): string | undefined =>
    answer.kind === 'choice' ? approvedDirectories[Number(answer.choice.slice(1))] : undefined;
  const answer = await prompts.ask(
    {
      chat: inbound.chat,
      body: question(approvedDirectories),
      choices,
      timeoutMs: promptTimeoutMs,
      outcome: (given) => `Directory: ${pathOf(given) ?? `${directory} (unchanged)`}`,
    },
    new AbortController().signal,
  );
  return pathOf(answer);
}

function question(directories: readonly string[]): RichText {
  const lines = directories.map((directory, index) => concat(`${index + 1}. `, code(directory)));
  return concat('Where is Claude to work?\n', join(lines, '\n'));
}

async function move({ inbound, services, say }: Invocation, directory: string): Promise<void> {
  const { queue, conversations, sessions, remembered, audit } = services;
  const { chat, person } = inbound;
  // The choice may have taken minutes, and a message may have come meanwhile.
  if (queue.isRunning) {
    await say('Claude has begun to work meanwhile; /stop it first, then switch.');
    return;
  }
  const { id, directory: from } = await sessions.open(chat);
  if (from === directory) {
    await say(`📁 Claude works in \`${directory}\` already.`);
    return;
  }
  const change = { event: 'directory_changed', chat: chatKey(chat), session: id } as const;
  await audit.record({ ...change, from, to: directory, by: person.id });
  await conversations.close(chat);
  const ended = await remembered.endAll(chatKey(chat), 'directory');
  const session = await sessions.moveTo(chat, directory);
  const goingOn = session.turns === 0 ? '' : `, going on after ${session.turns} turn(s)`;
  await say(`📁 \`${directory}\`${goingOn}.${endedGrants(ended)}`);
}
