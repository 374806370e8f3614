import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApprover } from '../src/core/prompts/approvals.ts';
import { EventBus } from '../src/core/events/event-bus.ts';
import type { PromptView } from '../src/core/ports/connector.ts';
import type { ApprovalAnswer, ApprovalRequest } from '../src/core/ports/gate.ts';
import { Prompts } from '../src/core/prompts/prompts.ts';
import { openStores } from '../src/storage/open-stores.ts';
import { systemClock } from '../src/util/clock.ts';
import { newId } from '../src/util/ids.ts';
import { silentLog } from '../src/util/log.ts';
import { plain } from '../src/util/rich-text.ts';
import { ada, recordingConnector } from '../test/fixtures/recording-connector.ts';
import type { Bench, Figure } from './bench.ts';
import { median, single, tail } from './figures.ts';

const PENDING = { full: 1_000, small: 50 };

export const benchApprovals: Bench = {
  name: 'approvals',
  summary: 'from a tap to the answer that the gate waits for, while a thousand questions are open',
  run: async (size) => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-bench-approvals-')));
    try {
      const pending = PENDING[size];
      const ofMany = await measure({ path: join(folder, 'many.db'), pending, kinds: pending });
      const ofOne = await measure({ path: join(folder, 'one.db'), pending, kinds: 1 });
      return { figures: [...ofMany, ...ofOne] };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

/** `kinds`: 1 when all of them could be approved in one go. */
async function measure({
  path,
  pending,
  kinds,
}: {
  readonly path: string;
  readonly pending: number;
  readonly kinds: number;
}): Promise<readonly Figure[]> {
  const stores = openStores({ path, log: silentLog, clock: systemClock });
  const connector = recordingConnector();
  const events = new EventBus({ log: silentLog });
  const prompts = new Prompts({
    connectorOf: () => connector,
    clock: systemClock,
    log: silentLog,
    events,
    store: stores.prompts,
    audit: { record: async () => {} },
  });
  const approver = createApprover({ prompts, events, chatOf: () => connector.chat });
  const never = new AbortController();
  const released: number[] = [];
  const answers: Promise<ApprovalAnswer>[] = [];
  const asking = performance.now();
  for (let index = 0; index < pending; index += 1) {
    const answer = approver.ask(requestOf(index, `kind ${index % kinds}`), never.signal);
    answers.push(answer.finally(() => released.push(performance.now())));
  }
  await connector.until(() => connector.prompts.length === pending);
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  const asked = performance.now() - asking;

  const times: number[] = [];
  // By their ids, so in no order of theirs.
  const order = connector.prompts.map(({ view }) => view).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  for (const view of order) {
    const answer = await tapped(prompts, connector.chat, view);
    times.push((released.at(-1) ?? NaN) - answer);
  }
  const outcomes = await Promise.all(answers);
  if (outcomes.some(({ kind }) => kind !== 'approved')) throw new Error('not all of them were approved');
  await prompts.settled();
  await stores.close();
  const name = `tap to release, ${pending} open ${kinds === 1 ? 'of one kind' : 'of as many kinds'}`;
  return [
    median(name, 'ms', times),
    tail(`${name}, p99`, 'ms', times),
    single(`all ${pending} shown${kinds === 1 ? ', of one kind' : ''}`, 'ms', asked),
  ];
}

/** Taps Approve; resolves, once that is answered, with when it was tapped. */
async function tapped(
  prompts: Prompts,
  chat: { readonly connector: string; readonly chat: string },
  { id }: PromptView,
): Promise<number> {
  const inbound = { id: newId<'InboundId'>(), chat, isPrivate: true, person: ada, receivedAt: 0 } as const;
  const begun = performance.now();
  await prompts.tap({ ...inbound, kind: 'tap', prompt: id, choice: 'approve' });
  // The answer passes through some more hands before the gate has it.
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  return begun;
}

function requestOf(index: number, kindDigest: string): ApprovalRequest {
  const command = `touch part-${index}.txt`;
  return {
    call: { id: `call-${index}`, tool: 'Bash', input: { command }, directory: '/p' },
    context: {
      chat: 'test:1',
      session: 's',
      turn: 't',
      directories: ['/p'],
      mode: { name: 'default', mayChange: true, grants: [] },
    },
    footprint: { tool: 'Bash', commands: [], effects: [], unknowns: [], digest: 'd' },
    decision: { action: 'ask', layer: 'policy', rule: 'default-action', reason: 'None', risk: 'medium' },
    card: { body: plain(command), subject: `runs ${command}` },
    offers: [],
    kindDigest,
    timeoutMs: 3_000_000,
  };
}
