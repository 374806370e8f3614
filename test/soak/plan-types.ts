/** What Claude is asked for; see SoakModel for what it then does. */
export type ErrandKind =
  /** A short answer. */
  | 'talk'
  /** One that takes several messages. */
  | 'long'
  /** A command that takes an approval, and leaves its name in a file. */
  | 'write'
  /** Two of them at once. */
  | 'pair'
  /** A question with buttons. */
  | 'ask'
  /** Something to read was sent along. */
  | 'attached'
  /** A command that no approval can let pass. */
  | 'outside';

/** What the person does about the questions of an errand. */
export type TapStyle =
  /** As soon as the card is there; `double` twice, `late` after some seconds. */
  | 'at-once'
  | 'double'
  | 'late'
  /** A stranger's taps on it come first. */
  | 'stranger-first'
  | 'reject'
  /** In words, which rejects a command and answers a question. */
  | 'in-words';

/** One message of a person's, and all they will do about it. */
export type Errand = {
  /** Of its chat, in the order of the plan. */
  readonly number: number;
  readonly kind: ErrandKind;
  readonly taps: TapStyle;
  /** When leashd was stopped in the middle of it. */
  readonly whenCutOff: 'resume' | 'drop';
  /** When Claude is still at work on something else. */
  readonly whenQueued: 'wait' | 'now' | 'ignore';
};

export type TelegramFaultKind =
  /** The connection breaks before the method is carried out, or after it. */
  | 'drop-before'
  | 'drop-after'
  /** Its answer comes in half. */
  | 'half-answer'
  | 'server-error'
  | 'error-page'
  | 'too-many'
  | 'slow'
  /** Somebody else polls with the same token. */
  | 'conflict';

export type ModelFaultKind =
  'overloaded' | 'too-many' | 'server-error' | 'no-answer' | 'cut-stream' | 'slow' | 'slow-stream';

export type StrangerAct = 'text' | 'command' | 'forged-tap' | 'text-in-group';

export type CommandKind = 'file' | 'unknown' | 'status' | 'help' | 'pending' | 'history';

export type Act =
  | { readonly kind: 'say'; readonly chat: number; readonly errand: Errand }
  /** `number` makes its answer known among all others. */
  | {
      readonly kind: 'command';
      readonly chat: number;
      readonly command: CommandKind;
      readonly number: number;
    }
  | { readonly kind: 'stop' | 'clear'; readonly chat: number }
  | { readonly kind: 'stranger'; readonly act: StrangerAct; readonly number: number }
  | {
      readonly kind: 'telegram';
      readonly fault: TelegramFaultKind;
      readonly method: string;
      readonly times: number;
    }
  | { readonly kind: 'telegram-away'; readonly forMs: number }
  | { readonly kind: 'model'; readonly fault: ModelFaultKind; readonly times: number }
  | { readonly kind: 'disk-full'; readonly forMs: number }
  | { readonly kind: 'clock'; readonly byMs: number }
  | { readonly kind: 'reload'; readonly how: 'same' | 'broken' }
  /** `downMs`: until it is started again. */
  | { readonly kind: 'kill' | 'restart'; readonly downMs: number };

export type Step = Act & {
  /** Milliseconds from the beginning of the round. */
  readonly atMs: number;
};

/**
 * A stretch of the run, at whose end all faults are off, all is answered, and the books are checked. The process that
 * is there when a steady round begins lives on until its end.
 */
export type Round = {
  /** From 1 on. */
  readonly number: number;
  readonly kind: 'rough' | 'steady';
  readonly steps: readonly Step[];
};
