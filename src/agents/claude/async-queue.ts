/** Values that one side pushes and the other side awaits, in order. Never rejects. */
export class AsyncQueue<Value> implements AsyncIterable<Value> {
  #values: Value[] = [];
  #isEnded = false;
  #wake: (() => void) | undefined;

  /** Ignored once the queue has ended. */
  push(value: Value): void {
    if (this.#isEnded) return;
    this.#values.push(value);
    this.#wake?.();
  }

  /** What was pushed before is still delivered. */
  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Value, void> {
    for (;;) {
      const values = this.#values;
      this.#values = [];
      yield* values;
      if (this.#values.length > 0) continue;
      if (this.#isEnded) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
