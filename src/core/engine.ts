import { messageOf } from '../errors.ts';
import { WHAT_CAN_BE_SENT } from './turns/attachments.ts';
import type { TextInbound } from './queue/chat-queue.ts';
import { ChatQueues } from './queue/chat-queues.ts';
import { CommandRunner } from './commands/command-runner.ts';
import type { CommandServices } from './commands/command.ts';
import type { CoreContext } from './context.ts';
import { drain, type DrainOptions } from './queue/drain.ts';
import type { Deliveries } from './replies/deliveries.ts';
import { hasFiles } from './turns/incoming-files.ts';
import { compose, type Middleware } from './middleware/compose.ts';
import { OwnedWork } from './owned-work.ts';
import type { ChatRef, Inbound } from './ports/chat.ts';
import type { Connector, Receipt } from './ports/connector.ts';
import type { Inbox, Outbox } from './ports/store.ts';
import type { ModeRuns } from './modes/mode-runs.ts';
import { takeUpUnfinished } from './queue/unfinished.ts';
import type { Turns } from './turns/turn.ts';

export interface EngineOptions extends CoreContext {
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly middleware: readonly Middleware[];
  readonly deliveries: Deliveries;
  /** Where the owners are told what happens to leashd itself. */
  readonly homes: () => readonly ChatRef[];
  /** What commands work with, the engine too. */
  readonly services: Omit<CommandServices, 'queue'> & {
    readonly turns: Turns;
    readonly modeRuns: ModeRuns;
    readonly outbox: Pick<Outbox, 'undelivered'>;
  };
}

export type EngineFigures = {
  /** That were spoken in since the start. */
  readonly chats: number;
  /** Agent processes that live. */
  readonly agents: number;
  /** Turns whose agents are at work. */
  readonly running: number;
  /** Questions that wait for a person. */
  readonly pending: number;
  /** Messages that wait for their turn. */
  readonly waiting: number;
  /** Answers that are not delivered whole. */
  readonly undelivered: number;
  /** US dollars. */
  readonly todayUsd: number;
};

/** Milliseconds that turns, and then connectors, get to end by themselves when leashd stops. */
const STOP_PATIENCE_MS = 2400;

