import { chatKey } from '../ports/chat.ts';
import type { OpenPrompt } from './open-prompt.ts';

type Group = { readonly holder: OpenPrompt; readonly id: string; readonly members: readonly OpenPrompt[] };

/**
 * Questions of one kind that stand in a chat together. The newest of them has a button that answers those, and only
 * those, that stood there when the button was made: what comes later gets a button of its own.
 */
export class PromptGroups {
  readonly #groups = new Map<string, Group>();
  #made = 0;

  /** It is about to be shown, under those of `open` that are; they come in the order they were asked. */
  add(prompt: OpenPrompt, open: Iterable<OpenPrompt>): void {
    const key = keyOf(prompt);
    // Shown again further down, it was one of them already.
    if (key === undefined || prompt.isShown) return;
    const isOfThem = (other: OpenPrompt): boolean => other.isOpen && other.isShown && keyOf(other) === key;
    this.#regroup(key, [...[...open].filter(isOfThem), prompt]);
  }

  closed(prompt: OpenPrompt): void {
    const key = keyOf(prompt);
    const group = key === undefined ? undefined : this.#groups.get(key);
    if (key === undefined || !group?.members.includes(prompt)) return;
    const members = group.members.filter((member) => member !== prompt && member.isOpen);
    if (group.holder !== prompt && members.length > 1) {
      this.#groups.set(key, { ...group, members });
      group.holder.turn({ ...group.holder.face, together: { id: group.id, count: members.length } });
    } else this.#regroup(key, members);
  }

  /** Those that the button under this question answers now. */
  membersOf(holder: OpenPrompt): readonly OpenPrompt[] {
    const key = keyOf(holder);
    const group = key === undefined ? undefined : this.#groups.get(key);
    return group?.holder === holder ? group.members.filter((member) => member.isOpen) : [];
  }

  #regroup(key: string, members: readonly OpenPrompt[]): void {
    const before = this.#groups.get(key)?.holder;
    const holder = members.at(-1);
    this.#groups.delete(key);
    if (before?.isOpen === true && before !== holder) before.turn({ ...before.face, together: undefined });
    if (!holder || members.length < 2) {
      if (holder && before === holder) holder.turn({ ...holder.face, together: undefined });
      return;
    }
    this.#made += 1;
    const id = `all-${this.#made}`;
    this.#groups.set(key, { holder, id, members });
    const face = { ...holder.face, together: { id, count: members.length } };
    if (holder.isShown) holder.turn(face);
    else holder.prepare(face);
  }
}

function keyOf({ request }: OpenPrompt): string | undefined {
  return request.together && `${chatKey(request.chat)} ${request.together.kind}`;
}
