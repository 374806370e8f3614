import { messageOf } from '../../errors.ts';
import type { Log } from '../../util/log.ts';
import type { FileView } from '../file-view.ts';
import { footprintOf } from '../footprint/footprint.ts';
import { fileDigest, scriptsRun } from '../gate/contents-digest.ts';
import { policyOf, readAllowRules } from '../policy/own-rules.ts';
import type { ReadRules } from '../policy/own-rules.ts';
import type { Policy } from '../policy/policy.ts';
import type { GateContext, ModeRule } from '../types.ts';

/** A mode's rule, ready to be held against a call. */
export type ModeCovering = {
  readonly words: string;
  readonly folder: string | undefined;
  /** The file it says it rests on. */
  readonly source: string | undefined;
  readonly pins: Readonly<Record<string, string>>;
  readonly policy: Policy;
  /** Commands that it names word by word, one blank between two. */
  readonly exactly: ReadonlySet<string>;
  /** `server/tool` of MCP, named in full. */
  readonly tools: ReadonlySet<string>;
};

export type ModeRuleBookOptions = { readonly home: string; readonly log: Log };

/** Of commands named word by word: so many are looked at for the scripts that they run. */
const MOST_LOOKED_AT = 64;

/** Reads the rules that modes bring, each once, and knows whether what they rest on is as it was. */
export class ModeRuleBook {
  readonly #options: ModeRuleBookOptions;
  readonly #known = new WeakMap<ModeRule, ModeCovering | 'unusable'>();

  constructor(options: ModeRuleBookOptions) {
    this.#options = options;
  }

  /** The rules, each with a note of the files it rests on, as `view` has them. Does not throw. */
  pin(rules: readonly ModeRule[], view: FileView): readonly ModeRule[] {
    return rules.map((rule) => {
      const covering = this.#covering(rule);
      if (covering === undefined) return rule;
      const paths = new Set([
        ...(rule.source === undefined ? [] : [rule.source]),
        ...this.#scriptsOf(covering, view),
      ]);
      const pins = Object.fromEntries([...paths].map((path) => [path, fileDigest(path, view)]));
      const pinned = { ...rule, pins };
      this.#known.set(pinned, { ...covering, pins });
      return pinned;
    });
  }

  /** Those of the mode that can be read; none where nothing may be changed. */
  coverings({ mode }: GateContext): readonly ModeCovering[] {
    if (!mode.mayChange || mode.rules === undefined) return [];
    return mode.rules.flatMap((rule) => this.#covering(rule) ?? []);
  }

  #covering(rule: ModeRule): ModeCovering | undefined {
    let known = this.#known.get(rule);
    if (known === undefined) this.#known.set(rule, (known = this.#read(rule)));
    return known === 'unusable' ? undefined : known;
  }

  #read({ words, folder, source, rules, pins = {} }: ModeRule): ModeCovering | 'unusable' {
    const read = readWhole(rules, this.#options.home);
    if (read.problem !== undefined) {
      this.#options.log.error('mode_rule_unusable', { words, problem: read.problem });
      return 'unusable';
    }
    const files = read.rules.map(({ file }) => file);
    const shapes = files.flatMap(({ commands = [] }) =>
      commands.map((shape) => shape.trim().split(/\s+/).join(' ')),
    );
    const patterns = files.flatMap(({ command_patterns: patterns = [] }) =>
      patterns.map((one) => literal(one)),
    );
    const exactly = [...shapes.filter((shape) => !shape.includes('*')), ...patterns];
    return {
      words,
      folder,
      source,
      pins,
      policy: policyOf(read.rules),
      exactly: new Set(exactly.filter((command) => command !== undefined)),
      tools: new Set(files.flatMap(({ mcp = [] }) => mcp.filter((name) => !name.includes('*')))),
    };
  }

  /** What approvals hash of a command: the scripts that these ones run. */
  #scriptsOf({ folder, exactly }: ModeCovering, view: FileView): readonly string[] {
    if (folder === undefined) return [];
    return [...exactly].slice(0, MOST_LOOKED_AT).flatMap((command) => {
      try {
        const call = { id: 'pin', tool: 'Bash', input: { command }, directory: folder };
        const footprint = footprintOf(call, { view, home: this.#options.home });
        return footprint.commands.flatMap((_, index) => scriptsRun(footprint, index, view));
      } catch (error) {
        // Without a note of its scripts the command asks.
        this.#options.log.warn('mode_rule_not_pinned', { command, reason: messageOf(error) });
        return [];
      }
    });
  }
}

/**
 * Tells the first file that a rule rests on and that is not as it was when the rule was set; undefined when all are.
 * Each file is read once.
 */
export function changedFiles(view: FileView): (covering: ModeCovering) => string | undefined {
  const digests = new Map<string, string>();
  const digestOf = (path: string): string => {
    const digest = digests.get(path) ?? fileDigest(path, view);
    digests.set(path, digest);
    return digest;
  };
  return ({ source, pins }) => {
    if (source !== undefined && pins[source] === undefined) return source;
    return Object.entries(pins).find(([path, digest]) => digestOf(path) !== digest)?.[0];
  };
}

/** In a policy a pattern may be found anywhere in a command; here it has to be all of it. */
function readWhole(given: readonly unknown[], home: string): ReadRules {
  const read = readAllowRules(given, home);
  if (read.problem !== undefined || read.rules.every(({ file }) => file.command_patterns === undefined))
    return read;
  return readAllowRules(
    read.rules.map(({ file }) => ({
      ...file,
      ...(file.command_patterns && { command_patterns: file.command_patterns.map((one) => `^(?:${one})$`) }),
    })),
    home,
  );
}

/** What a pattern means that can mean only one thing: `^\./gradlew test$`, as readWhole has put it. */
function literal(pattern: string): string | undefined {
  const [, body] = /^\^\(\?:\^((?:[^\\^$.*+?()[\]{}|]|\\[^A-Za-z0-9])+)\$\)\$$/.exec(pattern) ?? [];
  return body?.replaceAll(/\\(.)/g, '$1');
}
