import { posix } from 'node:path';
import type { FileView } from '../file-view.ts';
import { scriptsRun } from '../gate/contents-digest.ts';
import { isAsked, isBareCommand, neverInAdvance, PLAIN_WAYS } from '../grants/grants.ts';
import type { AskedCall } from '../grants/grants.ts';
import { foldPath } from '../paths.ts';
import { evaluateEach, isDoubt } from '../policy/evaluate.ts';
import type { PartDecision } from '../policy/evaluate.ts';
import { hostKind } from '../sandbox/hosts.ts';
import { isSessionFile } from '../sandbox/project-files.ts';
import { PRIVATE_ADDRESS } from '../sandbox/sandbox.ts';
import { programName } from '../shell/normal-form.ts';
import type { Decision, Effect, SimpleCommand, Unknown } from '../types.ts';
import { changedFiles } from './mode-rules.ts';
import type { ModeCovering } from './mode-rules.ts';

/** What runs a program of the project, and nothing around it: `npx vitest run` is `vitest run`. */
const RUNNERS: ReadonlySet<string> = new Set('npx bunx pnpm yarn bun uv poetry pdm pipenv bundle'.split(' '));

/** `changed`: a rule would let it pass, had this file not changed since it was set. */
export type ModeAnswer =
  | { readonly kind: 'covered'; readonly by: readonly ModeCovering[] }
  | { readonly kind: 'changed'; readonly words: string; readonly file: string };

/**
 * Whether a mode's rules let a call pass that the policy asks about: every part of each command that is asked about is
 * allowed by one and the same rule, which names the command, in its folder, with the files that it rests on as they were.
 * Of what the sandbox asks, requests to this machine can be answered so, too.
 * Undefined when anything is left over. As strict as a grant, but that a rule also covers
 *
 * - a command behind a wrapper (`npx vitest run`), where it covers the wrapper's own words, which end in that command;
 * - a script that is run (`python manage.py test`), where it was pinned with the rule;
 * - a program that no table knows (`flask run`), where it names that very command in all its words;
 * - one side of a file in conflict (`git checkout --ours -- a.png`), where it names command, act and file.
 */
export function coveredByMode(
  asked: AskedCall,
  decision: Decision,
  coverings: readonly ModeCovering[],
  view: FileView,
): ModeAnswer | undefined {
  const question = isAboutThisMachine(asked, decision) ? { ...decision, layer: 'policy' as const } : decision;
  if (coverings.length === 0 || neverInAdvance(besideSides(asked), question) !== undefined) return undefined;
  if (asked.footprint.effects.some((effect) => isKeptFolder(effect, asked))) return undefined;
  const changeOf = changedFiles(view);
  const changed = new Map(coverings.map((covering) => [covering, changeOf(covering)]));
  const standing = coverings.filter((covering) => changed.get(covering) === undefined);
  const by = new ModeCover(asked, standing, view).covering();
  if (by !== undefined) return { kind: 'covered', by };
  const would = standing.length < coverings.length && new ModeCover(asked, coverings, view).covering();
  const stale = would === false ? undefined : would?.find((covering) => changed.get(covering) !== undefined);
  const file = stale && changed.get(stale);
  return stale === undefined || file === undefined
    ? undefined
    : { kind: 'changed', words: stale.words, file };
}

/** `git checkout --ours -- FILE …`, and nothing else in it. */
const TAKES_SIDE = /^git checkout --(?:ours|theirs) -- /;

/** Without the one rewriting that a mode may bring: the other side stays in the merge, and may be taken again. */
function besideSides(asked: AskedCall): AskedCall {
  const { footprint } = asked;
  const takesSide = (command: number | undefined): boolean =>
    command !== undefined && TAKES_SIDE.test(footprint.commands[command]?.normalForm ?? '');
  const effects = footprint.effects.filter(
    (effect) => effect.kind !== 'act' || effect.act !== 'rewrite-history' || !takesSide(effect.command),
  );
  return { ...asked, footprint: { ...footprint, effects } };
}

/**
 * The one question of the sandbox's that a mode's rule answers: a request to this machine alone, and nothing else that
 * the sandbox has against the call. The rule has to name the command, and so the port, and the host.
 */
function isAboutThisMachine({ footprint, parts }: AskedCall, { layer, rule }: Decision): boolean {
  const contacts = footprint.effects.filter((effect) => effect.kind === 'network');
  return (
    layer === 'sandbox' &&
    rule === PRIVATE_ADDRESS &&
    contacts.every(
      ({ host, command }) =>
        host !== undefined &&
        hostKind(host) === 'loopback' &&
        parts.some((part) => part.command === command && isAsked(part)),
    )
  );
}

