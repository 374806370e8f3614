import type { Grant, GrantOffer, OwnRule } from './grant.ts';
import type { GrantBook } from './grant-book.ts';
import { coveredBy } from './grants.ts';
import type { AskedCall } from './grants.ts';
import type { AlwaysChoice, RuleBook } from './rule-book.ts';
import type { Decision } from '../types.ts';

/** What became of the grant that was chosen with an approval. */
export type Remembering =
  | { readonly kind: 'granted'; readonly grant: Grant }
  | { readonly kind: 'always'; readonly rule: OwnRule }
  /** The call runs, as it was approved; the next one like it is asked about again. */
  | { readonly kind: 'failed'; readonly offer: string; readonly reason: string };

/** An approval that was given before the call. */
export type Covered = {
  readonly decision: Decision;
  readonly grant?: string | undefined;
  readonly ownRule?: string | undefined;
};

/** Everything that the person has approved in advance: grants first, then the rules made with Always. */
export class RememberedApprovals {
  readonly #grants: GrantBook;
  readonly #rules: RuleBook;

  constructor({ grants, rules }: { readonly grants: GrantBook; readonly rules: RuleBook }) {
    this.#grants = grants;
    this.#rules = rules;
  }

  /** @throws MachineError when the store can't be read. */
  async open(): Promise<void> {
    await this.#grants.open();
  }

  async close(): Promise<void> {
    await this.#grants.close();
  }

  /** Answers what the policy asks; undefined where the person has to. */
  answer(asked: AskedCall, said: Decision): Covered | undefined {
    const grants = this.#grants.coverings(asked.context);
    const covering =
      coveredBy(asked, said, grants) ??
      coveredBy(asked, said, [...grants, ...this.#rules.coverings(asked.context)]);
    if (covering === undefined) return undefined;
    const namesOf = (kind: 'grant' | 'own-rule'): string | undefined =>
      covering.flatMap((one) => (one.kind === kind ? [one.name] : [])).join(', ') || undefined;
    const words = covering.map((one) => one.words).join(', ');
    const rule = covering.map(({ name }) => name).join(', ');
    const reason = `The person has approved it in advance: ${words}`;
    return {
      decision: { action: 'allow', layer: 'grant', rule, reason, risk: said.risk },
      grant: namesOf('grant'),
      ownRule: namesOf('own-rule'),
    };
  }

  /** @throws MachineError when it can't be written down: then nothing is remembered. */
  async remember(choice: AlwaysChoice): Promise<Remembering> {
    const { offer, context, call, by } = choice;
    if (offer.length.kind === 'always') return { kind: 'always', rule: await this.#rules.add(choice) };
    return { kind: 'granted', grant: await this.#grants.make(offer, context, call, by) };
  }

  grantsOf(chat: string): readonly Grant[] {
    return this.#grants.live(chat);
  }

  async revoke(chat: string, id: string, by: string): Promise<boolean> {
    return this.#grants.revoke(chat, id, by);
  }

  async endAll(chat: string, why: 'clear' | 'directory'): Promise<number> {
    return this.#grants.endAll(chat, why);
  }

  rulesOf(directory: string): readonly OwnRule[] {
    return this.#rules.rulesOf(directory);
  }

  rulesFile(directory: string): string {
    return this.#rules.pathOf(directory);
  }

  async removeRule(directory: string, name: string, chat: string, by: string): Promise<boolean> {
    return this.#rules.remove(directory, name, chat, by);
  }
}

/** The offer that an answer names; undefined for one that was not among those on the card. */
export function chosenOffer(offers: readonly GrantOffer[], id: string | undefined): GrantOffer | undefined {
  return offers.find((offer) => offer.id === id);
}
