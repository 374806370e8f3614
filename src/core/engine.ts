import { messageOf } from '../errors.ts';
import { nearest } from '../util/nearest.ts';
import { ChatQueue, type TextInbound } from './chat-queue.ts';
import type { Command, CommandServices, Invocation } from './commands/command.ts';
import type { CoreContext } from './context.ts';
import type { Conversations } from './conversations.ts';
import { compose, type Middleware } from './middleware/compose.ts';
import { OwnedWork } from './owned-work.ts';
import { chatKey, type ChatKey, type ChatRef, type Inbound } from './ports/chat.ts';
import type { Connector, Receipt } from './ports/connector.ts';
import type { Remembered } from './ports/grants.ts';
import type { Inbox, MessageStore } from './ports/store.ts';
import type { Prompts } from './prompts/prompts.ts';
import type { Sessions } from './sessions.ts';
import type { Turns } from './turn.ts';

export interface EngineOptions extends CoreContext {
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly middleware: readonly Middleware[];
  readonly commands: readonly Command[];
  readonly sessions: Sessions;
  readonly conversations: Conversations;
  readonly prompts: Prompts;
  readonly turns: Turns;
  readonly inbox: Inbox;
  readonly messages: MessageStore;
  readonly remembered: Remembered;
  readonly approvedDirectories: readonly string[];
  readonly promptTimeoutMs: number;
  readonly version: string;
  readonly osSandbox?: string | undefined;
}

/** Milliseconds that turns, and then connectors, get to end by themselves when leashd stops. */
const STOP_PATIENCE_MS = 2400;

