import { messageOf } from '../errors.ts';
import { nearest } from '../util/nearest.ts';
import { ChatQueue, type TextInbound } from './chat-queue.ts';
import type { Command, CommandServices, Invocation } from './commands/command.ts';
import type { CoreContext } from './context.ts';
import type { Conversations } from './conversations.ts';
import { CutOffTurns, quote } from './cut-off-turns.ts';
import { compose, type Middleware } from './middleware/compose.ts';
import { OwnedWork } from './owned-work.ts';
import { chatKey, type ChatKey, type ChatRef, type Inbound } from './ports/chat.ts';
import type { Connector, Receipt } from './ports/connector.ts';
import type { Remembered } from './ports/grants.ts';
import type { Inbox, MessageStore } from './ports/store.ts';
import type { Prompts } from './prompts/prompts.ts';
import type { Sessions } from './sessions.ts';
import type { Turns } from './turn.ts';
import { WaitingOffers } from './waiting-offers.ts';

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

type Unfinished = Awaited<ReturnType<Inbox['unfinished']>>[number];

/** Milliseconds that turns, and then connectors, get to end by themselves when leashd stops. */
const STOP_PATIENCE_MS = 2400;

/** Takes what people do, and sees that it is answered: once, in order, and by nobody who was not let in. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #queues = new Map<ChatKey, ChatQueue>();
  readonly #work: OwnedWork;
  readonly #offers: WaitingOffers;
  readonly #cutOff: CutOffTurns;
  readonly #throughMiddleware: (inbound: Inbound) => Promise<Receipt>;
  readonly #takenUp = Promise.withResolvers<void>();
  #isStopping = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#work = new OwnedWork({ log: options.log });
    const { prompts, inbox, clock, turns } = options;
    const work = this.#work;
    this.#offers = new WaitingOffers({
      prompts,
      work,
      clock,
      isWorking: (chat) => turns.isWorking(chat),
      interrupt: (chat) => this.#makeRoom(chat),
    });
    this.#cutOff = new CutOffTurns({
      prompts,
      inbox,
      work,
      resume: (chat, texts) => this.#resume(chat, texts),
      say: (chat, markdown) => this.#say(chat, markdown),
    });
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
    this.#offers.closeAll('⏹ leashd was stopped; this goes to Claude when it is back');
    this.#cutOff.keepAll();
    for (const queue of this.#queues.values()) {
      // For good: what waits is the next process's.
      queue.hold();
      queue.dropWaiting();
    }
    prompts.cancel(reason);
    await Promise.race([this.#endTurns(), this.#patience()]);
    this.#takenUp.resolve();
    const stopped = Promise.all([...connectors.values()].map((connector) => connector.stop()));
    await Promise.race([stopped, this.#patience()]);
    events.emit('engine.stopped', { reason });
  }

  async #endTurns(): Promise<void> {
    this.#options.turns.stop();
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
    const queue = this.#queueOf(text.chat);
    if (queue.add(text) === 'started') return;
    if (queue.isHeld) {
      this.#say(text.chat, '⏳ Queued: it goes to Claude in a moment.', { isPassing: true });
    } else if (prompts.canAskAside(text.chat)) {
      this.#offers.offer(text.chat, queue.waiting);
    } else {
      const why =
        prompts.openIn(text.chat) > 0
          ? 'Claude waits for your answer above first'
          : 'Claude is still working. /stop interrupts it and drops this';
      this.#say(text.chat, `⏳ Queued: ${why}.`, { isPassing: true });
    }
  }

  /** Ends the running turn, so that what waits behind it begins. */
  async #makeRoom(chat: ChatRef): Promise<void> {
    const { prompts, turns } = this.#options;
    prompts.cancel('you sent another message instead', chat);
    await turns.interrupt(chat);
  }

  #resume(chat: ChatRef, texts: readonly TextInbound[]): void {
    // Else the next process offers it again.
    if (!this.#isStopping) this.#queueOf(chat).add(...texts);
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
      turns,
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
      turns,
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
    const { inbox, connectors } = this.#options;
    const chats = new Map<ChatKey, Unfinished[]>();
    for (const entry of await inbox.unfinished()) {
      if (!connectors.has(entry.inbound.chat.connector)) continue;
      const key = chatKey(entry.inbound.chat);
      chats.set(key, [...(chats.get(key) ?? []), entry]);
    }
    for (const entries of chats.values()) await this.#takeUpIn(entries);
  }

  /** What is left of one chat: what waited goes on by itself, what was cut off only when somebody says so. */
  async #takeUpIn(entries: readonly Unfinished[]): Promise<void> {
    const { inbox, log } = this.#options;
    const waiting: TextInbound[] = [];
    const cutOff: TextInbound[] = [];
    const others: Inbound[] = [];
    for (const { inbound, state } of entries) {
      const turnText = state === 'started' ? this.#turnTextOf(inbound) : undefined;
      if (state === 'waiting' && inbound.kind === 'text') waiting.push(inbound);
      else if (turnText) cutOff.push(turnText);
      else others.push(inbound);
      if (state === 'started')
        log.warn('turn_was_cut_off', { inbound: inbound.id, chat: chatKey(inbound.chat) });
    }
    // What was sent after it takes the conversation on, as it would have without the crash.
    if (waiting.length > 0) others.unshift(...cutOff.splice(0));
    const hint = waiting.length > 0 ? '' : ' Send it again to go on.';
    for (const inbound of others)
      this.#say(inbound.chat, `⚠️ leashd was stopped while it worked on ${quote(inbound)}.${hint}`);
    await inbox.finish(others.map(({ id }) => id));
    const [first] = waiting.length > 0 ? waiting : cutOff;
    if (!first) return;
    if (waiting.length === 0) {
      await this.#cutOff.offer(first.chat, cutOff);
      return;
    }
    this.#say(first.chat, `Going on with what you sent before: ${waiting.map(quote).join(', ')}`);
    this.#queueOf(first.chat).add(...waiting);
  }

  /** What the agent was given, where it may have been at work on it. */
  #turnTextOf(inbound: Inbound): TextInbound | undefined {
    if (inbound.kind === 'text') return inbound;
    if (inbound.kind !== 'command' || inbound.args.trim() === '') return undefined;
    const command = this.#options.commands.find(({ name }) => name === inbound.name);
    return command?.submits === true ? { ...inbound, kind: 'text', text: inbound.args.trim() } : undefined;
  }

  #queueOf(chat: ChatRef): ChatQueue {
    const key = chatKey(chat);
    const known = this.#queues.get(key);
    if (known) return known;
    const queue = new ChatQueue({
      runTurn: (texts) => {
        this.#offers.close(chat, '▶️ Claude has it');
        this.#cutOff.close(chat, '⏭ Passed over: you sent something else. “Go on” takes it up');
        return this.#options.turns.run(texts);
      },
      onDropped: () => {
        this.#offers.close(chat, '⏹ Dropped');
        this.#cutOff.close(chat, '⏹ Dropped');
      },
    });
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

function unknownCommand(name: string, commands: readonly Command[]): string {
  const meant = nearest(
    name,
    commands.map((command) => command.name),
  );
  return `There is no /${name}.${meant === undefined ? '' : ` Did you mean /${meant}?`} /help lists the commands.`;
}
