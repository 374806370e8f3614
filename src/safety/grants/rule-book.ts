import { createHash } from 'node:crypto';
import { constants, existsSync, lstatSync, readFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MachineError, messageOf } from '../../errors.ts';
import type { Clock } from '../../util/clock.ts';
import { newId } from '../../util/ids.ts';
import type { Log } from '../../util/log.ts';
import type { Audit } from '../audit/audit-record.ts';
import type { GrantOffer, OwnRule } from './grant.ts';
import type { Covering } from './grants.ts';
import { policyOf, readOwnRules, withOwnRule, withoutOwnRule } from '../policy/own-rules.ts';
import type { AllowRule } from '../policy/own-rules.ts';
import type { RuleFile } from '../policy/schema.ts';
import type { GateContext, ToolCall } from '../types.ts';

export type RuleBookOptions = {
  /** Where the overlays lie: a folder of leashd's own state, out of the agent's reach. */
  readonly folder: string;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
  /** What `~` in rules means. */
  readonly home: string;
};

/** What an Always choice is made of. */
export type AlwaysChoice = {
  readonly offer: GrantOffer;
  readonly context: GateContext;
  readonly call: ToolCall;
  readonly by: string;
  /** The card's one line: it becomes the rule's comment. */
  readonly subject: string;
};

const LARGEST_FILE = 1024 * 1024;
const MOST_RULES = 500;

/**
 * The rules that the person made with Always: a readable policy file for each directory. They only ever allow, and
 * only what the policy asks about. A file that can't be used allows nothing.
 */
export class RuleBook {
  readonly #options: RuleBookOptions;
  /** Read again whenever the file says something else. */
  readonly #known = new Map<string, { readonly text: string; readonly rules: readonly AllowRule[] }>();
  #writing: Promise<unknown> = Promise.resolve();

  constructor(options: RuleBookOptions) {
    this.#options = options;
  }

