/** Whether a plan of a conversation lies before the person: until they have answered, it is not to change. */
export class ShownPlan {
  #count = 0;

  get isOpen(): boolean {
    return this.#count > 0;
  }

  /** Rejects as `review` does. */
  async during<Verdict>(review: () => Promise<Verdict>): Promise<Verdict> {
    this.#count += 1;
    try {
      return await review();
    } finally {
      this.#count -= 1;
    }
  }
}
