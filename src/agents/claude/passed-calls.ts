/** Calls are asked about right after the gate has let them pass; far more than can be on their way at once. */
const MOST = 200;

/** What the gate has let pass, so that nothing else is taken for it. */
export class PassedCalls {
  readonly #calls = new Map<string, string>();

  add(id: string, tool: string, input: unknown): void {
    this.#calls.set(id, contentOf(tool, input));
    const [oldest] = this.#calls.keys();
    if (this.#calls.size > MOST && oldest !== undefined) this.#calls.delete(oldest);
  }

  /** Whether the gate has let just this call pass; true once. */
  take(id: string, tool: string, input: unknown): boolean {
    const isPassed = this.#calls.get(id) === contentOf(tool, input);
    this.#calls.delete(id);
    return isPassed;
  }
}

function contentOf(tool: string, input: unknown): string {
  return JSON.stringify([tool, input]);
}
