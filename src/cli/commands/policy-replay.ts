import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Replay, Replayed } from '../../app/policy-replay.ts';
import { MachineError, PersonError } from '../../errors.ts';
import { formatCount } from '../../util/figures.ts';
import type { CliCommand } from './cli-command.ts';
import { SETTING_OPTIONS, settingFrom } from './policy-options.ts';
import { oneLine, wrapped } from './wrapped.ts';

/** More are counted, and not shown. */
const MOST_SHOWN = 200;

export const policyReplayCommand: CliCommand = {
  name: 'replay',
  summary: 'What a policy would have decided about the calls in an audit log',
  argument: '[audit]',
  options: SETTING_OPTIONS.filter(({ flags }) => !flags.startsWith('--cwd')),
  run: async (context) => {
    const { argument, surroundings } = context;
    if (argument === undefined) {
      throw new PersonError('NOTHING_TO_REPLAY', 'there is no audit log to replay', {
        hint: 'Write its path behind: leashd policy replay .leashd/audit.jsonl --policy new.yaml',
      });
    }
    const { createReplay } = await import('../../app/policy-replay.ts');
    const replay = createReplay(settingFrom(context));
    const results = await replayFile(replay, resolve(surroundings.startDirectory, argument));
    surroundings.output.write(`${linesOf(results).join('\n')}\n`);
    return 0;
  },
};

async function replayFile(replay: Replay, path: string): Promise<Replayed[]> {
  const results: Replayed[] = [];
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      const result = replay.replayLine(line);
      if (result !== undefined) results.push(result);
    }
  } catch (cause) {
    throw new MachineError('AUDIT_UNREADABLE', `${path} can't be read`, { cause });
  }
  return results;
}

function linesOf(results: readonly Replayed[]): string[] {
  const of = (kind: Replayed['kind']): readonly Replayed[] =>
    results.filter((result) => result.kind === kind);
  const [same, looser, stricter, left] = [of('same'), of('looser'), of('stricter'), of('not-replayable')];
  return [
    `${formatCount(results.length, 'call')}: ${looser.length} looser, ${stricter.length} stricter, ${same.length} the same`,
    ...section('Looser', looser),
    ...section('Stricter', stricter),
    ...section('Not replayed', left),
  ];
}

function section(title: string, results: readonly Replayed[]): string[] {
  if (results.length === 0) return [];
  const more = results.length > MOST_SHOWN ? [`… and ${results.length - MOST_SHOWN} more`] : [];
  return ['', title, ...results.slice(0, MOST_SHOWN).flatMap(resultLines), ...more];
}

function resultLines(result: Replayed): string[] {
  const { line } = result;
  if (result.kind === 'same') return [];
  if (result.kind === 'not-replayable') return wrapped(`${line}: ${result.why}`, 0, 2);
  const { was, now, what } = result;
  return [
    ...wrapped(`${line}: ${oneLine(what, 160)}`, 0, 2),
    ...wrapped(`${was} → ${now.action} by ${now.rule}`, 2, 4),
  ];
}
