import type { Readable } from 'node:stream';
import { personId, type ChatRef, type Inbound, type MessageRef } from '../../core/ports/chat.ts';
import type {
  Connector,
  OutboundMessage,
  PromptView,
  Receipt,
  Receive,
  Reply,
} from '../../core/ports/connector.ts';
import { LeashdError, MachineError } from '../../errors.ts';
import { markdownToRichText } from '../../markdown/convert.ts';
import type { Clock } from '../../util/clock.ts';
import { Deliveries } from './deliveries.ts';
import { bodyOf, MessageLines } from './message-lines.ts';
import { Output, type TerminalStream } from './output.ts';
import { createPaint, type Paint } from './paint.ts';
import { PlainScreen } from './plain-screen.ts';
import { attachmentText, cardText } from './prompt-answer.ts';
import { PromptDesk } from './prompt-desk.ts';
import type { Screen } from './screen.ts';
import { TerminalReply } from './terminal-reply.ts';
import { TtyScreen } from './tty-screen.ts';

/** `unanswerable`: a question was open, and nobody can answer it any more; else turns may finish by themselves. */
export type TerminalEnd = 'finished' | 'unanswerable';

export interface TerminalConnectorOptions {
  readonly input: Readable;
  readonly output: TerminalStream;
  /** Both ends are a terminal that can move its cursor (so not with `TERM=dumb`). */
  readonly isTty: boolean;
  /** Left out: on a TTY, unless NO_COLOR is set (https://no-color.org). */
  readonly hasColors?: boolean | undefined;
  readonly clock: Clock;
  /** Shown as the one who approved. */
  readonly personName: string;
  /**
   * The person left (Ctrl-D, Ctrl-C twice), the input ended, or the terminal is gone. Called once, after all lines
   * before it were received; turns may still be running: it is for the caller to let them finish before `stop`.
   */
  readonly onEnd: (end: TerminalEnd) => void;
  /** Answers each prompt by itself with the id of a choice, for runs that nobody watches. */
  readonly autoAnswer?: ((prompt: PromptView) => string) | undefined;
}

const CHAT: ChatRef = { connector: 'terminal', chat: 'local' };
const SIGN = '> ';
const SIGN_CONTINUED = '… ';
const LEAVE_WITHIN_MS = 2_000;
const STOP_DEADLINE_MS = 4_000;

/** The terminal leashd was started in, as a chat with the one person who sits there. */
export function createTerminalConnector(options: TerminalConnectorOptions): Connector {
  return new TerminalConnector(options);
}

class TerminalConnector implements Connector {
  readonly name = CHAT.connector;
  readonly canPrompt: boolean;
  readonly asksOneByOne = true;
  readonly #options: TerminalConnectorOptions;
  readonly #output: Output;
  readonly #paint: Paint;
  readonly #screen: Screen;
  readonly #prompts: PromptDesk;
  readonly #deliveries: Deliveries;
  readonly #lines = new MessageLines();
  readonly #unfinished = new Set<Reply>();
  readonly #answeredAlone = new Set<string>();
  #draft: { readonly typed: string; readonly begun: string[] } | undefined;
  #interruptedAt = -Infinity;
  #state: 'new' | 'open' | 'ended' = 'new';
  #stopping: Promise<void> | undefined;

