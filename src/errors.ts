/**
 * Whose fault an error is, which decides how it is told:
 * `person` – something they wrote or set (exit status 2); `machine` – disk, network, a missing program
 * (exit status 1); `bug` – leashd's own (exit status 70, with a stack).
 */
export type Fault = 'person' | 'machine' | 'bug';

export interface LeashdErrorOptions {
  /** What the person can do now, as one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** What is broken. What is merely refused is a value (a denial never throws). */
export class LeashdError extends Error {
  /** Stable, SCREAMING_SNAKE_CASE: what programs and documentation refer to. */
  readonly code: string;
  readonly fault: Fault;
  readonly hint: string | undefined;

  constructor(fault: Fault, code: string, message: string, options: LeashdErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'LeashdError';
    this.fault = fault;
    this.code = code;
    this.hint = options.hint;
  }
}

/** Something the person wrote or set is wrong; says what was expected and what came. */
export class PersonError extends LeashdError {
  constructor(code: string, message: string, options?: LeashdErrorOptions) {
    super('person', code, message, options);
    this.name = 'PersonError';
  }
}

/** The machine did not do its part: a file, a program, the network. */
export class MachineError extends LeashdError {
  constructor(code: string, message: string, options?: LeashdErrorOptions) {
    super('machine', code, message, options);
    this.name = 'MachineError';
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
