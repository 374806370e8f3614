import { inspect } from 'node:util';
import { HiddenValues } from '../../util/hidden-values.ts';
import type { Redactor } from '../../util/redact.ts';

/**
 * Names with values that are nobody's business: what stands under `credentials` and `environment` in test.yaml.
 *
 * The values may go to one place only: into the agent's instructions for this session (`tellAgent`). They do not
 * belong in logs, errors, the audit, the chat, the session file, a digest or a store, so whatever turns this object
 * into text gets the names' count and nothing else. Who lets text out that the agent had a hand in has it redacted;
 * `hideIn` makes the values known to the redactor.
 */
export class PrivateValues {
  static readonly none = new PrivateValues(new Map<string, string>());
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = new Map(values);
  }

  get names(): readonly string[] {
    return [...this.#values.keys()];
  }

  /** One line `name: value` for each, for the agent's instructions of this session and for nothing else. */
  tellAgent(): readonly string[] {
    return [...this.#values].map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  }

  hideIn(redactor: Pick<Redactor, 'add'>): void {
    for (const value of this.#values.values()) redactor.add(value);
  }

  /** Takes them out of a text that the agent had a hand in. */
  hide(text: string): string {
    const hidden = new HiddenValues();
    for (const value of this.#values.values()) hidden.add(value);
    return hidden.hide(text);
  }

  toString(): string {
    return `[${this.#values.size} private values]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