/** Takes what people do, and sees that it is answered: once, in order, and by nobody who was not let in. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #queues = new Map<ChatKey, ChatQueue>();
  readonly #work: OwnedWork;
  readonly #throughMiddleware: (inbound: Inbound) => Promise<Receipt>;
  readonly #takenUp = Promise.withResolvers<void>();
  #isStopping = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#work = new OwnedWork({ log: options.log });
    this.#throughMiddleware = compose(options.middleware, (inbound) => this.#route(inbound));
  }

  /** Lets the connectors receive; what the last process left comes before anything new. */
  async start(): Promise<void> {
    const { connectors, prompts, events } = this.#options;
    const leftOpen = await prompts.closeLeftOpen();
    for (const connector of connectors.values()) {
      await connector.start(async (inbound) => {
        await this.#takenUp.promise;
        return this.receive(inbound);
      });
    }
    prompts.showClosed(leftOpen.filter(({ chat }) => connectors.has(chat.connector)));
    await this.#takeUpUnfinished();
    this.#takenUp.resolve();
    events.emit('engine.started', { connectors: [...connectors.keys()] });
  }

  /** Closes open questions, ends turns and agents, then the connectors. Within five seconds; harmless when repeated. */
  async stop(reason: string): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    const { prompts, connectors, events } = this.#options;
    for (const queue of this.#queues.values()) queue.dropWaiting();
    prompts.cancel(reason);
    await Promise.race([this.#endTurns(), this.#patience()]);
    this.#takenUp.resolve();
    const stopped = Promise.all([...connectors.values()].map((connector) => connector.stop()));
    await Promise.race([stopped, this.#patience()]);
    events.emit('engine.stopped', { reason });
  }

  async #endTurns(): Promise<void> {
    await this.#options.conversations.closeAll();
    await Promise.all([...this.#queues.values()].map((queue) => queue.idle()));
    await this.#options.prompts.settled();
  }

  /** Resolves when no turn and no command runs any more. */
  async idle(): Promise<void> {
    await this.#work.settled();
    await Promise.all([...this.#queues.values()].map((queue) => queue.idle()));
  }

  /** A connector's inbound. Resolves when it is safe or answered, never after a turn; never rejects. */
  async receive(inbound: Inbound): Promise<Receipt> {
    if (this.#isStopping) return { notice: 'leashd is stopping.' };
    try {
      return await this.#throughMiddleware(inbound);
    } catch (fault) {
      this.#options.log.error('inbound_failed', { inbound: inbound.id, fault });
      this.#say(
        inbound.chat,
        `⚠️ That could not be taken: ${messageOf(fault)}. Send it again to try once more.`,
      );
      return { notice: 'That could not be taken.' };
    }
  }

  async #route(inbound: Inbound): Promise<Receipt> {
    const { prompts, inbox, events, log } = this.#options;
    if (inbound.kind === 'tap') return prompts.tap(inbound);
    if ((await inbox.add(inbound)) === 'duplicate') {
      log.debug('inbound_duplicate', { inbound: inbound.id });
      return {};
    }
    events.emit('message.in', { inbound });
    if (inbound.kind === 'text') {
      const receipt = await prompts.takeReply(inbound);
      if (receipt) {
        await inbox.finish([inbound.id]);
        return receipt;
      }
      this.#enqueue(inbound);
    } else if (inbound.kind === 'command') {
      this.#work.own(`/${inbound.name}`, this.#runCommand(inbound));
    } else {
      this.#say(inbound.chat, `I can't read ${inbound.what} yet. Write it as text, please.`);
      await inbox.finish([inbound.id]);
    }
    return {};
  }

  #enqueue(text: TextInbound): void {
    const { prompts } = this.#options;
    if (this.#queueOf(text.chat).add(text) === 'started') return;
    this.#say(
      text.chat,
      prompts.openIn(text.chat) > 0
        ? '⏳ Queued: Claude waits for your answer above first.'
        : '⏳ Queued: Claude is still working. /stop interrupts it.',
      { isPassing: true },
    );
  }

  async #runCommand(inbound: Inbound & { readonly kind: 'command' }): Promise<void> {
    const { commands, inbox } = this.#options;
    const say: Invocation['say'] = async (said, attachment) => {
      const content = typeof said === 'string' ? { markdown: said } : said;
      await this.#options.connectorOf(inbound.chat).send(inbound.chat, { content, attachment });
    };
    const command = commands.find(({ name }) => name === inbound.name);
    const submission = { isSubmitted: false };
    const held = command?.holdsQueue === true ? this.#queueOf(inbound.chat) : undefined;
    held?.hold();
    await inbox.start([inbound.id]);
    try {
      if (!command) await say(unknownCommand(inbound.name, commands));
      else if (!command.isAllowedDuringTurn && this.#queueOf(inbound.chat).isRunning) {
        await say(`Claude is working. /stop it first, then /${command.name}.`);
      } else await command.run(this.#invocation(inbound, say, submission));
    } catch (fault) {
      this.#options.log.error('command_failed', { command: inbound.name, fault });
      await say(`⚠️ /${inbound.name} failed: ${messageOf(fault)}`);
    } finally {
      held?.release();
      // What was handed on to the agent is finished by its turn.
      if (!submission.isSubmitted) await inbox.finish([inbound.id]);
    }
  }

  #invocation(
    inbound: Inbound & { readonly kind: 'command' },
    say: Invocation['say'],
    submission: { isSubmitted: boolean },
  ): Invocation {
    const {
      sessions,
      conversations,
      prompts,
      clock,
      commands,
      approvedDirectories,
      promptTimeoutMs,
      version,
      osSandbox,
      inbox,
      messages,
      remembered,
      audit,
    } = this.#options;
    const queue = this.#queueOf(inbound.chat);
    const services: CommandServices = {
      commands,
      sessions,
      conversations,
      prompts,
      queue,
      inbox,
      messages,
      remembered,
      audit,
      clock,
      approvedDirectories,
      promptTimeoutMs,
      version,
      osSandbox,
    };
    const submit = (text: string): void => {
      submission.isSubmitted = true;
      this.#enqueue({ ...inbound, kind: 'text', text });
    };
    return { inbound, args: inbound.args.trim(), services, say, submit };
  }

  async #takeUpUnfinished(): Promise<void> {
    const { inbox, log } = this.#options;
    for (const { inbound, state } of await inbox.unfinished()) {
      if (!this.#options.connectors.has(inbound.chat.connector)) continue;
      if (state === 'waiting' && inbound.kind === 'text') {
        this.#say(inbound.chat, `Going on with what you sent before: ${quote(inbound)}`);
        this.#queueOf(inbound.chat).add(inbound);
      } else {
        await inbox.finish([inbound.id]);
        log.warn('turn_was_cut_off', { inbound: inbound.id, chat: chatKey(inbound.chat) });
        this.#say(
          inbound.chat,
          `⚠️ leashd was stopped while it worked on ${quote(inbound)}. Send it again to go on.`,
        );
      }
    }
  }

  #queueOf(chat: ChatRef): ChatQueue {
    const key = chatKey(chat);
    const known = this.#queues.get(key);
    if (known) return known;
    const queue = new ChatQueue({ runTurn: (texts) => this.#options.turns.run(texts) });
    this.#queues.set(key, queue);
    return queue;
  }

  #say(chat: ChatRef, markdown: string, options: { readonly isPassing?: boolean } = {}): void {
    const message = { content: { markdown }, ...options };
    this.#work.own('a notice', this.#options.connectorOf(chat).send(chat, message));
  }

  #patience(): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.after(STOP_PATIENCE_MS, resolve);
    });
  }
}

function quote(inbound: Inbound): string {
  if (inbound.kind === 'command') return `/${inbound.name}`;
  if (inbound.kind !== 'text') return 'your last message';
  const line = inbound.text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 60 ? `“${line.slice(0, 60).toWellFormed().trimEnd()}…”` : `“${line}”`;
}

function unknownCommand(name: string, commands: readonly Command[]): string {
  const meant = nearest(
    name,
    commands.map((command) => command.name),
  );
  return `There is no /${name}.${meant === undefined ? '' : ` Did you mean /${meant}?`} /help lists the commands.`;
}
