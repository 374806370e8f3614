import { shortPath } from './describe.ts';
import type { Act, Decision, Footprint, Risk } from './types.ts';

/** From which risk on an approval takes a second tap. */
export type ConfirmFrom = Risk | 'never';

const WEIGHT: Record<ConfirmFrom, number> = { low: 0, medium: 1, high: 2, critical: 3, never: 4 };

/** What a button can hold on a narrow phone. */
const LONGEST = 30;

/** What is done, as the person would order it; the worst first. */
const ORDERS: readonly (readonly [Act, string])[] = [
  ['rewrite-remote-history', 'force-push'],
  ['destroy-remote', 'destroy it'],
  ['privilege', 'as another user'],
  ['publish', 'publish it'],
  ['rewrite-history', 'rewrite history'],
  ['persist', 'let it stay'],
  ['change-system', 'change the system'],
  ['push', 'push'],
  ['change-remote', 'change it'],
  ['run-inline-code', 'run this code'],
  ['kill', 'end it'],
];

/** The words of the second tap, at most 30 characters: `Yes, force-push main`. Undefined where one tap will do. */
export function secondTap(
  footprint: Footprint,
  decision: Decision,
  directory: string,
  from: ConfirmFrom,
): string | undefined {
  if (WEIGHT[decision.risk] < WEIGHT[from]) return undefined;
  const words = `Yes, ${orderOf(footprint, directory)}`;
  return words.length <= LONGEST && /^[\x20-\x7E]+$/.test(words) ? words : `Yes, ${plainOrderOf(footprint)}`;
}

function orderOf(footprint: Footprint, directory: string): string {
  const tree = footprint.effects.find(({ kind }) => kind === 'delete-tree');
  if (tree !== undefined && 'path' in tree) return `delete all of ${shortPath(tree.path.real, directory)}`;
  const order = plainOrderOf(footprint);
  if (order !== 'force-push' && order !== 'push') return order;
  const push = footprint.effects.find((effect) => effect.kind === 'act' && /push|remote/.test(effect.act));
  const argv = push?.command === undefined ? [] : (footprint.commands[push.command]?.argv ?? []);
  // `git push origin main`: the branch is the last word, where there is more than the remote.
  const words = argv.slice(2).flatMap((word) => (word.kind === 'static' ? [word.value] : []));
  const names = words.filter((word) => !word.startsWith('-'));
  const branch = names.length > 1 ? names.at(-1)?.replace(/^\+/, '') : undefined;
  return branch === undefined ? order : `${order} ${branch}`;
}

function plainOrderOf({ effects }: Footprint): string {
  const acts = new Set(effects.flatMap((effect) => (effect.kind === 'act' ? [effect.act] : [])));
  const order = ORDERS.find(([act]) => acts.has(act))?.[1];
  if (order !== undefined) return order;
  if (effects.some(({ kind }) => kind === 'delete-tree')) return 'delete all of it';
  return effects.some(({ kind }) => kind === 'delete') ? 'delete it' : 'do it';
}
