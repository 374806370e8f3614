import type { RichText } from '../../../util/rich-text.ts';
import type { Invocation, NextStep } from '../command.ts';
import type { Person } from '../../ports/chat.ts';
import type { Attachment } from '../../ports/connector.ts';
import type { Repository } from '../../ports/git.ts';
import type { Refused } from '../../ports/git-data.ts';
import type { PromptAnswer, PromptRequest } from '../../prompts/prompt-request.ts';
import type { GitPlace } from './git-place.ts';

/** What may follow /git, as data: help and "did you mean" come from here. */
export type GitSubcommand = {
  /** `status`, `stash pop`, `merge --abort`. */
  readonly name: string;
  readonly aliases?: readonly string[] | undefined;
  /** What may follow: `[path]`. */
  readonly usage?: string | undefined;
  /** One line. */
  readonly summary: string;
  /** True: for those who may approve, and between turns. */
  readonly isChanging: boolean;
  readonly run: (task: GitTask) => Promise<void>;
};

/** One subcommand at work on one repository. */
export interface GitTask {
  readonly invocation: Invocation;
  readonly args: string;
  readonly place: GitPlace;
  /** Takes secrets out of what git and files say. */
  readonly hide: (text: string) => string;

  /** A look, once its line is in the audit log. @throws what the log throws; nothing was looked at then. */
  read<Result>(
    operation: string,
    work: (repository: Repository) => Promise<Result>,
    detail?: string,
  ): Promise<Result>;
  /**
   * A change: between turns, with a line in the audit log before it and one after it. Refused while Claude works.
   * @throws what the log throws; nothing was changed then.
   */
  change<Result extends { readonly kind: string }>(
    operation: string,
    work: (repository: Repository) => Promise<Result>,
    how?: ChangeNotes,
  ): Promise<Result | Refused>;

  /** Another subcommand on the same repository. `args` may hold any name, and is shown harmless. */
  step(label: string, name: string, args?: string, options?: StepOptions): NextStep;
  /** The same on another one. */
  stepAt(place: GitPlace, label: string, name: string, args?: string): NextStep;
  /** Answers, under the repository's name, with the buttons. */
  offer(body: RichText | string, steps: readonly NextStep[], attachment?: Attachment): Promise<void>;
  /** What git declined, and what may be done about it. */
  sayRefused(refused: Refused, steps?: readonly NextStep[]): Promise<void>;
  /** Puts a question, under the repository's name, to those who may approve; the chat's other commands go on. */
  ask(question: GitQuestion): Promise<PromptAnswer>;
  /** Something that takes long begins; the chat's other commands go on. */
  letOthers(): void;
}

/** For the audit log: on what, and whose word it was where that is not who sent the command. */
export type ChangeNotes = { readonly detail?: string | undefined; readonly by?: Person | undefined };

export type StepOptions = { readonly confirm?: string | undefined };

export type GitQuestion = Pick<
  PromptRequest,
  'body' | 'choices' | 'isMultiple' | 'textHint' | 'attachment' | 'subject' | 'outcome'
>;
