/** What happens in a turn, one step at a time. */
export type ScriptStep =
  | { readonly kind: 'say'; readonly text: string }
  /** A tool call as Claude Code would make it: `Edit` with `{ file_path, old_string, new_string }`. */
  | { readonly kind: 'tool'; readonly tool: string; readonly input: Readonly<Record<string, unknown>> };

/** What became of a step. `denied`: the gate said no, and why. What was said is `done` with no output. */
export type StepResult =
  | { readonly kind: 'done'; readonly output: string }
  | { readonly kind: 'failed'; readonly output: string }
  | { readonly kind: 'denied'; readonly message: string };

export type ScriptTurn = {
  /** Counted from 1 in a conversation. */
  readonly number: number;
  /** What the person wrote. */
  readonly text: string;
  /** Absolute path the conversation is in. */
  readonly directory: string;
};

/** Yields the steps of a turn and is given back what became of each, so that it can go on accordingly. */
export type Script = (turn: ScriptTurn) => Generator<ScriptStep, void, StepResult>;
