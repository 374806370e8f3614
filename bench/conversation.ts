import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { createTelegramConnector } from '../src/connectors/telegram/telegram-connector.ts';
import type { AgentSessionId, Conversation } from '../src/core/ports/agent.ts';
import { ReplyStream } from '../src/core/replies/reply-stream.ts';
import { systemClock } from '../src/util/clock.ts';
import { silentLog } from '../src/util/log.ts';
import { createRig } from '../test/e2e/rig.ts';
import { startBotApi } from '../test/fixtures/bot-api/start.ts';
import { createClaudeStage, type ClaudeStage } from '../test/fixtures/claude-stage.ts';

const TURNS = 15;
const REPLIES = 5;
const DELTAS = 400;
const WRITING_MS = 20_000;
const CHATS = 300;
const SMALL_HEAP = '--max-old-space-size=64 --max-semi-space-size=1';

/** What a person waits for, what a reply costs Telegram, and what a chat costs the machine. */
export async function benchConversation(): Promise<void> {
  console.log(`conversation: Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}`);
  await benchFirstWords();
  const [edits, drafts] = await Promise.all([updatesOfAReply(false), updatesOfAReply(true)]);
  const what = `a reply of ${DELTAS} deltas in ${WRITING_MS / 1000} s`;
  report(`${what}, in a message`, edits, 'edits');
  report(`${what}, in a draft`, drafts, 'drafts');
  await benchMemory('resident memory of leashd', {});
  await benchMemory('the same with a small heap', { NODE_OPTIONS: SMALL_HEAP });
}

/** The second message of a conversation, from the prompt to its first words; the model answers at once. */
async function benchFirstWords(): Promise<void> {
  const stage = await createClaudeStage();
  try {
    const live = stage.open();
    await ask(live);
    const ended = stage.open();
    let { session } = await ask(ended);
    await ended.close();
    const onLive: number[] = [];
    const onNew: number[] = [];
    const resident: number[] = [];
    for (let turn = 0; turn < TURNS; turn += 1) {
      onLive.push((await ask(live)).firstWordsMs);
      const fresh = await askAnew(stage, session);
      onNew.push(fresh.firstWordsMs);
      session = fresh.session;
      resident.push(fresh.residentMb);
    }
    report('first words on the live process', onLive, 'ms');
    report('first words on a new process', onNew, 'ms');
    report('resident memory of claude after it', resident, 'MB');
  } finally {
    await stage.dispose();
  }
}

async function askAnew(
  stage: ClaudeStage,
  resume: AgentSessionId | undefined,
): Promise<Answered & { readonly residentMb: number }> {
  const conversation = stage.open({ resume });
  const answered = await ask(conversation);
  const residentMb = residentMbOf(await stage.pidOf(conversation));
  await conversation.close();
  return { ...answered, residentMb };
}

type Answered = { readonly firstWordsMs: number; readonly session: AgentSessionId | undefined };

async function ask(conversation: Conversation): Promise<Answered> {
  const asked = performance.now();
  let firstWordsMs = NaN;
  let session: AgentSessionId | undefined;
  for await (const event of conversation.run({ text: 'And now?' })) {
    if (event.kind === 'text' && Number.isNaN(firstWordsMs)) firstWordsMs = performance.now() - asked;
    if (event.kind === 'finished') session = event.agentSession;
  }
  return { firstWordsMs, session };
}

/** How often each of some replies was changed while it grew, at the default throttle and Telegram's own limits. */
async function updatesOfAReply(hasDrafts: boolean): Promise<readonly number[]> {
  const server = await startBotApi({ hasDrafts });
  const connector = createTelegramConnector({
    token: server.token,
    apiRoot: server.url,
    log: silentLog,
    clock: systemClock,
    redact: (words) => words,
    commands: [],
  });
  try {
    await connector.start(async () => ({}));
    const people = Array.from({ length: REPLIES }, (_, index) => server.person(100 + index));
    for (const { chat } of people) chat.addBot();
    await Promise.all(people.map(({ id }) => write(() => connector.openReply(chatOf(id)))));
    const method = hasDrafts ? 'sendMessageDraft' : 'editMessageText';
    const calls = server.calls(method);
    return people.map(
      ({ id }) => calls.filter(({ params }) => String(params['chat_id']) === String(id)).length,
    );
  } finally {
    await connector.stop();
    await server.stop();
  }
}

const chatOf = (id: number) => ({ connector: 'telegram', chat: String(id) }) as const;

async function write(openReply: ConstructorParameters<typeof ReplyStream>[0]['openReply']): Promise<void> {
  const stream = new ReplyStream({ openReply, clock: systemClock, isStreaming: true });
  const begun = performance.now();
  for (let delta = 0; delta < DELTAS; delta += 1) {
    stream.take({ kind: 'text', delta: `word${delta} ` });
    await delay(Math.max(0, begun + ((delta + 1) * WRITING_MS) / DELTAS - performance.now()));
  }
  await stream.finish({ costUsd: 0.01, durationMs: WRITING_MS });
}

/**
 * leashd's own process, before and after many chats began a session; no agent runs. Left alone, most of what it takes is
 * garbage that nobody has collected yet; with a small heap there is less of that.
 */
async function benchMemory(name: string, environment: Readonly<Record<string, string>>): Promise<void> {
  const rig = await createRig();
  try {
    const people = Array.from({ length: CHATS }, (_, index) => rig.telegram.person(1_000 + index));
    const ids = people.map(({ id }) => id).join(',');
    const { pid } = await rig.start({ LEASHD_ALLOWED_USER_IDS: ids, ...environment });
    const before = residentMbOf(pid);
    for (const person of people) person.send('/status');
    await rig.telegram.waitFor(() => people.every(({ chat }) => chat.messages().length > 1), 60_000);
    const after = residentMbOf(pid);
    const each = ((after - before) * 1024) / CHATS;
    const line = `${before.toFixed(0)} MB, with ${CHATS} chats ${after.toFixed(0)} MB: ${each.toFixed(0)} KB a chat`;
    console.log(`${name.padEnd(48)} ${line}`);
  } finally {
    await rig.dispose();
  }
}

function residentMbOf(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}

function report(what: string, figures: readonly number[], unit: string): void {
  const sorted = figures.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.round((sorted.length - 1) * share)] ?? NaN).toFixed(0);
  const spread = `p50 ${at(0.5)} ${unit}   from ${at(0)} to ${at(1)} (${sorted.length})`;
  console.log(`${what.padEnd(48)} ${spread}`);
}
