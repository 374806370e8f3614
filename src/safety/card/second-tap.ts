import { shortPath } from './describe.ts';
import type { Act, Decision, Footprint, Risk } from '../types.ts';

/** From which risk on an approval takes a second tap. */
export type ConfirmFrom = Risk | 'never';

const WEIGHT: Record<ConfirmFrom, number> = { low: 0, medium: 1, high: 2, critical: 3, never: 4 };

/** What a button can hold on a narrow phone. */
const LONGEST = 30;

/** What is done, as the person would order it; the worst first. */
const ORDERS: readonly (readonly [Act, string])[] = [
  ['rewrite-remote-history', 'force-push'],
  ['destroy-remote', 'destroy it'],
  ['privilege', 'run as another user'],
  ['publish', 'publish it'],
  ['rewrite-history', 'rewrite or drop work'],
  ['persist', 'let it run by itself'],
  ['change-system', 'change the system'],
  ['push', 'push'],
  ['change-remote', 'change it'],
  ['run-inline-code', 'run this code'],
  ['kill', 'end it'],
];

const DELETE_TREE = 'delete all of it';

const PLAIN_FLAG =
  /^(?:-[dfnquv]+|--(?:force|force-with-lease(?:=.*)?|force-if-includes|set-upstream|quiet|verbose|delete|tags|follow-tags|no-verify|mirror|all|prune|atomic|progress|dry-run))$/;

/** The words of the second tap, at most 30 characters: `Yes, force-push main`. Undefined where one tap will do. */
export function secondTap(
  footprint: Footprint,
  decision: Decision,
  directory: string,
  from: ConfirmFrom,
): string | undefined {
  if (WEIGHT[decision.risk] < WEIGHT[from]) return undefined;
  const { full, short } = orderOf(footprint, directory);
  const words = `Yes, ${full}`;
  return words.length <= LONGEST && /^[\x20-\x7E]+$/.test(words) ? words : `Yes, ${short}`;
}

/** What is done, and the same without names, for where those have no room or can't be trusted to be read. */
type Order = { readonly full: string; readonly short: string };

function orderOf(footprint: Footprint, directory: string): Order {
  const order = plainOrderOf(footprint);
  const trees = footprint.effects.filter(({ kind }) => kind === 'delete-tree');
  const [tree] = trees;
  // One name must not stand for several, nor hide what is worse than a deletion.
  if (order === DELETE_TREE && trees.length === 1 && tree !== undefined && 'path' in tree) {
    const path = shortPath(tree.path.real, directory);
    const full = path === '.' ? 'delete all of the project' : `delete all of ${path}`;
    return { full, short: order };
  }
  return order === 'force-push' || order === 'push'
    ? pushOrder(order, footprint)
    : { full: order, short: order };
}

function pushOrder(order: 'force-push' | 'push', { effects, commands }: Footprint): Order {
  const act: Act = order === 'push' ? 'push' : 'rewrite-remote-history';
  const pushes = new Set(
    effects.flatMap((effect) => (effect.kind === 'act' && effect.act === act ? [effect.command] : [])),
  );
  const [push] = pushes;
  if (push === undefined || pushes.size > 1) return { full: order, short: order };
  const argv = commands[push]?.argv ?? [];
  const texts = argv.map((word) => (word.kind === 'static' ? word.value : ''));
  // `git -C x push origin main`: the remote, then the branches.
  const words = texts.slice(texts.indexOf('push') + 1).filter((word) => word !== '');
  // What may take the next word as its value leaves it open which is the branch.
  if (words.some((word) => word.startsWith('-') && !PLAIN_FLAG.test(word)))
    return { full: order, short: order };
  const [, ...branches] = words.filter((word) => !word.startsWith('-'));
  const [first = '', ...others] = branches;
  const isDeletion = words.some((word) => word === '--delete' || word === '-d') || first.startsWith(':');
  const verb = isDeletion ? 'delete' : order;
  const short = isDeletion ? 'delete it there' : order;
  if (first === '') return { full: short, short };
  const names = others.length === 0 ? first.replace(/^[+:]/, '') : `${branches.length} branches`;
  return { full: `${verb} ${names}`, short };
}

function plainOrderOf({ effects }: Footprint): string {
  const acts = new Set(effects.flatMap((effect) => (effect.kind === 'act' ? [effect.act] : [])));
  const order = ORDERS.find(([act]) => acts.has(act))?.[1];
  if (order !== undefined) return order;
  if (effects.some(({ kind }) => kind === 'delete-tree')) return DELETE_TREE;
  return effects.some(({ kind }) => kind === 'delete') ? 'delete it' : 'do it';
}
