import { bold, code, concat, join, pre } from '../../util/rich-text.ts';
import type { RichText } from '../../util/rich-text.ts';
import { diffOfCall } from './card-diff.ts';
import { headNotes } from './card-notes.ts';
import { describeCall, shortPath } from './describe.ts';
import type { FileView } from '../file-view.ts';
import { deceptionsIn, showInLine, showInvisible } from './invisible.ts';
import { isDoubt } from '../policy/evaluate.ts';
import { secondTap } from './second-tap.ts';
import type { ConfirmFrom } from './second-tap.ts';
import { readInput } from '../footprint/tool-inputs.ts';
import type { ApprovalCard } from '../approval.ts';
import type { Decision, Footprint, GateContext, Risk, ToolCall } from '../types.ts';

export type CardOptions = {
  readonly view: FileView;
  /** Takes leashd's own secrets out of a text; everything else is shown as it would run. */
  readonly hideOwnSecrets: (text: string) => string;
  /** Milliseconds that the person has to answer. */
  readonly timeoutMs?: number | undefined;
  /** From which risk on it takes a second tap; critical without it. */
  readonly confirmFrom?: ConfirmFrom | undefined;
};

/** UTF-16 units, so that a card and what a connector adds fit in one message (Telegram takes 4,096). */
const LONGEST_BODY = 3200;
/** Of a line of the head; and of the subject, which also stands in lists. */
const LONGEST_LINE = 300;
const LONGEST_NOTE = 160;
const LONGEST_SUBJECT = 120;
const RISK_MARK: Record<Risk, string> = { low: '🟢', medium: '🟡', high: '🟠', critical: '🔴' };

/** What stands in full on a card: the command, the diff, the input. */
type Content = {
  readonly text: string;
  readonly language: 'bash' | 'diff' | 'json';
  readonly fileName: string;
  readonly note?: string | undefined;
  /** Things about the text that can't be seen by looking at it. */
  readonly warnings: readonly string[];
};

/**
 * Everything there is to see about a call, with nothing hidden in it: invisible characters stand as escapes, and
 * what is too long for a message is attached whole.
 */
export function approvalCard(
  call: ToolCall,
  context: GateContext,
  footprint: Footprint,
  decision: Decision,
  options: CardOptions,
): ApprovalCard {
  const own = context.directories[0] ?? '/';
  const content = contentOf(call, context, footprint, options);
  const subject = cut(
    showInLine(options.hideOwnSecrets(describeCall(call, footprint, own, isNew(options.view)))),
    LONGEST_SUBJECT,
  );
  const head = headOf({ call, context, footprint, decision, content, subject }, options);
  const confirm = secondTap(footprint, decision, own, options.confirmFrom ?? 'critical');
  const room = LONGEST_BODY - head.text.length - 1;
  if (content.text.length <= room) {
    const body = content.text === '' ? head : concat(head, '\n', pre(content.text, content.language));
    return { body, subject, confirm };
  }
  const note = `\n✂️ Only the beginning: all ${content.text.length} characters are in ${content.fileName}`;
  const shown = firstPart(content.text, room - note.length);
  return {
    body: concat(head, '\n', pre(shown, content.language), note),
    subject,
    confirm,
    attachment: { fileName: content.fileName, content: content.text },
  };
}

/** What can't be told counts as there: it would be overwritten. */
function isNew(view: FileView): (path: string) => boolean {
  return (path) => {
    try {
      return view.kind(path) === undefined;
    } catch {
      return false;
    }
  };
}

type HeadFacts = {
  readonly call: ToolCall;
  readonly context: GateContext;
  readonly footprint: Footprint;
  readonly decision: Decision;
  readonly content: Content;
  readonly subject: string;
};

function headOf(facts: HeadFacts, { view, hideOwnSecrets, timeoutMs }: CardOptions): RichText {
  const { call, context, footprint, decision, content } = facts;
  const line = (text: string, most = LONGEST_LINE): string => cut(showInLine(hideOwnSecrets(text)), most);
  const own = context.directories[0] ?? '/';
  const doubts = footprint.unknowns.filter(
    (unknown) => isDoubt(unknown, context) && !decision.reason.includes(unknown.why),
  );
  const unknown = doubts.slice(0, 3).map(({ why }) => why);
  const where = shortPath(call.directory, own);
  const agent = call.subagent === undefined ? '🤖 Claude asks' : `🤖 Claude’s subagent ${call.subagent} asks`;
  const who = call.isPersons === true ? '🙋 Asked for in the chat, to be sent there' : agent;
  const time = timeoutMs === undefined ? '' : ` · ⏳ ${spanInWords(timeoutMs)} to answer`;
  return join(
    [
      concat(`${RISK_MARK[decision.risk]} `, bold(facts.subject)),
      concat(line(decision.reason), ' · rule ', code(line(decision.rule)), ` · risk ${decision.risk}`),
      ...(unknown.length === 0 ? [] : [line(`Not known ahead: ${unknown.join('; ')}`)]),
      concat('📁 ', code(line(where === '.' ? own : `${own} › ${where}`))),
      ...headNotes(call, footprint, own, view).map((note) => line(note, LONGEST_NOTE)),
      `${line(who, LONGEST_NOTE)}${time}`,
      ...content.warnings.map((warning) => `⚠️ ${warning}`),
      ...(content.note === undefined ? [] : [line(content.note, LONGEST_NOTE)]),
    ],
    '\n',
  );
}

function contentOf(
  call: ToolCall,
  context: GateContext,
  footprint: Footprint,
  { view, hideOwnSecrets }: CardOptions,
): Content {
  const shown = (text: string, longestIndent: number): Pick<Content, 'text' | 'warnings'> => {
    const visible = showInvisible(hideOwnSecrets(text), { longestIndent });
    return { text: visible, warnings: deceptionsIn(visible) };
  };
  if (call.tool === 'Bash') {
    const { command } = readInput('Bash', call.input);
    return { ...shown(command, 8), language: 'bash', fileName: 'command.sh.txt' };
  }
  const file = footprint.effects.find((effect) => effect.kind === 'write');
  if (file !== undefined && 'path' in file) {
    const path = shortPath(file.path.real, context.directories[0] ?? '/');
    const change = diffOfCall(call, file.path.real, path, view);
    if (change !== undefined) {
      return { ...shown(change.diff, 60), language: 'diff', fileName: 'change.diff', note: change.note };
    }
  }
  const text = JSON.stringify(call.input ?? null, undefined, 2);
  return { ...shown(text, 60), language: 'json', fileName: 'input.json' };
}

function spanInWords(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} seconds` : `${Math.round(ms / 60_000)} min`;
}

/** As many whole lines as fit, or the beginning of the first one. */
function firstPart(text: string, room: number): string {
  const part = text.slice(0, Math.max(0, room));
  const lineEnd = part.lastIndexOf('\n');
  const whole = lineEnd > room / 2 ? part.slice(0, lineEnd) : part;
  return /[\uD800-\uDBFF]$/.test(whole) ? whole.slice(0, -1) : whole;
}

/** At most `most` UTF-16 units. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
