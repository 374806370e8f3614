import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { assertNever } from '../../src/util/assert-never.ts';
import { beginningOf, endOf } from '../fixtures/books/answers.ts';
import { linesOf } from '../fixtures/books/tool-runs.ts';
import type { MessagesApi } from '../fixtures/messages-api/api.ts';
import {
  drop,
  failure,
  message,
  text,
  toolUse,
  type Reply,
  type ReplyBlock,
} from '../fixtures/messages-api/reply.ts';
import { blocksOf, type Block, type RecordedRequest } from '../fixtures/messages-api/request.ts';
import type { ErrandKind, ModelFaultKind } from './plan-types.ts';

/** What a command of an errand leaves in the project: a file of its own, with a line for each time it ran. */
const LEFT = /^ran-call-errand-.*\.txt$/;
/** Beside the project: nothing may be written there. */
const FORBIDDEN = '../forbidden.txt';

const NAME = /errand-(\d+)-(\d+)-([a-z]+)/g;
const MOST_CALLS = 8;

/** The name under which an errand goes through all books; it says what is to be done. */
export function errandName(chat: number, number: number, kind: ErrandKind): string {
  return `errand-${chat}-${number}-${kind}`;
}

/** The calls that ran, each as often as it did. */
export function callsThatRan(project: string): readonly string[] {
  return readdirSync(project)
    .filter((name) => LEFT.test(name))
    .flatMap((name) => linesOf(join(project, name)));
}

type ToolResult = { readonly call: string; readonly isError: boolean };

/** A model that does what the errands in the last message ask for, and looks first what was done already. */
export class SoakModel {
  readonly #project: string;
  readonly #calls = new Map<string, number>();
  readonly #faults: ModelFaultKind[] = [];
  /** Errands that reached it. */
  readonly heard = new Set<string>();
  /** What a stranger said, should it ever come here. */
  readonly strangers: string[] = [];
  faultsUsed = 0;

  constructor(api: MessagesApi, project: string) {
    this.#project = project;
    api.on(
      () => true,
      (request, signal) => this.#reply(request, signal),
    );
  }

  spoil(fault: ModelFaultKind, times: number): void {
    for (let count = 0; count < times; count += 1) this.#faults.push(fault);
  }

  /** No faults any more. */
  heal(): void {
    this.#faults.length = 0;
  }

  async #reply(request: RecordedRequest, signal: AbortSignal): Promise<Reply> {
    if (JSON.stringify(request.body.messages).includes('stranger-')) this.strangers.push(request.prompt);
    if (request.kind !== 'main') return text('OK.');
    const fault = this.#faults.shift();
    if (fault !== undefined) this.faultsUsed += 1;
    switch (fault) {
      case 'overloaded':
        return failure(529);
      case 'too-many':
        return failure(429, undefined, { retryAfterSeconds: 1 });
      case 'server-error':
        return failure(500);
      case 'no-answer':
        return drop();
      case 'cut-stream':
        return drop({ afterDeltas: 12, text: 'It begins well, and then it ends.' });
      case 'slow':
        await delay(2_500, undefined, { signal });
        return this.#answer(request);
      case 'slow-stream':
        return slowly(this.#answer(request));
      case undefined:
        return this.#answer(request);
      default:
        return assertNever(fault);
    }
  }

  #answer({ body }: RecordedRequest): Reply {
    const at = body.messages.findLastIndex((one) => one.role === 'user' && wordsIn(blocksOf(one)) !== '');
    const asked = body.messages[at];
    const names = asked === undefined ? [] : namesIn(blocksOf(asked));
    if (names.length === 0) return text('There is no errand.');
    for (const name of names) this.heard.add(name);
    const results = body.messages.slice(at).flatMap((one) => resultsIn(blocksOf(one)));
    const calls = names.flatMap((name) => this.#callsFor(name, results));
    if (calls.length > 0) return message([{ type: 'text', text: 'It is to be done.' }, ...calls]);
    // All ends in the last message, however many there are.
    const told = names.map((name) => `${beginningOf(name)}: ${wordsFor(name)}`).join('\n\n');
    return text(`${told}\n\n${names.map(endOf).join(' ')}`, { chunkSize: 40, delayMs: 8 });
  }

  /** What is still to be done for an errand, as far as this turn has not tried. */
  #callsFor(name: string, results: readonly ToolResult[]): readonly ReplyBlock[] {
    const kind = name.split('-').at(-1) as ErrandKind;
    const prefix = `call-${name}-`;
    const isTried = results.some(({ call }) => call.startsWith(prefix));
    const number = (this.#calls.get(name) ?? 0) + 1;
    if (isTried || number > MOST_CALLS) return [];
    const block = (part: string, tool: string, input: object): ReplyBlock => {
      this.#calls.set(name, number);
      return toolUse(tool, input, `${prefix}${part}${number}`);
    };
    switch (kind) {
      case 'talk':
      case 'long':
      case 'attached':
        return [];
      case 'ask':
        return [block('q', 'AskUserQuestion', { questions: [question(name)] })];
      case 'outside':
        return [block('o', 'Bash', { command: `echo ${prefix}o${number} >> ${FORBIDDEN}` })];
      case 'write':
      case 'pair':
        return (kind === 'write' ? ['a'] : ['a', 'b'])
          .filter((part) => !this.#isDone(`${prefix}${part}`))
          .map((part) => block(part, 'Bash', { command: leaving(`${prefix}${part}${number}`) }));
      default:
        return assertNever(kind);
    }
  }

  #isDone(prefix: string): boolean {
    return callsThatRan(this.#project).some((call) => call.startsWith(prefix));
  }
}

function leaving(call: string): string {
  return `echo ${call} >> ran-${call}.txt`;
}

function slowly(reply: Reply): Reply {
  return reply.kind === 'message' ? { ...reply, chunkSize: 20, delayMs: 120 } : reply;
}

function question(name: string): object {
  return {
    question: `Which colour for ${name}?`,
    header: 'Colour',
    options: [
      { label: 'Red', description: 'as a rose' },
      { label: 'Green', description: 'as grass' },
    ],
    multiSelect: false,
  };
}

function wordsFor(name: string): string {
  return name.endsWith('-long') ? 'and so on, and so on. '.repeat(260) : 'that is that. ';
}

/** In what a person wrote, not in what came back from a tool. */
function namesIn(blocks: readonly Block[]): readonly string[] {
  return [...new Set(wordsIn(blocks).match(NAME) ?? [])];
}

function wordsIn(blocks: readonly Block[]): string {
  return blocks
    .flatMap(({ type, text: said }) =>
      type === 'text' && typeof said === 'string' && !said.startsWith('<system-reminder>') ? [said] : [],
    )
    .join('\n');
}

function resultsIn(blocks: readonly Block[]): readonly ToolResult[] {
  return blocks.flatMap((block) =>
    block.type === 'tool_result'
      ? [{ call: String(block['tool_use_id']), isError: block['is_error'] === true }]
      : [],
  );
}
