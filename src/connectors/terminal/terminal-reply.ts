import type { Reply, ReplyState } from '../../core/ports/connector.ts';
import type { Paint } from './paint.ts';
import type { Screen } from './screen.ts';

export interface TerminalReplyOptions {
  readonly screen: Screen;
  readonly paint: Paint;
  /** Resolves once all that was printed has left. */
  readonly flush: () => Promise<void>;
  readonly onFinished: () => void;
}

/** An answer as it grows. What is printed stays, so each state prints only what it adds to the one before. */
export class TerminalReply implements Reply {
  readonly #options: TerminalReplyOptions;
  #printed = '';
  #isFinished = false;

  constructor(options: TerminalReplyOptions) {
    this.#options = options;
  }

  show({ markdown, status }: ReplyState): void {
    if (this.#isFinished) return;
    this.#grow(markdown);
    this.#options.screen.setStatus(status === undefined ? undefined : this.#options.paint.plain(status));
  }

  async finish({ markdown, status }: ReplyState): Promise<void> {
    if (!this.#isFinished) {
      this.#isFinished = true;
      const { screen, paint, onFinished } = this.#options;
      screen.setStatus(undefined);
      this.#grow(markdown);
      screen.endLine();
      if (status !== undefined && status !== '') screen.print(paint.dim(status));
      onFinished();
    }
    await this.#options.flush();
  }

  #grow(markdown: string): void {
    // Half of a surrogate pair waits for the other half.
    const now = markdown.replace(/[\uD800-\uDBFF]$/, '');
    const { screen, paint } = this.#options;
    const added = addition(this.#printed, now);
    if (added === undefined) {
      screen.endLine();
      screen.append(paint.plain(now));
    } else screen.append(paint.plain(added));
    this.#printed = now;
  }
}

/** What `now` has more than `before`; undefined when it is another text. */
function addition(before: string, now: string): string | undefined {
  if (now.startsWith(before)) return now.slice(before.length);
  let same = 0;
  while (same < now.length && before[same] === now[same]) same += 1;
  // Blanks at the end may be trimmed on the way; the newlines among them are printed already.
  const trimmed = before.slice(same);
  if (trimmed.trim() !== '') return undefined;
  const newlines = trimmed.split('\n').length - 1;
  const begun = /^\n*/.exec(now.slice(same))?.[0].length ?? 0;
  return now.slice(same + Math.min(newlines, begun));
}
