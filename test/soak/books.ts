import { join } from 'node:path';
import { existsSync, readdirSync } from 'node:fs';
import { openDatabase } from '../../src/storage/database.ts';
import { answersTo, isMarkedAsRepeated, unmarked } from '../fixtures/books/answers.ts';
import { auditLinesOf } from '../fixtures/books/tool-runs.ts';
import type { SeenMessage } from '../fixtures/bot-api/messages.ts';
import { isNamed, type ChatPerson, type Sent } from './chat-person.ts';
import { callsThatRan } from './soak-model.ts';
import type { SoakWorld } from './world.ts';

/** What became of a message; `open`: nothing yet. */
export type Fate = 'answered' | 'excused' | 'open';

/** Words of leashd that say that something was not, or no longer, done; what they are about is told by when they came. */
const EXCUSES = [
  /^⚠️/m,
  /⏹ Stopped\./,
  /⏹ leashd was stopped/,
  /waiting messages? dropped/,
  /A fresh conversation in/,
  /🗑 Dropped/,
  /⏭ Passed over/,
  /⏹ Dropped/,
  /Nothing is running/,
  /^⛔ \S+ is not sent/m,
  // It went to Claude as the answer to a question.
  /^💬 /m,
];

export function fateOf(person: ChatPerson, sent: Sent): Fate {
  const messages = person.chat.messages({ includeDeleted: true }).filter(({ from }) => from.isBot);
  if (answersFor(sent, messages).length > 0) return 'answered';
  if (sent.kind === 'stop' || sent.kind === 'clear' || sent.kind === 'other') return 'answered';
  return messages.some((message) => isExcuseFor(person, sent, message, messages)) ? 'excused' : 'open';
}

/** What answers it and nothing else. */
function answersFor({ name, kind }: Sent, messages: readonly SeenMessage[]): readonly SeenMessage[] {
  if (kind === 'errand') return answersTo(name, messages);
  if (kind === 'file') return messages.filter(({ attached }) => attached?.name === name);
  return kind === 'unknown' ? messages.filter(({ text }) => isUnknown(name, text)) : [];
}

function isUnknown(name: string, text: string): boolean {
  return new RegExp(`There is no ${name}\\.`).test(text);
}

/** It came while the message could still be about this one: before the answer to anything later in the chat. */
function isExcuseFor(
  person: ChatPerson,
  sent: Sent,
  message: SeenMessage,
  messages: readonly SeenMessage[],
): boolean {
  if (message.text.includes('▶️ Resumed')) return false;
  if (!EXCUSES.some((words) => words.test(message.text))) return false;
  if (sent.kind === 'errand' && isNamed(sent.name, message.text)) return true;
  if (sent.kind === 'file' && message.text.includes(`⛔ ${sent.name} is not sent`)) return true;
  if (message.keyboard.length > 0 || message.sentAt < sent.at) return false;
  const later = person.sent.filter(({ kind, at }) => kind === sent.kind && at > sent.at);
  const nextAnswer = later.flatMap((one) => answersFor(one, messages))[0];
  return sent.kind !== 'errand' || nextAnswer === undefined || message.sentAt <= nextAnswer.sentAt;
}

/** What is wrong in one chat. */
export function chatFaults(person: ChatPerson): readonly string[] {
  const messages = person.chat.messages().filter(({ from }) => from.isBot);
  const faults: string[] = [];
  for (const sent of person.sent) {
    const answers = answersFor(sent, messages);
    const unsaid = unmarked(answers).length;
    const said = `chat ${person.chat.id}: ${sent.name}`;
    if (unsaid > 1) faults.push(`${said} was answered ${unsaid} times`);
    if (answers.length > 0 && isDropped(sent, messages)) faults.push(`${said} was dropped, and answered`);
    if (fateOf(person, sent) === 'open') faults.push(`${said} was not answered, and nothing says why`);
  }
  const open = person.open().map(({ id, text }) => `chat ${person.chat.id}: still open: #${id} ${text}`);
  return [...faults, ...open];
}

