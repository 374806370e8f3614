import { bold, code, concat, join, pre } from '../util/rich-text.ts';
import type { RichText } from '../util/rich-text.ts';
import { diffOfCall } from './card-diff.ts';
import { describeCall, shortPath } from './describe.ts';
import type { FileView } from './file-view.ts';
import { showInvisible } from './invisible.ts';
import { isDoubt } from './policy/evaluate.ts';
import { readInput } from './tool-inputs.ts';
import type { ApprovalCard, Decision, Footprint, GateContext, Risk, ToolCall } from './types.ts';

export type CardOptions = {
  readonly view: FileView;
  /** Takes leashd's own secrets out of a text; everything else is shown as it would run. */
  readonly hideOwnSecrets: (text: string) => string;
};

/** UTF-16 units, so that a card and what a connector adds fit in one message (Telegram takes 4,096). */
const LONGEST_BODY = 3200;
const RISK_MARK: Record<Risk, string> = { low: '🟢', medium: '🟡', high: '🟠', critical: '🔴' };

/** What stands in full on a card: the command, the diff, the input. */
type Content = {
  readonly text: string;
  readonly language: 'bash' | 'diff' | 'json';
  readonly fileName: string;
  readonly note?: string | undefined;
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
  const content = contentOf(call, context, footprint, options);
  const head = headOf(call, context, footprint, decision, content.note, options);
  const room = LONGEST_BODY - head.text.length - 1;
  if (content.text.length <= room) {
    return { body: content.text === '' ? head : concat(head, '\n', pre(content.text, content.language)) };
  }
  const note = `\n✂️ Only the beginning: all ${content.text.length} characters are in ${content.fileName}`;
  const shown = firstPart(content.text, room - note.length);
  return {
    body: concat(head, '\n', pre(shown, content.language), note),
    attachment: { fileName: content.fileName, content: content.text },
  };
}

function headOf(
  call: ToolCall,
  context: GateContext,
  footprint: Footprint,
  decision: Decision,
  note: string | undefined,
  options: CardOptions,
): RichText {
  const line = (text: string): string =>
    cut(showInvisible(options.hideOwnSecrets(text)).replaceAll('\n', ' '), 300);
  const own = context.directories[0] ?? '/';
  const lines: (RichText | string)[] = [
    concat(`${RISK_MARK[decision.risk]} `, bold(line(describeCall(call, footprint, own)))),
    concat(line(decision.reason), ' · rule ', code(line(decision.rule)), ` · risk ${decision.risk}`),
  ];
  const doubts = footprint.unknowns.filter(
    (unknown) => isDoubt(unknown, context) && !decision.reason.includes(unknown.why),
  );
  if (doubts.length > 0)
    lines.push(
      line(
        `Not known ahead: ${doubts
          .slice(0, 3)
          .map(({ why }) => why)
          .join('; ')}`,
      ),
    );
  const where = shortPath(call.directory, own);
  lines.push(concat('📁 ', code(line(where === '.' ? own : `${own} › ${where}`))));
  if (call.subagent !== undefined) lines.push(line(`🤖 Asked by the subagent ${call.subagent}`));
  if (note !== undefined) lines.push(line(note));
  return join(lines, '\n');
}

function contentOf(
  call: ToolCall,
  context: GateContext,
  footprint: Footprint,
  { view, hideOwnSecrets }: CardOptions,
): Content {
  const shown = (text: string, longestIndent = 8): string =>
    showInvisible(hideOwnSecrets(text), { longestIndent });
  if (call.tool === 'Bash') {
    const { command } = readInput('Bash', call.input);
    return { text: shown(command), language: 'bash', fileName: 'command.sh.txt' };
  }
  const file = footprint.effects.find((effect) => effect.kind === 'write');
  if (file !== undefined && 'path' in file) {
    const change = diffOfCall(
      call,
      file.path.real,
      shortPath(file.path.real, context.directories[0] ?? '/'),
      view,
    );
    if (change !== undefined) {
      return { text: shown(change.diff, 60), language: 'diff', fileName: 'change.diff', note: change.note };
    }
  }
  const text = JSON.stringify(call.input ?? null, undefined, 2);
  return { text: shown(text, 60), language: 'json', fileName: 'input.json' };
}

/** As many whole lines as fit, or the beginning of the first one. */
function firstPart(text: string, room: number): string {
  const part = text.slice(0, Math.max(0, room));
  const lineEnd = part.lastIndexOf('\n');
  const whole = lineEnd > room / 2 ? part.slice(0, lineEnd) : part;
  return /[\uD800-\uDBFF]$/.test(whole) ? whole.slice(0, -1) : whole;
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
