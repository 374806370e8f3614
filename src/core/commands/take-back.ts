import { messageOf } from '../../errors.ts';
import { clip } from '../../util/clip.ts';
import type { RichText } from '../../util/rich-text.ts';
import { concat, plain } from '../../util/rich-text.ts';
import type { PromptAnswer, PromptOption } from '../prompts/prompt-request.ts';
import type { Invocation } from './command.ts';

/** Something that the person has approved in advance, and may take back. */
export type Held = { readonly id: string; readonly words: string };

/** A list of which each entry can be taken back, by a button or in words. */
export interface Holdings<Item extends Held> {
  /** `revoke`: the word behind the command, and on the buttons. */
  readonly verb: 'revoke' | 'remove';
  /** How to write it: `/grants revoke <number, id or all>`. */
  readonly usage: string;
  readonly items: () => readonly Item[];
  /** Above the list. */
  readonly heading: (count: number) => RichText;
  /** One entry of the list, without its number. */
  readonly line: (item: Item) => RichText;
  /** In the place of the list. */
  readonly none: RichText;
  /** False: it was gone already. Rejects when it can't be written down. `by` is a person's id. */
  readonly takeBack: (item: Item, by: string) => Promise<boolean>;
  /** What holds when `takeBack` has rejected. */
  readonly afterFault: string;
}

type TakenBack = { readonly kind: 'done' | 'gone' | 'failed'; readonly words: string };

/** As many are listed, and have a button. */
const MOST_SHOWN = 12;
const LONGEST_LABEL = 40;
const ALL = 'all';
const KEEP = 'keep';

/** The command: without arguments the list with its buttons, else what is written behind it. */
export async function listOrTakeBack<Item extends Held>(
  invocation: Invocation,
  holdings: Holdings<Item>,
): Promise<void> {
  const { args, say, services, inbound } = invocation;
  if (args !== '') {
    const [verb = '', named, ...others] = args.split(/\s+/);
    const isUnderstood = verb.toLowerCase() === holdings.verb && named !== undefined && others.length === 0;
    await say(isUnderstood ? await takeBackNamed(holdings, named, inbound.person.id) : plain(holdings.usage));
  } else if (holdings.items().length > 0 && services.prompts.canAskAside(inbound.chat)) {
    await offer(invocation, holdings);
  } else await say(listed(holdings));
}

async function takeBackNamed<Item extends Held>(
  holdings: Holdings<Item>,
  named: string,
  by: string,
): Promise<RichText> {
  const items = holdings.items();
  const byNumber = /^\d+$/.test(named) ? items[Number(named) - 1] : undefined;
  const item = items.find(({ id }) => id === named) ?? byNumber;
  if (item) return takeBack(holdings, [item], by);
  if (named.toLowerCase() === ALL && items.length > 0) return takeBack(holdings, items, by);
  return concat(`There is no “${clip(named, LONGEST_LABEL)}”; nothing was changed.\n\n`, listed(holdings));
}

/** The list with a button an entry; again after each tap, as long as there is something left. */
async function offer<Item extends Held>(
  { inbound, services, say }: Invocation,
  holdings: Holdings<Item>,
): Promise<void> {
  let said: readonly RichText[] = [];
  for (;;) {
    // Of this moment: a button takes back what stands beside it, whatever has ended meanwhile.
    const items = holdings.items();
    const body = concat(...said, listed(holdings));
    if (items.length === 0) {
      await say(body);
      return;
    }
    const answer = await services.prompts.ask(
      {
        chat: inbound.chat,
        body,
        choices: buttons(holdings, items),
        isAside: true,
        timeoutMs: services.settings.now.approvalTimeoutMs,
        outcome: (given) => outcomeLine(given, holdings, items),
      },
      new AbortController().signal,
    );
    if (answer.kind !== 'choice' || answer.choice === KEEP) return;
    const item = items[Number(answer.choice)];
    said = [await takeBack(holdings, item ? [item] : items, answer.by.id), plain('\n\n')];
  }
}

function buttons<Item extends Held>({ verb }: Holdings<Item>, items: readonly Item[]): PromptOption[] {
  const each = items.slice(0, MOST_SHOWN).map(({ words }, index) => ({
    id: String(index),
    label: `🚫 ${clip(`${index + 1}. ${words}`, LONGEST_LABEL)}`,
    key: String(index + 1),
  }));
  const all = { id: ALL, label: `🚫 ${capital(verb)} all ${items.length}`, key: ALL };
  return [...each, ...(items.length > 1 ? [all] : []), { id: KEEP, label: 'Done', key: 'd' }];
}

/** It stands there before it is done, so it says what was chosen. */
function outcomeLine<Item extends Held>(
  answer: PromptAnswer,
  { verb }: Holdings<Item>,
  items: readonly Item[],
): string {
  if (answer.kind !== 'choice' || answer.choice === KEEP) return 'This list is closed.';
  const item = items[Number(answer.choice)];
  return `${answer.by.name}: ${verb} ${item ? clip(item.words) : `all ${items.length}`}`;
}

async function takeBack<Item extends Held>(
  holdings: Holdings<Item>,
  items: readonly Item[],
  by: string,
): Promise<RichText> {
  const results: TakenBack[] = [];
  for (const item of items) results.push(await takeBackOne(holdings, item, by));
  const wordsOf = (kind: TakenBack['kind']): readonly string[] =>
    results.filter((result) => result.kind === kind).map(({ words }) => words);
  const lines = (words: readonly string[], sign: string): string[] => words.map((each) => `${sign} ${each}`);
  return plain(
    [
      ...lines(wordsOf('done'), `🚫 ${capital(holdings.verb)}d:`),
      ...lines(wordsOf('gone'), 'It had ended already:'),
      ...lines(wordsOf('failed'), '⚠️'),
    ].join('\n'),
  );
}

async function takeBackOne<Item extends Held>(
  { takeBack: take, afterFault }: Holdings<Item>,
  item: Item,
  by: string,
): Promise<TakenBack> {
  const words = clip(item.words);
  try {
    return { kind: (await take(item, by)) ? 'done' : 'gone', words };
  } catch (fault) {
    return { kind: 'failed', words: `${words}: ${afterFault} (${messageOf(fault)}).` };
  }
}

function listed<Item extends Held>(holdings: Holdings<Item>): RichText {
  const items = holdings.items();
  if (items.length === 0) return holdings.none;
  const shown = items.slice(0, MOST_SHOWN);
  const lines = shown.map((item, index) => concat(`\n${index + 1}. `, holdings.line(item)));
  const others = items.length > shown.length ? `\n… and ${items.length - shown.length} more` : '';
  return concat(holdings.heading(items.length), ...lines, others, `\n\n${holdings.usage}`);
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
