import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { neverGranted } from './grants.ts';
import type { AskedCall } from './grants.ts';
import { headOf } from '../program-head.ts';
import { EDIT_TOOLS } from '../footprint/tool-inputs.ts';
import type { Act, Decision, Effect } from '../types.ts';

const SAME_WHATEVER_THE_WORDS: ReadonlySet<Act> = new Set(['change-history', 'push', 'read-remote']);

/**
 * The same for two calls that a person may decide on in one go: tool, commands as far as they say what is done, acts,
 * kinds of effect, hosts, and the folders that are written to. Undefined for what nobody may approve in advance.
 */
export function kindDigest(asked: AskedCall, decision: Decision): string | undefined {
  if (neverGranted(asked, decision) !== undefined) return undefined;
  const { footprint } = asked;
  const commands = footprint.commands.map((command, index) => {
    const effects = footprint.effects.filter((effect) => effect.command === index);
    const isTold = effects.every(
      (effect) => effect.kind !== 'act' || SAME_WHATEVER_THE_WORDS.has(effect.act),
    );
    const head = isTold ? headOf(command) : undefined;
    const cwd = command.cwd.kind === 'static' ? command.cwd.value : command.cwd.text;
    return [head?.join(' ') ?? command.normalForm, cwd];
  });
  const tool = EDIT_TOOLS.includes(footprint.tool) ? 'edit' : footprint.tool;
  const effects = [...new Set(footprint.effects.map((effect) => kindOfEffect(effect)))].sort();
  const kind = [tool, decision.rule, decision.risk, commands, effects];
  return createHash('sha256').update(JSON.stringify(kind)).digest('hex');
}

function kindOfEffect(effect: Effect): string {
  switch (effect.kind) {
    case 'act':
      return `act ${effect.act}`;
    case 'network':
      return `network ${effect.host ?? ''}`;
    case 'read':
    case 'read-tree':
      return effect.kind;
    default:
      return `${effect.kind} ${posix.dirname(effect.path.real)}`;
  }
}
