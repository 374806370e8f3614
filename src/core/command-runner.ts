import { messageOf } from '../errors.ts';
import type { ChatQueues } from './chat-queues.ts';
import { isInTheWay } from './commands/between-turns.ts';
import type { CommandServices, Invocation } from './commands/command.ts';
import { commandNamed, unknownCommand } from './commands/named-command.ts';
import type { CoreContext } from './context.ts';
import { hasFiles } from './incoming-files.ts';
import type { Inbound } from './ports/chat.ts';

export interface CommandRunnerOptions extends CoreContext {
  readonly services: Omit<CommandServices, 'queue'>;
  readonly queues: ChatQueues;
}

type CommandInbound = Inbound & { readonly kind: 'command' };

/** Runs what people write with a slash, and sees that each of them is answered and finished. */
export class CommandRunner {
  readonly #options: CommandRunnerOptions;

  constructor(options: CommandRunnerOptions) {
    this.#options = options;
  }

  /** Rejects only where its answer could not be delivered, or the inbox fails. */
  async run(inbound: CommandInbound): Promise<void> {
    const { queues, log, services } = this.#options;
    const { commands, inbox } = services;
    const command = commandNamed(commands, inbound.name);
    const submission = { isSubmitted: false };
    const invocation = this.#invocation(inbound, submission);
    const isAlbum = queues.gather(inbound);
    const held = command?.holdsQueue === true || isAlbum ? queues.of(inbound.chat) : undefined;
    held?.hold();
    await inbox.start([inbound.id]);
    try {
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

  #isInTheWay({ chat }: CommandInbound): Promise<boolean> {
    const { queues, services } = this.#options;
    return isInTheWay(queues.of(chat), services.turns, chat);
  }

  #invocation(inbound: CommandInbound, submission: { isSubmitted: boolean }): Invocation {
    const { connectorOf, queues, services } = this.#options;
    const { chat } = inbound;
    return {
      inbound,
      args: inbound.args.trim(),
      services: { ...services, queue: queues.of(chat) },
      say: async (said, attachment) => {
        const content = typeof said === 'string' ? { markdown: said } : said;
        await connectorOf(chat).send(chat, { content, attachment });
      },
      submit: (text) => {
        submission.isSubmitted = true;
        queues.add({ ...inbound, kind: 'text', text });
      },
    };
  }
}
