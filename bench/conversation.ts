import { setTimeout as delay } from 'node:timers/promises';
import { createTelegramConnector } from '../src/connectors/telegram/telegram-connector.ts';
import type { AgentSessionId, Conversation } from '../src/core/ports/agent.ts';
import { ReplyStream } from '../src/core/replies/reply-stream.ts';
import { systemClock } from '../src/util/clock.ts';
import { silentLog } from '../src/util/log.ts';
import { startBotApi } from '../test/fixtures/bot-api/start.ts';
import { createClaudeStage, type ClaudeStage } from '../test/fixtures/claude-stage.ts';
import type { Bench, BenchSize, Figure } from './bench.ts';
import { median } from './figures.ts';
import { residentMb } from './process-figures.ts';

const TURNS = { full: 15, small: 2 };
const REPLIES = 5;
const DELTAS = 400;
const WRITING_MS = { full: 20_000, small: 1_000 };

export const benchConversation: Bench = {
  name: 'conversation',
  summary:
    'what a person waits for with the real Claude Code, whose model answers at once, and what a reply costs Telegram',
  run: async (size) => {
    const waits = await firstWords(TURNS[size]);
    const [edits, drafts] = await Promise.all([updatesOfAReply(false, size), updatesOfAReply(true, size)]);
    const what = `of a reply of ${DELTAS} deltas in ${WRITING_MS[size] / 1000} s`;
    return { figures: [...waits, median(`edits ${what}`, '', edits), median(`drafts ${what}`, '', drafts)] };
  },
};

/** The second message of a conversation, from the prompt to its first words. */
async function firstWords(turns: number): Promise<readonly Figure[]> {
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
    for (let turn = 0; turn < turns; turn += 1) {
      onLive.push((await ask(live)).firstWordsMs);
      const fresh = await askAnew(stage, session);
      onNew.push(fresh.firstWordsMs);
      session = fresh.session;
      resident.push(fresh.residentMb);
    }
    return [
      median('first words, of a Claude Code that runs', 'ms', onLive),
      median('first words, of one that is started for it', 'ms', onNew),
      median('memory of Claude Code itself after it', 'MB', resident),
    ];
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
  const resident = residentMb(await stage.pidOf(conversation));
  await conversation.close();
  return { ...answered, residentMb: resident };
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
async function updatesOfAReply(hasDrafts: boolean, size: BenchSize): Promise<readonly number[]> {
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
    await Promise.all(people.map(({ id }) => write(() => connector.openReply(chatOf(id)), WRITING_MS[size])));
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

async function write(
  openReply: ConstructorParameters<typeof ReplyStream>[0]['openReply'],
  writingMs: number,
): Promise<void> {
  const stream = new ReplyStream({ openReply, clock: systemClock, isStreaming: true });
  const begun = performance.now();
  for (let delta = 0; delta < DELTAS; delta += 1) {
    stream.take({ kind: 'text', delta: `word${delta} ` });
    await delay(Math.max(0, begun + ((delta + 1) * writingMs) / DELTAS - performance.now()));
  }
  await stream.finish({ costUsd: 0.01, durationMs: writingMs });
}