  rulesOf(directory: string): readonly OwnRule[] {
    return this.#read(directory).map(({ file }) => ({
      name: file.name,
      words: file.description ?? file.name,
      directory,
    }));
  }

  coverings({ directories: [directory] }: GateContext): readonly Covering[] {
    if (directory === undefined) return [];
    return this.#read(directory).map((one) => ({
      kind: 'own-rule',
      name: one.file.name,
      words: one.file.description ?? one.file.name,
      policy: policyOf([one]),
      folder: directory,
      contents: undefined,
    }));
  }

  /** @throws MachineError when it can't be written down: then there is no rule. */
  async add(choice: AlwaysChoice): Promise<OwnRule> {
    return this.#inTurn(() => this.#add(choice));
  }

  /** False: there is no rule of that name. @throws MachineError when it can't be written. */
  async remove(directory: string, name: string, chat: string, by: string): Promise<boolean> {
    return this.#inTurn(async () => {
      const words = this.rulesOf(directory).find((rule) => rule.name === name)?.words;
      const text = this.#textOf(directory);
      const left = text === undefined || words === undefined ? undefined : withoutOwnRule(text, name);
      if (left === undefined || words === undefined) return false;
      await this.#write(directory, left);
      await this.#options.audit.record({ event: 'rule_removed', ownRule: name, chat, directory, words, by });
      return true;
    });
  }

  async #add({ offer, context, call, by, subject }: AlwaysChoice): Promise<OwnRule> {
    const [directory] = context.directories;
    const [given, ...others] = offer.terms.rules;
    if (directory === undefined || given === undefined || others.length > 0)
      throw new TypeError('an Always choice is one rule for one directory');
    const { words } = offer.terms;
    const text = this.#textOf(directory);
    const known = this.#read(directory);
    if (text === undefined && existsSync(this.pathOf(directory)))
      throw unusable(this.pathOf(directory), 'others could have written it');
    const before = text === undefined ? undefined : readOwnRules(text, this.#options.home);
    if (before?.problem !== undefined) throw unusable(this.pathOf(directory), before.problem);
    if (known.length >= MOST_RULES) throw unusable(this.pathOf(directory), 'it has very many rules already');
    const name = freeName(words, new Set(known.map(({ file }) => file.name)));
    const rule: RuleFile = { ...given, name, description: words };
    const comment = `${new Date(this.#options.clock.now()).toISOString()}, ${by}: ${subject}`;
    const written = withOwnRule(text, `Made with Always, for ${directory}`, rule, comment);
    const read = readOwnRules(written, this.#options.home);
    if (read.problem !== undefined) throw unusable(this.pathOf(directory), read.problem);
    const { chat } = context;
    const rules = [rule];
    await this.#options.audit.record({
      event: 'rule_added',
      ownRule: name,
      chat,
      directory,
      words,
      rules,
      by,
      call: call.id,
    });
    try {
      await this.#write(directory, written);
    } catch (error) {
      await this.#options.audit.record({ event: 'rule_removed', ownRule: name, chat, directory, words, by });
      throw error;
    }
    return { name, words, directory };
  }

  /** `~/.leashd/rules/shop-1a2b3c4d5e6f.yaml`. */
  pathOf(directory: string): string {
    const hash = createHash('sha256').update(directory).digest('hex').slice(0, 12);
    return join(this.#options.folder, `${slug(basename(directory)) || 'project'}-${hash}.yaml`);
  }

  #read(directory: string): readonly AllowRule[] {
    const text = this.#textOf(directory);
    if (text === undefined) return [];
    const known = this.#known.get(directory);
    if (known?.text === text) return known.rules;
    const read = readOwnRules(text, this.#options.home);
    if (read.problem !== undefined)
      this.#options.log.warn('own_rules_unusable', { path: this.pathOf(directory), reason: read.problem });
    const rules = read.problem === undefined ? read.rules : [];
    this.#known.set(directory, { text, rules });
    return rules;
  }

  /** Undefined for a file that is not there, or that others could have written. */
  #textOf(directory: string): string | undefined {
    const path = this.pathOf(directory);
    try {
      const stats = lstatSync(path, { throwIfNoEntry: false });
      if (stats === undefined) return undefined;
      const isOwn = process.getuid === undefined || stats.uid === process.getuid();
      if (stats.isFile() && isOwn && (stats.mode & 0o022) === 0 && stats.size <= LARGEST_FILE)
        return readFileSync(path, 'utf8');
      this.#options.log.warn('own_rules_unusable', { path, reason: 'others could have written it' });
    } catch (error) {
      this.#options.log.warn('own_rules_unusable', { path, reason: messageOf(error) });
    }
    return undefined;
  }

  /** The whole file or the one before, whenever the power goes. */
  async #write(directory: string, text: string): Promise<void> {
    const { folder } = this.#options;
    const path = this.pathOf(directory);
    const draft = `${path}.${newId()}`;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = await open(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
      try {
        await file.writeFile(text, 'utf8');
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, path);
      await flushFolder(folder);
    } catch (error) {
      await rm(draft, { force: true }).catch(() => {});
      throw unusable(path, messageOf(error), error);
    }
  }

  /** One change after the other, so that none is lost. */
  async #inTurn<Value>(change: () => Promise<Value>): Promise<Value> {
    const turn = this.#writing.then(change, change);
    this.#writing = turn.catch(() => {});
    return turn;
  }
}

async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** `always-npm-run-build`, `always-npm-run-build-2`. */
function freeName(words: string, taken: ReadonlySet<string>): string {
  const base = `always-${slug(words.replace(/^exactly /, '')) || 'rule'}`;
  if (!taken.has(base)) return base;
  for (let number = 2; ; number += 1) {
    if (!taken.has(`${base}-${number}`)) return `${base}-${number}`;
  }
}

function slug(text: string): string {
  const plain = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return plain.slice(0, 40).replaceAll(/^-|-$/g, '');
}

function unusable(path: string, why: string, cause?: unknown): MachineError {
  return new MachineError('OWN_RULES_UNWRITABLE', `the rules in ${path} can't be changed: ${why}`, {
    hint: 'Look at the file, correct or remove it, and choose Always again.',
    cause,
  });
}
