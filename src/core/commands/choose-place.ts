import { concat, join, type RichText } from '../../util/rich-text.ts';
import { placeIn, type Place } from '../sessions/session-directories.ts';
import type { PromptAnswer } from '../prompts/prompt-request.ts';
import type { Invocation } from './command.ts';

/** A place that may be chosen. */
export type PlaceChoice = {
  /** What its button says, but for the mark of the present one. */
  readonly label: string;
  /** Its line in the list, without its number. */
  readonly line: RichText;
  /** For the line that stays under the question. */
  readonly words: string;
  readonly place: Place;
  readonly isHere: boolean;
};

export type PlaceQuestion = {
  readonly heading: string;
  /** How it is said in words: `/dir <number or name>`. */
  readonly usage: string;
  /** `Directory`, `Workspace`. */
  readonly what: string;
  readonly choices: readonly PlaceChoice[];
};

/** As many have a line and a button; the message and the keyboard stay small enough for a phone. */
const MOST_SHOWN = 24;

/** Puts the places to the person, with a button each; in words where nobody can tap. Undefined: none was chosen. */
export async function choosePlace(
  { inbound, services, say }: Invocation,
  question: PlaceQuestion,
): Promise<Place | undefined> {
  const { prompts, settings } = services;
  if (!prompts.canAsk(inbound.chat)) {
    await say(listed(question));
    return undefined;
  }
  const shown = question.choices.slice(0, MOST_SHOWN);
  const chosen = (answer: PromptAnswer): PlaceChoice | undefined =>
    answer.kind === 'choice' ? shown[Number(answer.choice.slice(1))] : undefined;
  const here = question.choices.find(({ isHere }) => isHere)?.words ?? '';
  const answer = await prompts.ask(
    {
      chat: inbound.chat,
      body: listed(question),
      choices: shown.map(({ label, isHere }, index) => ({
        id: `d${index}`,
        key: String(index + 1),
        label: `${isHere ? '• ' : ''}${label}`,
      })),
      // No turn is to be held up by it, and no watch over one stopped.
      isAside: prompts.canAskAside(inbound.chat),
      timeoutMs: settings.now.approvalTimeoutMs,
      outcome: (given) => `${question.what}: ${chosen(given)?.words ?? `${here} (unchanged)`}`,
    },
    new AbortController().signal,
  );
  const place = chosen(answer)?.place;
  return place && placeIn(place);
}

/** The list as it stands in the chat. */
export function listed({ heading, usage, choices }: PlaceQuestion): RichText {
  const lines = choices
    .slice(0, MOST_SHOWN)
    .map(({ line, isHere }, index) => concat(`${index + 1}. ${isHere ? '• ' : ''}`, line));
  const others = choices.length - lines.length;
  const note = others > 0 ? `\n… and ${others} more` : '';
  return concat(`${heading}\n`, join(lines, '\n'), `${note}\n\nIn words: ${usage}`);
}
