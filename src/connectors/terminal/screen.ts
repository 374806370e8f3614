/**
 * What the person sees: finished lines, and below them what still changes (a line that grows, a status, the
 * line being typed). Texts given to it are printable already; none of its methods throws.
 */
export interface Screen {
  /** Begins to read. */
  start(listener: ScreenListener): void;
  /** Prints whole lines, after the growing one. */
  print(text: string): void;
  /** Adds to the growing line; a newline in it finishes that line. */
  append(text: string): void;
  /** Finishes the growing line. */
  endLine(): void;
  /** One line under the text, replaced in place; shown where that can be done. */
  setStatus(line: string | undefined): void;
  /** What stands before the line being typed. A question hides the status, so that it stands under its card. */
  setSign(sign: string, isQuestion: boolean): void;
  /** Takes away what was typed and not sent yet. */
  takeDraft(): string;
  /** Replaces what is being typed. */
  putDraft(draft: string): void;
  /** Stops reading and leaves the terminal as it was. Harmless when repeated. */
  close(): void;
}

export type ScreenListener = {
  /** The person sent a line; it may hold newlines when it was pasted. */
  readonly line: (text: string) => void;
  /** Ctrl-C. */
  readonly interrupt: () => void;
  /** Ctrl-D, the end of a pipe, a terminal that went away. Once; never after close. */
  readonly end: () => void;
};
