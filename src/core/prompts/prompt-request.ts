import type { RichText } from '../../util/rich-text.ts';
import type { ChatRef, Person, PromptId } from '../ports/chat.ts';
import type { Attachment, PromptChoice } from '../ports/connector.ts';

/** A question to put to a person. */
export type PromptRequest = {
  /** Left out: a new one. */
  readonly id?: PromptId | undefined;
  readonly chat: ChatRef;
  readonly body: RichText;
  readonly attachment?: Attachment | undefined;
  readonly choices: readonly PromptOption[];
  /**
   * The choices are ticked on and off, and a button more, Done, answers with those that are ticked: none of them only
   * where there is no `textHint`. Without menus.
   */
  readonly isMultiple?: boolean | undefined;
  /** More choices behind those that `opens` one; a way back is added to each. */
  readonly menus?: Readonly<Record<string, readonly PromptOption[]>> | undefined;
  readonly textHint?: string | undefined;
  /** Any message answers it while it is the newest question, not a reply alone. With a `textHint`. */
  readonly takesAnyText?: boolean | undefined;
  /** From a minute on, the person is reminded once, half-way. */
  readonly timeoutMs: number;
  /** One line of plain text for lists and the reminder; left out, nobody is reminded. */
  readonly subject?: string | undefined;
  /** SHA-256 over what is asked for, to be kept with the question. */
  readonly digest?: string | undefined;
  /** No turn waits for the answer, and none is held up by it; it is not among what is pending either. */
  readonly isAside?: boolean | undefined;
  /** Is among what is pending, though it is aside: something that the person has sent waits for the answer. */
  readonly isListed?: boolean | undefined;
  /** Its words are an answer in themselves: closed before it was shown, they are said all the same, without buttons. */
  readonly isAnswer?: boolean | undefined;
  /** Whose taps (then with the button's id) and replies count; left out: those of everybody who may talk here. */
  readonly mayAnswer?: ((person: Person, choice?: string) => boolean) | undefined;
  /** Who that is, in a sentence for those whose taps do not count. */
  readonly whoMay?: string | undefined;
  readonly together?: Together | undefined;
  /** The line that stays under the question once it is closed. `at`: milliseconds since 1970-01-01 UTC. */
  readonly outcome: (answer: PromptAnswer, at: number) => string;
  /** What a later tap is told; left out: the outcome. */
  readonly told?: ((answer: PromptAnswer, at: number) => string) | undefined;
};

export type PromptOption = PromptChoice & {
  /** The menu that it shows, instead of answering. */
  readonly opens?: string | undefined;
  /** What the button says after a first tap; only a second one, by the same person, answers. Needs an id of at most 11 characters. */
  readonly confirm?: string | undefined;
};

/** Questions of one kind in one chat may be answered in one go, with one more button under the newest of them. */
export type Together = {
  readonly kind: string;
  /** The choice that all of them are answered with. */
  readonly choice: string;
  readonly label: (count: number) => string;
};

export type PromptAnswer =
  | {
      readonly kind: 'choice';
      readonly choice: string;
      readonly by: Person;
      /** How many were answered by the same tap, where that was more than this one. */
      readonly together?: number | undefined;
      /** What was ticked, in the order of the choices. */
      readonly picked?: readonly string[] | undefined;
    }
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly by: Person;
      /** What was ticked by then. */
      readonly picked?: readonly string[] | undefined;
    }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'cancelled'; readonly reason: string };