/** Takes what people do, and sees that it is answered: once, in order, and by nobody who was not let in. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #work: OwnedWork;
  readonly #queues: ChatQueues;
  readonly #runner: CommandRunner;
  readonly #throughMiddleware: (inbound: Inbound) => Promise<Receipt>;
  readonly #takenUp = Promise.withResolvers<void>();
  #isStopping = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#work = new OwnedWork({ log: options.log });
    this.#queues = new ChatQueues({
      ...options,
      ...options.services,
      work: this.#work,
      say: (chat, markdown, how) => this.#say(chat, markdown, how),
    });
    this.#runner = new CommandRunner({ ...options, queues: this.#queues });
    options.services.modeRuns.attach((inbound) => this.#runner.invocationFor(inbound));
    this.#throughMiddleware = compose(options.middleware, (inbound) => this.#route(inbound));
  }

  /** Lets the connectors receive; what the last process left comes before anything new. */
  async start(): Promise<void> {
    const { connectors, deliveries, events, services } = this.#options;
    const isHere = (chat: ChatRef): boolean => connectors.has(chat.connector);
    const leftOpen = await services.prompts.closeLeftOpen();
    for (const connector of connectors.values()) {
      await connector.start(async (inbound) => {
        await this.#takenUp.promise;
        return this.receive(inbound);
      });
    }
    services.prompts.showClosed(leftOpen.filter(({ chat }) => isHere(chat)));
    await deliveries.takeUp(isHere);
    await takeUpUnfinished({
      ...this.#options,
      ...services,
      queues: this.#queues,
      isHere,
      say: (chat, markdown) => this.#options.connectorOf(chat).send(chat, { content: { markdown } }),
      work: this.#work,
      isStopping: () => this.#isStopping,
    });
    this.#takenUp.resolve();
    events.emit('engine.started', { connectors: [...connectors.keys()] });
  }

  /**
   * Begins no further turn (what comes is kept for the next start), and gives the running ones time to end; those that
   * wait for a person get none. To be followed by `stop`.
   */
  async drain(options: DrainOptions): Promise<void> {
    if (this.#isStopping) return;
    const { deliveries, services } = this.#options;
    deliveries.leave();
    this.#queues.stop();
    await drain(
      { ...this.#options, ...services, work: this.#work, idle: () => this.#queues.idle() },
      options,
    );
  }

  /**
   * What goes on now, in figures.
   * @throws what the stores throw.
   */
  async figures(): Promise<EngineFigures> {
    const { sessions, conversations, prompts, turns, budgets, outbox } = this.#options.services;
    const [undelivered, { spentUsd }] = await Promise.all([outbox.undelivered(), budgets.today()]);
    return {
      chats: sessions.chatCount,
      agents: conversations.liveCount,
      running: turns.working.length,
      pending: prompts.openCount,
      waiting: this.#queues.waiting,
      undelivered: undelivered.length,
      todayUsd: spentUsd,
    };
  }

  /** Closes open questions, ends turns and agents, then the connectors. Within five seconds; harmless when repeated. */
  async stop(reason: string): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    const { connectors, deliveries, events, services } = this.#options;
    deliveries.stop();
    this.#queues.stop();
    services.prompts.cancel(reason);
    await Promise.race([this.#endTurns(), this.#patience()]);
    this.#takenUp.resolve();
    const stopped = Promise.all([...connectors.values()].map((connector) => connector.stop()));
    await Promise.race([stopped, this.#patience()]);
    events.emit('engine.stopped', { reason });
  }

  async #endTurns(): Promise<void> {
    const { turns, conversations, oneOffs, gitPlaces, prompts } = this.#options.services;
    turns.stop();
    gitPlaces.stop();
    await Promise.all([conversations.closeAll(), oneOffs.closeAll()]);
    await this.#queues.idle();
    await prompts.settled();
  }

  /** Resolves when no turn and no command runs any more. */
  async idle(): Promise<void> {
    await this.#work.settled();
    await this.#runner.settled();
    await this.#queues.idle();
  }

  /** A connector's inbound. Resolves when it is safe or answered, never after a turn; never rejects. */
  async receive(inbound: Inbound): Promise<Receipt> {
    if (this.#isStopping && inbound.kind === 'tap') return { notice: 'leashd is stopping.' };
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

  /** Tells the owners, each in their own chat; resolves when it is there, or was given up. Never rejects. */
  async announce(markdown: string): Promise<void> {
    const { homes, connectorOf, log } = this.#options;
    const told = homes().map((chat) => connectorOf(chat).send(chat, { content: { markdown } }));
    for (const sent of await Promise.allSettled(told))
      if (sent.status === 'rejected')
        log.warn('announcement_not_delivered', { reason: messageOf(sent.reason) });
  }

  /** leashd's own message, which is in the inbox already: it goes behind what waits. */
  submit(text: TextInbound): void {
    this.#queues.resume(text.chat, [text]);
  }

  async #route(inbound: Inbound): Promise<Receipt> {
    const { events, log, services } = this.#options;
    const { prompts, inbox } = services;
    if (inbound.kind === 'tap') return prompts.tap(inbound);
    if ((await this.#keep(inbound)) === 'duplicate') {
      log.debug('inbound_duplicate', { inbound: inbound.id });
      return {};
    }
    // The next process takes it up: it is in the inbox, and Telegram is told that it need not come again.
    if (this.#isStopping) return {};
    events.emit('message.in', { inbound });
    if (inbound.kind === 'text') {
      // An answer is words: what has files with it waits for its turn.
      const receipt = hasFiles(inbound) ? undefined : await prompts.takeReply(inbound);
      if (receipt) {
        await inbox.finish([inbound.id]);
        return receipt;
      }
      this.#queues.add(inbound);
    } else if (inbound.kind === 'command') {
      this.#work.own(`/${inbound.name}`, this.#runner.run(inbound));
    } else {
      this.#say(inbound.chat, `I can’t take ${inbound.what}. I take ${WHAT_CAN_BE_SENT}.`);
      await inbox.finish([inbound.id]);
    }
    return {};
  }

  /** What makes the leash tighter is done whether or not it can be kept. */
  async #keep(inbound: Inbound): ReturnType<Inbox['add']> {
    const { log, services } = this.#options;
    try {
      return await services.inbox.add(inbound);
    } catch (fault) {
      if (inbound.kind !== 'command' || inbound.name !== 'stop') throw fault;
      log.error('stop_not_kept', { inbound: inbound.id, reason: messageOf(fault) });
      return 'new';
    }
  }

  #say(chat: ChatRef, markdown: string, { isPassing }: { readonly isPassing?: boolean } = {}): void {
    const message = { content: { markdown }, isPassing };
    this.#work.own('a notice', this.#options.connectorOf(chat).send(chat, message));
  }

  #patience(): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.after(STOP_PATIENCE_MS, resolve);
    });
  }
}
