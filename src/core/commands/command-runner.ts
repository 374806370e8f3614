import { messageOf } from '../../errors.ts';
import { newId } from '../../util/ids.ts';
import { plain } from '../../util/rich-text.ts';
import type { TextInbound } from '../queue/chat-queue.ts';
import type { ChatQueues } from '../queue/chat-queues.ts';
import { isInTheWay } from './between-turns.ts';
import type { CommandServices, Invocation, NextStep } from './command.ts';
import { commandNamed, unknownCommand } from './named-command.ts';
import type { CoreContext } from '../context.ts';
import { hasFiles } from '../turns/incoming-files.ts';
import { NextSteps } from '../prompts/next-steps.ts';
import { OwnedWork } from '../owned-work.ts';
import type { Inbound, Person } from '../ports/chat.ts';

export interface CommandRunnerOptions extends CoreContext {
  readonly services: Omit<CommandServices, 'queue'>;
  readonly queues: ChatQueues;
}

type CommandInbound = Inbound & { readonly kind: 'command' };

/** Runs what people write with a slash, and sees that each of them is answered and finished. */
export class CommandRunner {
  readonly #options: CommandRunnerOptions;
  readonly #work: OwnedWork;
  readonly #nextSteps: NextSteps;

  constructor(options: CommandRunnerOptions) {
    this.#options = options;
    this.#work = new OwnedWork(options);
    this.#nextSteps = new NextSteps({
      log: options.log,
      runStep: (step, from, by) => this.#runStep(step, from, by),
    });
  }

  /** Resolves when nothing runs that a button began. */
  async settled(): Promise<void> {
    await this.#nextSteps.settled();
    await this.#work.settled();
  }

  /** Rejects only where its answer could not be delivered, or the inbox fails. */
  async run(inbound: CommandInbound): Promise<void> {
    const { queues, log, services } = this.#options;
    const { commands, inbox } = services;
    const command = commandNamed(commands, inbound.name);
    const submission = { isSubmitted: false };
    const submit = (text: string): void => {
      submission.isSubmitted = true;
      queues.add({ ...inbound, kind: 'text', text });
    };
    const invocation = this.#invocation(inbound, submit);
    const isAlbum = queues.gather(inbound);
    const held = command?.holdsQueue === true || isAlbum ? queues.of(inbound.chat) : undefined;
    if (command?.holdsQueue === true) held?.holdToDrop();
    else held?.hold();
    try {
      await this.#start(inbound);
      if (!command) await invocation.say(unknownCommand(inbound.name, commands));
      else if (!command.isAllowedDuringTurn && (await this.#isInTheWay(inbound)))
        await invocation.say(`Claude is working. /stop it first, then /${command.name}.`);
      else await command.run(invocation);
      if (hasFiles(inbound) && !submission.isSubmitted)
        await invocation.say(`📎 The file with /${inbound.name} was not used.`);
    } catch (fault) {
      log.error('command_failed', { command: inbound.name, fault });
      await invocation.say(`⚠️ /${inbound.name} failed: ${messageOf(fault)}`);
    } finally {
      held?.release();
      // What was handed on to the agent is finished by its turn.
      if (!submission.isSubmitted) await inbox.finish([inbound.id]);
    }
  }

  /** Only says after a crash how far it had got, so that a full disk keeps nobody from a /stop. */
  async #start({ id, name }: CommandInbound): Promise<void> {
    const { log, services } = this.#options;
    try {
      await services.inbox.start([id]);
    } catch (fault) {
      log.warn('command_not_marked', { command: name, reason: messageOf(fault) });
    }
  }

  #isInTheWay({ chat }: CommandInbound): Promise<boolean> {
    const { queues, services } = this.#options;
    return isInTheWay(queues.of(chat), services.turns, chat);
  }

  /** A button under an answer, tapped. Never rejects. */
  async #runStep(step: NextStep, from: Invocation, person: Person): Promise<void> {
    const { clock, log } = this.#options;
    const { name, chat, isPrivate } = from.inbound;
    const [, args = ''] = /^\/\S+\s+([^]*)$/.exec(step.typed) ?? [];
    const id = newId<'InboundId'>();
    const receivedAt = clock.now();
    const inbound: CommandInbound = { kind: 'command', id, chat, isPrivate, person, receivedAt, name, args };
    const invocation = this.invocationFor(inbound);
    try {
      if (step.isReading !== true && (await this.#isInTheWay(inbound)))
        await invocation.say(plain(`Claude is working. /stop it first, then ${step.typed}.`));
      else await step.run(invocation);
    } catch (fault) {
      log.error('step_failed', { step: step.typed, fault });
      await this.#sayFailed(invocation, `${step.typed} failed: ${messageOf(fault)}`);
    }
  }

  /** As if that person had written it, though nobody has. */
  invocationFor(inbound: CommandInbound): Invocation {
    return this.#invocation(inbound, (text) => {
      this.#work.own('hand a text to the agent', this.#submit({ ...inbound, kind: 'text', text }));
    });
  }

  /** Nobody sent it as a message: it is in the inbox first, as one of those is. */
  async #submit(text: TextInbound): Promise<void> {
    const { services, queues, connectorOf } = this.#options;
    try {
      await services.inbox.add(text);
    } catch (fault) {
      const content = plain(`⚠️ That did not go to Claude: ${messageOf(fault)}`);
      await connectorOf(text.chat).send(text.chat, { content });
      return;
    }
    queues.resume(text.chat, [text]);
  }

  async #sayFailed({ say }: Invocation, words: string): Promise<void> {
    try {
      await say(plain(`⚠️ ${words}`));
    } catch (fault) {
      this.#options.log.error('notice_not_delivered', { reason: messageOf(fault) });
    }
  }

  #invocation(inbound: CommandInbound, submit: Invocation['submit']): Invocation {
    const { connectorOf, queues, services } = this.#options;
    const { chat } = inbound;
    const invocation: Invocation = {
      inbound,
      args: inbound.args.trim(),
      services: { ...services, queue: queues.of(chat) },
      say: async (said, attachment) => {
        const content = typeof said === 'string' ? { markdown: said } : said;
        await connectorOf(chat).send(chat, { content, attachment });
      },
      offer: async (said, steps, attachment) => {
        const { renderMarkdown = plain } = services;
        const body = typeof said === 'string' ? renderMarkdown(said) : said;
        await this.#nextSteps.offer(invocation, { body, steps, attachment });
      },
      submit,
    };
    return invocation;
  }
}