function isDropped({ name, errand }: Sent, messages: readonly SeenMessage[]): boolean {
  const isCard = ({ text }: SeenMessage): boolean => text.includes(`“${name}:`) && text.includes('🗑 Dropped');
  return errand?.whenCutOff === 'drop' && messages.some(isCard);
}

/** Each run of a command against what was decided about it. */
export function toolFaults({ rig, folder, chats }: SoakWorld): readonly string[] {
  const ran = callsThatRan(rig.project);
  const audit = auditFiles(folder).flatMap(auditLinesOf);
  const owners = new Set(chats.map(({ owner }) => owner));
  const approved = new Set<string>();
  const denied = new Set<string>();
  const faults: string[] = [];
  for (const { event, answer, call, by, decision } of audit) {
    if (event === 'approval_resolved' && answer === 'approved') {
      if (owners.has(String(by))) approved.add(String(call));
      else faults.push(`${String(call)} was approved by ${String(by)}, a stranger`);
    }
    if (event === 'tool_decided' && decision === 'deny') denied.add(String(call));
    if (
      event === 'tool_decided' &&
      decision === 'allow' &&
      isCommand(String(call)) &&
      !approved.has(String(call))
    )
      faults.push(`${String(call)} was allowed without an approval`);
  }
  for (const call of new Set(ran)) {
    const times = ran.filter((one) => one === call).length;
    if (times > 1) faults.push(`${call} ran ${times} times`);
    if (!approved.has(call)) faults.push(`${call} ran without an approval in the audit log`);
    if (denied.has(call)) faults.push(`${call} was denied, and ran`);
  }
  // Without its number: a part of an errand is done once, however often it was tried.
  const parts = new Set(ran.map((call) => call.replace(/\d+$/, '')));
  if (parts.size !== ran.length) faults.push(`${ran.length} commands ran for ${parts.size} parts of errands`);
  if (existsSync(join(rig.project, '..', 'forbidden.txt')))
    faults.push('something was written outside the project');
  return faults;
}

function isCommand(call: string): boolean {
  return /^call-errand-\d+-\d+-(?:write|pair)-/.test(call);
}

/** The oldest first. */
function auditFiles(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => /^audit.*\.jsonl$/.test(name));
  const aside = names.filter((name) => name !== 'audit.jsonl').toSorted();
  return [...aside, ...names.filter((name) => name === 'audit.jsonl')].map((name) => join(folder, name));
}

export function strangerFaults({ rig, model, stranger }: SoakWorld): readonly string[] {
  const said = rig.telegram.messages(stranger).filter(({ from }) => from.isBot);
  return [
    ...said.map(({ text }) => `the stranger was told: ${text}`),
    ...model.strangers.map((words) => `the stranger's words reached the model: ${words}`),
  ];
}

/** What is still to be done in the database, in words; undefined when it can't be read now. */
export function undone(database: string): readonly string[] | undefined {
  try {
    const opened = openDatabase(database, { isReadOnly: true });
    try {
      const inbox = opened.all("SELECT id, state, inbound FROM inbox WHERE state <> 'finished'");
      const outbox = opened.all('SELECT id, chat, trace FROM outbox');
      return [
        ...inbox.map((row) => `inbox ${JSON.stringify(row)}`),
        ...outbox.map((row) => `outbox ${JSON.stringify(row)}`),
      ];
    } finally {
      opened.close();
    }
  } catch {
    return undefined;
  }
}

export function integrityFault(database: string): string | undefined {
  const opened = openDatabase(database, { isReadOnly: true });
  try {
    const found = JSON.stringify(opened.all('PRAGMA integrity_check'));
    return found.includes('"ok"') ? undefined : `the database is not whole: ${found}`;
  } finally {
    opened.close();
  }
}

/** How many answers say of themselves that they may stand there twice. */
export function repeatedIn({ chat }: ChatPerson): number {
  return chat.messages().filter((message) => message.from.isBot && isMarkedAsRepeated(message)).length;
}