  constructor(options: TerminalConnectorOptions) {
    const { input, output, isTty, autoAnswer, clock, personName } = options;
    this.#options = options;
    this.canPrompt = isTty || autoAnswer !== undefined;
    this.#output = new Output(output, () => this.#end());
    this.#paint = createPaint(options.hasColors ?? (isTty && (process.env['NO_COLOR'] ?? '') === ''));
    this.#screen = isTty
      ? new TtyScreen(input, this.#output, (text) => this.#paint.dim(text))
      : new PlainScreen(input, this.#output);
    this.#deliveries = new Deliveries({
      chat: CHAT,
      person: { id: personId(CHAT.connector, CHAT.chat), name: personName },
      clock,
      onReceipt: (inbound, receipt) => this.#tell(inbound, receipt),
    });
    this.#prompts = new PromptDesk({
      chat: CHAT,
      screen: this.#screen,
      paint: this.#paint,
      clock,
      columns: () => this.#output.columns,
      deliver: (body) => this.#deliveries.deliver(body),
      onAsked: (sign) => (sign === undefined ? this.#askNoMore() : this.#askInstead(sign)),
    });
  }

  async start(receive: Receive): Promise<void> {
    this.#state = 'open';
    this.#deliveries.start(receive);
    this.#options.input.on('error', () => this.#end());
    this.#showSign();
    this.#screen.start({
      line: (text) => this.#take(text),
      interrupt: () => this.#interrupt(),
      end: () => {
        this.#say(this.#lines.take().join('\n'));
        this.#end(this.#tellEnd());
      },
    });
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async send(_chat: ChatRef, { content, attachment }: OutboundMessage): Promise<void> {
    const text = this.#paint.rich('markdown' in content ? markdownToRichText(content.markdown) : content);
    this.#screen.print(attachment ? `${text}\n${attachmentText(attachment, this.#paint)}` : text);
    await this.#output.flush();
  }

  openReply(): Reply {
    const reply = new TerminalReply({
      screen: this.#screen,
      paint: this.#paint,
      flush: () => this.#output.flush(),
      onFinished: () => this.#unfinished.delete(reply),
    });
    this.#unfinished.add(reply);
    return reply;
  }

  async showPrompt(_chat: ChatRef, prompt: PromptView): Promise<MessageRef> {
    const { autoAnswer, isTty } = this.#options;
    // Without a person, a pipe that ended still has its own answers.
    const isReachable = autoAnswer ? this.#state !== 'new' : isTty && this.#state === 'open';
    if (!isReachable || this.#stopping) {
      throw new MachineError('NOBODY_TO_ASK', 'nobody can be asked here: there is no terminal to answer in', {
        hint: 'Run leashd in a terminal, or set LEASHD_TELEGRAM_BOT_TOKEN to approve from Telegram.',
      });
    }
    const message = autoAnswer ? this.#answerAlone(prompt, autoAnswer(prompt)) : this.#prompts.show(prompt);
    await this.#output.flush();
    return message;
  }

  async updatePrompt({ message }: MessageRef, prompt: PromptView): Promise<void> {
    this.#prompts.update(message, prompt);
  }

  async closePrompt({ message }: MessageRef, prompt: PromptView, outcome: string): Promise<void> {
    if (this.#answeredAlone.delete(message)) {
      this.#screen.print(this.#paint.plain(outcome));
      return;
    }
    if (this.#prompts.asked?.message === message) {
      // An answer that came too late must not become the next question's.
      this.#screen.takeDraft();
      this.#lines.take();
    }
    this.#prompts.close(message, prompt.id, outcome);
  }

  #answerAlone(prompt: PromptView, answer: string): MessageRef {
    const choice = prompt.choices.find(({ id }) => id === answer);
    if (!choice) {
      const expected = prompt.choices.map(({ id }) => id).join(', ');
      throw new LeashdError(
        'bug',
        'AUTO_ANSWER',
        `expected one of ${expected} as the answer, got "${answer}"`,
      );
    }
    const message = `alone-${prompt.id}`;
    this.#answeredAlone.add(message);
    this.#screen.print(cardText(prompt, this.#paint));
    const why = this.#paint.dim('(answered by itself, because nobody watches this run)');
    this.#screen.print(`› ${this.#paint.bold(choice.label)} ${why}`);
    // Later, when whoever asked knows the message.
    setImmediate(() => {
      void this.#deliveries.deliver({ kind: 'tap', prompt: prompt.id, choice: choice.id });
    });
    return { chat: CHAT, message };
  }

  #take(line: string): void {
    const message = this.#lines.add(line);
    if (message !== undefined) this.#say(message);
    if (!this.#prompts.asked) this.#showSign();
  }

  #say(message: string): void {
    const body = bodyOf(message);
    if (body?.kind !== 'command' && this.#prompts.take(message)) return;
    if (body) void this.#deliveries.deliver(body);
  }

  #tell(inbound: Inbound, { notice }: Receipt): void {
    // A question that closes says so itself.
    if (notice === undefined || (inbound.kind === 'tap' && !this.#prompts.isOpen(inbound.prompt))) return;
    this.#screen.print(this.#paint.dim(notice));
  }

  #showSign(): void {
    this.#screen.setSign(this.#lines.isContinuing ? SIGN_CONTINUED : SIGN, false);
  }

  /** A question takes the line over: what was being typed must not answer it. */
  #askInstead(sign: string): void {
    const typed = this.#screen.takeDraft();
    const begun = this.#lines.take();
    this.#draft ??= { typed, begun };
    this.#screen.setSign(sign, true);
  }

  /** The line is for messages again, and what was being typed comes back once no question is open. */
  #askNoMore(): void {
    if (this.#draft && !this.#prompts.hasOpen) {
      const { typed, begun } = this.#draft;
      this.#draft = undefined;
      this.#lines.put([...begun, ...this.#lines.take()]);
      this.#screen.putDraft(typed + this.#screen.takeDraft());
    }
    this.#showSign();
  }

  #interrupt(): void {
    const now = this.#options.clock.monotonic();
    const isSecond = now - this.#interruptedAt < LEAVE_WITHIN_MS;
    this.#interruptedAt = now;
    if (isSecond) {
      this.#end();
    } else if (this.#unfinished.size > 0 || this.#prompts.hasOpen) {
      this.#screen.print(this.#paint.dim('Stopping… (Ctrl-C again leaves)'));
      void this.#deliveries.deliver({ kind: 'command', name: 'stop', args: '' });
    } else if (this.#screen.takeDraft() !== '' || this.#lines.take().length > 0) {
      this.#interruptedAt = -Infinity;
      this.#showSign();
    } else {
      this.#screen.print(this.#paint.dim('(Ctrl-C again, or Ctrl-D, leaves)'));
    }
  }

  /** What becomes of a turn that the person no longer types to. */
  #tellEnd(): TerminalEnd {
    if (!this.#options.isTty || this.#state !== 'open') return 'finished';
    if (this.#prompts.hasOpen) {
      this.#screen.print(this.#paint.dim('Stopping: nobody can answer the open question any more.'));
      return 'unanswerable';
    }
    if (this.#unfinished.size > 0)
      this.#screen.print(this.#paint.dim('Finishing this answer; Ctrl-C stops it.'));
    return 'finished';
  }

  #end(end: TerminalEnd = 'finished'): void {
    if (this.#state !== 'open' || this.#stopping) return;
    this.#state = 'ended';
    void this.#deliveries.settled().then(() => this.#options.onEnd(end));
  }

  async #stop(): Promise<void> {
    this.#prompts.stop();
    this.#screen.close();
    const { clock } = this.#options;
    await new Promise<void>((resolve) => {
      const deadline = clock.after(STOP_DEADLINE_MS, resolve);
      const finish = (): void => {
        deadline.cancel();
        resolve();
      };
      void this.#deliveries
        .settled()
        .then(() => this.#output.flush())
        .then(finish, finish);
    });
  }
}