/** leashd's own folder in a project, but for the one file that a mode may open. */
function isKeptFolder(effect: Effect, { footprint, context }: AskedCall): boolean {
  if (!('path' in effect) || effect.kind === 'read' || effect.kind === 'read-tree') return false;
  const { real } = effect.path;
  return foldPath(real).split('/').includes('.leashd') && !isSessionFile(footprint, effect, context);
}

class ModeCover {
  readonly #asked: AskedCall;
  readonly #coverings: readonly ModeCovering[];
  readonly #view: FileView;
  /** What each rule, alone, says about each part of the call. */
  readonly #said = new Map<ModeCovering, readonly PartDecision[]>();

  constructor(asked: AskedCall, coverings: readonly ModeCovering[], view: FileView) {
    this.#asked = asked;
    this.#coverings = coverings;
    this.#view = view;
  }

  covering(): readonly ModeCovering[] | undefined {
    const { footprint, context, parts } = this.#asked;
    const used = new Map<number | undefined, ModeCovering>();
    for (const command of new Set(parts.filter((part) => isAsked(part)).map((part) => part.command))) {
      const covering = this.#coverings.find((one) => this.#covers(one, command));
      if (covering === undefined) return undefined;
      used.set(command, covering);
    }
    const doubts = footprint.unknowns.filter((unknown) => isDoubt(unknown, context));
    if (used.size === 0 || !doubts.every((doubt) => this.#isNamed(doubt, used.get(doubt.command))))
      return undefined;
    return [...new Set(used.values())];
  }

  #covers(covering: ModeCovering, command: number | undefined): boolean {
    const said = this.#saidBy(covering).filter((part) => part.command === command);
    if (said.length === 0 || said.some(({ decision }) => decision.action !== 'allow')) return false;
    if (command === undefined) return covering.folder === undefined;
    const own = this.#asked.footprint.commands[command];
    return (
      own !== undefined &&
      isBareCommand(own) &&
      own.cwd.kind === 'static' &&
      own.cwd.value === covering.folder &&
      // A rule for all commands is none that this mode has found.
      said.every(({ rule }) => (rule?.commands ?? rule?.commandPatterns) !== undefined) &&
      this.#isReached(covering, own) &&
      scriptsRun(this.#asked.footprint, command, this.#view).every(
        (path) => covering.pins[path] !== undefined,
      )
    );
  }

  #saidBy(covering: ModeCovering): readonly PartDecision[] {
    let said = this.#said.get(covering);
    if (said === undefined) {
      const { footprint, context } = this.#asked;
      this.#said.set(covering, (said = [...evaluateEach(covering.policy, footprint, context)]));
    }
    return said;
  }

  /** By itself, in plain ways, or behind a runner that the same rule covers in all its words. */
  #isReached(covering: ModeCovering, { argv, via, span }: SimpleCommand): boolean {
    if (via.every((way) => PLAIN_WAYS.has(way))) return true;
    const runner = via.at(-1);
    if (runner === undefined || !RUNNERS.has(runner)) return false;
    const words = wordsOf(argv);
    return this.#asked.footprint.commands.some((other, index) => {
      const [program = '', ...rest] = wordsOf(other.argv);
      return (
        other.span[0] === span[0] &&
        other.span[1] === span[1] &&
        isSameWay(other.via, via.slice(0, -1)) &&
        programName(program) === runner &&
        isSameWay(rest.slice(rest.length - words.length), words) &&
        this.#covers(covering, index)
      );
    });
  }

  /** Nothing lifts a doubt but a rule that names that very program with all its words, or that very tool. */
  #isNamed({ about, command }: Unknown, covering: ModeCovering | undefined): boolean {
    const { commands, mcp } = this.#asked.footprint;
    if (covering === undefined) return false;
    if (about === 'tool') return mcp !== undefined && covering.tools.has(`${mcp.server}/${mcp.tool}`);
    const own = command === undefined ? undefined : commands[command];
    return about === 'program' && own !== undefined && covering.exactly.has(wordsOf(own.argv).join(' '));
  }
}

function wordsOf(argv: SimpleCommand['argv']): readonly string[] {
  return argv.map((word) => (word.kind === 'static' ? word.value : '\0'));
}

function isSameWay(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((word, index) => word === other[index]);
}

/** The decision, as audit log and agent are told. */
export function modeDecision(said: Decision, by: readonly ModeCovering[], mode: string): Decision {
  const words = by.map((covering) => covering.words).join(', ');
  return {
    action: 'allow',
    layer: 'mode',
    rule: `mode:${mode} ${words}`,
    reason: `It is what ${mode} mode lets pass while it lasts: ${words}`,
    risk: said.risk,
  };
}

/** The question, with why it is one. */
export function changedSince(
  said: Decision,
  { words, file }: { readonly words: string; readonly file: string },
): Decision {
  return {
    ...said,
    reason: `${said.reason}. ${words} no longer passes by itself: ${posix.basename(file)} has changed`,
  };
}
