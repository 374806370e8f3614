import type { Attachment, Content, PromptView, ReplyState } from '../../core/ports/connector.ts';
import { clip as clipRichText } from '../../markdown/clip.ts';
import { markdownToRichText } from '../../markdown/convert.ts';
import { splitRichText } from '../../markdown/split.ts';
import { concat, emptyText, italic, plain, type RichText } from '../../util/rich-text.ts';
import { toEntityText, type EntityText } from './entities.ts';

/** UTF-16 code units of one message (Telegram Bot API, "sendMessage"). */
const TEXT_LIMIT = 4096;
const STATUS_LIMIT = 200;
const FOOT_LIMIT = 400;
const GAP = '\n\n';
/** An answer of more messages than that comes as the first one and a file. */
const MOST_MESSAGES = 4;
const ANSWER_FILE = 'answer.md';
const FILE_NOTE = concat(GAP, italic(`… there is more: all of it is in ${ANSWER_FILE}.`));
const TAIL_MARK = `…${GAP}`;
/** Kept free in every part, so that a line that comes and goes never moves text to another message. */
const LINES_ROOM = STATUS_LIMIT + GAP.length + FILE_NOTE.text.length;

/** Telegram knows no key by which it could tell a message that is sent again; so whoever reads it twice is told why. */
export const PERHAPS_TWICE = '↻ perhaps sent twice: the connection broke';

/** The messages that show a notice; none when there is nothing to see. */
export function contentParts(content: Content): readonly EntityText[] {
  const rich = 'markdown' in content ? markdownToRichText(content.markdown) : content;
  return visible(splitRichText(rich, TEXT_LIMIT)).map(toEntityText);
}

/** A part of a notice that may stand there already; one that leaves no room for the words stays as it is. */
export function perhapsTwice({ text, entities }: EntityText): EntityText {
  const marked = `${text}${GAP}${PERHAPS_TWICE}`;
  return { text: marked.length > TEXT_LIMIT ? text : marked, entities };
}

/** How a reply is shown: in messages alone, or in one with a file under it that holds all of it. */
export type ReplyLayout = {
  readonly messages: readonly EntityText[];
  readonly file?: Attachment | undefined;
};

/**
 * `growing`: at most four messages, the last of them with the end of the text.
 * `final`: all of it, as a file where it is too long for four messages. `without-file`: in messages, however many.
 */
export type ReplyStage = 'growing' | 'final' | 'without-file';

/** The status line stands in italics under the last message. */
export function layoutReply(state: ReplyState, stage: ReplyStage): ReplyLayout {
  const parts = visible(splitRichText(markdownToRichText(state.markdown), TEXT_LIMIT - LINES_ROOM));
  const status = italic(clip((state.status ?? '').replaceAll(/\s+/g, ' ').trim(), STATUS_LIMIT));
  const [first, last] = [parts[0], parts.at(-1)];
  if (parts.length <= MOST_MESSAGES || stage === 'without-file' || !first || !last) {
    return { messages: withStatus(parts, status) };
  }
  if (stage === 'growing') {
    const shown = [...parts.slice(0, MOST_MESSAGES - 1), concat(TAIL_MARK, last)];
    return { messages: withStatus(shown, status) };
  }
  const file = { fileName: ANSWER_FILE, content: state.markdown };
  return { messages: withStatus([concat(first, FILE_NOTE)], status), file };
}

function withStatus(parts: readonly RichText[], status: RichText): readonly EntityText[] {
  const last = parts.at(-1);
  if (status.text === '') return parts.map(toEntityText);
  const told = last === undefined ? status : concat(last, GAP, status);
  return [...parts.slice(0, -1), told].map(toEntityText);
}

/** A prompt's message, and whether its body had to be cut, which its text then says. */
type PromptText = { readonly content: EntityText; readonly isCut: boolean };

/** The prompt while it waits: the question, and how free text answers it. */
export function openPromptText(prompt: PromptView): PromptText {
  const hint = prompt.textHint === undefined ? emptyText : italic(clip(prompt.textHint, FOOT_LIMIT));
  return promptText(prompt, hint);
}

/** The prompt once it is over: the question, and what became of it. */
export function closedPromptText(prompt: PromptView, outcome: string): PromptText {
  return promptText(prompt, plain(clip(outcome, FOOT_LIMIT)));
}

/** Counted the same with every foot, so that what was shown whole is closed whole. */
const PROMPT_BODY_LIMIT = TEXT_LIMIT - FOOT_LIMIT - GAP.length;

const CUT_NOTE = concat(GAP, italic('… cut here; all of it is in the attached file.'));

function promptText(prompt: PromptView, foot: RichText): PromptText {
  const isCut = prompt.body.text.length > PROMPT_BODY_LIMIT;
  const body = isCut ? cut(prompt.body) : clipRichText(prompt.body, 0, prompt.body.text.length);
  const isFootEmpty = foot.text.trim() === '';
  return { content: toEntityText(isFootEmpty ? body : concat(body, GAP, foot)), isCut };
}

function cut(body: RichText): RichText {
  const [head = emptyText] = splitRichText(body, PROMPT_BODY_LIMIT - CUT_NOTE.text.length);
  return concat(head, CUT_NOTE);
}

/** At most `limit` code units, never half a character, with an ellipsis where something was left out. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // A cut pair leaves a lone half, which toWellFormed turns into U+FFFD.
  return `${text
    .slice(0, limit - 1)
    .toWellFormed()
    .replace(/\uFFFD$/u, '')}…`;
}

function visible(parts: readonly RichText[]): RichText[] {
  return parts.filter((part) => part.text.trim() !== '');
}
