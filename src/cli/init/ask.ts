import type { Readable, Writable } from 'node:stream';
import * as clack from '@clack/prompts';

/** The person turned away from the questions. */
export class Left extends Error {
  constructor() {
    super('the person left');
    this.name = 'Left';
  }
}

export type Choice<Value> = {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string | undefined;
};

/** Questions on a terminal. Each rejects with Left when the person goes away, or `until` aborts. */
export interface Ask {
  one<Value extends string>(
    message: string,
    choices: readonly Choice<Value>[],
    first?: Value,
  ): Promise<Value>;
  many(
    message: string,
    choices: readonly Choice<string>[],
    first: readonly string[],
    isNeeded: boolean,
  ): Promise<readonly string[]>;
  /** Without blanks around it. `problemWith` says what is wrong with what was typed. */
  text(message: string, problemWith: (given: string) => string | undefined): Promise<string>;
  /** Typed without being shown. */
  hidden(message: string, problemWith: (given: string) => string | undefined): Promise<string>;
  yes(message: string, isYesFirst: boolean, words?: YesWords): Promise<boolean>;
}

export type YesWords = {
  readonly yes?: string;
  readonly no?: string;
  /** Takes the question away; then it resolves with `true`. */
  readonly until?: AbortSignal;
};

export type AskOptions = {
  readonly input: Readable;
  readonly output: Writable;
  /** Aborts when the process is asked to end. */
  readonly signal: AbortSignal;
};

export function createAsk(options: AskOptions): Ask {
  // Ctrl-D closes the input under the library, which would wait for ever.
  clack.updateSettings({ aliases: { '\u0004': 'cancel' } });
  const answered = async <Value>(question: Question<Value>): Promise<Value> => {
    const answer = await put(options, question);
    if (answer === undefined) throw new Left();
    return answer;
  };
  return {
    one: (message, choices, first) =>
      answered((common) =>
        clack.select<string>({
          ...common,
          message,
          options: choices.map((choice) => optionOf(choice)),
          ...(first === undefined ? {} : { initialValue: first }),
        }),
      ) as Promise<never>,
    many: (message, choices, first, isNeeded) =>
      answered<string[]>((common) =>
        clack.multiselect<string>({
          ...common,
          message,
          options: choices.map((choice) => optionOf(choice)),
          initialValues: [...first],
          required: isNeeded,
        }),
      ),
    text: (message, problemWith) =>
      answered<string>(async (common) =>
        trimmed(await clack.text({ ...common, message, validate: (given) => problemWith(trimmed(given)) })),
      ),
    hidden: (message, problemWith) =>
      answered<string>(async (common) =>
        trimmed(
          await clack.password({
            ...common,
            message,
            clearOnError: true,
            validate: (given) => problemWith(trimmed(given)),
          }),
        ),
      ),
    yes: async (message, isYesFirst, { yes = 'Yes', no = 'No', until } = {}) => {
      const answer = await put<boolean>(
        options,
        (common) =>
          clack.confirm({ ...common, message, initialValue: isYesFirst, active: yes, inactive: no }),
        until,
      );
      return answer ?? true;
    },
  };
}

/** Nothing typed is an empty text. */
function trimmed<Given extends string | symbol>(given: Given | undefined): string | Exclude<Given, string>;
function trimmed(given: string | symbol | undefined): string | symbol {
  return typeof given === 'symbol' ? given : (given ?? '').trim();
}

type Question<Value> = (common: clack.CommonOptions) => Promise<Value | symbol>;

/** A signal of its own for each question: the library would obey an old one long after its answer. */
async function put<Value>(
  { input, output, signal }: AskOptions,
  question: Question<Value>,
  until?: AbortSignal,
): Promise<Value | undefined> {
  const own = new AbortController();
  const abort = (): void => own.abort();
  const signals = [signal, ...(until === undefined ? [] : [until])];
  for (const one of signals) one.addEventListener('abort', abort);
  if (signals.some(({ aborted }) => aborted)) abort();
  try {
    const answer = await question({ input, output, signal: own.signal });
    if (typeof answer !== 'symbol') return answer;
    if (until?.aborted === true && !signal.aborted) return undefined;
    throw new Left();
  } finally {
    for (const one of signals) one.removeEventListener('abort', abort);
  }
}

function optionOf({ value, label, hint }: Choice<string>): { value: string; label: string; hint?: string } {
  return { value, label, ...(hint === undefined ? {} : { hint }) };
}

/** What is said between the questions. */
export interface Voice {
  /** A heading, or a fact that was found. */
  step(text: string): void;
  done(text: string): void;
  warn(text: string): void;
  /** As it stands, without a margin. */
  plain(text: string): void;
  begin(text: string): void;
  end(text: string): void;
}

export function terminalVoice(output: Writable): Voice {
  const common = { output };
  return {
    step: (text) => clack.log.step(text, common),
    done: (text) => clack.log.success(text, common),
    warn: (text) => clack.log.warn(text, common),
    plain: (text) => void output.write(`${text}\n`),
    begin: (text) => clack.intro(text, common),
    end: (text) => clack.outro(text, common),
  };
}

/** For a pipe or a log: lines. */
export function plainVoice(output: Writable, errorOutput: Writable): Voice {
  const line = (text: string): void => void output.write(`${text}\n`);
  return {
    step: line,
    done: line,
    warn: (text) => void errorOutput.write(`warning: ${text}\n`),
    plain: line,
    begin: () => {},
    end: line,
  };
}
