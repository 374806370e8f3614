import type { InboundBody } from '../../core/ports/chat.ts';

/** Joins lines that end with a backslash to one message. */
export class MessageLines {
  #begun: string[] = [];

  get isContinuing(): boolean {
    return this.#begun.length > 0;
  }

  /** The whole message, or undefined while it goes on. */
  add(line: string): string | undefined {
    // An even number of backslashes at the end is meant as it stands.
    const isContinued = (/\\*$/.exec(line)?.[0].length ?? 0) % 2 === 1;
    this.#begun.push(isContinued ? line.slice(0, -1) : line);
    return isContinued ? undefined : this.take().join('\n');
  }

  /** Takes away what was begun. */
  take(): string[] {
    const begun = this.#begun;
    this.#begun = [];
    return begun;
  }

  put(begun: string[]): void {
    this.#begun = begun;
  }
}

// A path (`/usr/bin is empty`) is no command: after the name comes a blank or nothing.
const COMMAND = /^\/([a-z][a-z0-9_-]*)(?:\s+([\s\S]*))?$/i;

/** What a message says; undefined when it says nothing. */
export function bodyOf(message: string): Extract<InboundBody, { kind: 'text' | 'command' }> | undefined {
  const text = message.trim();
  if (text === '') return undefined;
  const [, name, args] = COMMAND.exec(text) ?? [];
  if (name === undefined) return { kind: 'text', text };
  return { kind: 'command', name: name.toLowerCase(), args: args?.trim() ?? '' };
}
