import type { ExplainedCommand, Explanation } from '../../app/policy-explain.ts';
import type { CliCommand } from './cli-command.ts';
import { CALL_OPTIONS, callFrom, SETTING_OPTIONS, settingOfCall } from './policy-options.ts';
import { oneLine, wrapped } from './wrapped.ts';

export const policyExplainCommand: CliCommand = {
  name: 'explain',
  summary: 'What a command would do, and which rule decides each part of it',
  argument: '[command]',
  options: [...CALL_OPTIONS, ...SETTING_OPTIONS],
  run: async (context) => {
    const { explainCall } = await import('../../app/policy-explain.ts');
    const setting = settingOfCall(context);
    const call = { id: 'explain', directory: setting.directory, ...callFrom(context) };
    // It reads no settings, so nobody is to take it for what their own policies say.
    const by = wrapped(`By ${setting.policyFiles.join(' and ')}; --policy names others.`);
    const lines = [...linesOf(explainCall(setting, call)), '', ...by];
    context.surroundings.output.write(`${lines.join('\n')}\n`);
    return 0;
  },
};

const ANSWERED = 'In a chat, a grant or a mode such as /test may answer it; neither is known here.';

/** Narrow enough for a phone held upright. */
function linesOf({ decision, commands, bounds, flows, unknowns }: Explanation): string[] {
  const { action, rule, layer, reason, risk } = decision;
  return [
    `${action.toUpperCase()} by ${layer}: ${rule}`,
    ...wrapped(`${reason}.`),
    `Risk: ${risk}`,
    ...(action === 'ask' && layer === 'policy' ? wrapped(ANSWERED) : []),
    ...commands.flatMap((command, index) => commandLines(command, index + 1)),
    ...(bounds === undefined
      ? []
      : ['', 'The sandbox', `  ${bounds.action}  ${bounds.rule}`, ...wrapped(bounds.reason, 8)]),
    ...list('Data that flows', flows),
    ...list("Can't be known ahead", unknowns),
  ];
}

function commandLines({ words, via, parts }: ExplainedCommand, number: number): string[] {
  const way = via.length === 0 ? [] : wrapped(`inside ${via.join(', ')}`, 3);
  const decided = parts.flatMap(({ action, does, rule, place }) => [
    ...wrapped(`${action.padEnd(5)} ${does}`, 2, 8),
    ...wrapped(place === undefined ? rule : `${rule}, ${place}`, 8),
  ]);
  return ['', ...wrapped(`${number}. ${oneLine(words, 400)}`, 0, 3), ...way, ...decided];
}

function list(title: string, entries: readonly string[]): string[] {
  if (entries.length === 0) return [];
  return ['', title, ...entries.flatMap((entry) => wrapped(`- ${entry}`, 2, 4))];
}
