import { dirname } from 'node:path';
import { assertNever } from '../../util/assert-never.ts';
import type { FileView } from '../file-view.ts';
import { hostKind } from './hosts.ts';
import { isWithin } from '../paths.ts';
import { alwaysAsked, OwnFiles, writeProtection } from './protected-paths.ts';
import { ownProgramFinding, USES_LEASHD } from './own-program.ts';
import type { OwnProgram } from './own-program.ts';
import type { PlanFiles, PlanStanding } from './plan-files.ts';
import { isOpenFile } from './project-files.ts';
import type { OwnPaths } from './protected-paths.ts';
import { secretKind } from './secrets.ts';
import { isTemporary } from './temp-folders.ts';
import { keptInTree, ownInTree, secretInTree } from './tree-secrets.ts';
import type { Decision, Effect, Footprint, GateContext, Risk } from '../types.ts';
import { wordSet } from '../word-set.ts';

export type SandboxOptions = {
  readonly home: string;
  readonly ownPaths: OwnPaths;
  /** Absolute real paths outside the session's directories that may be read: the agent's own scratch files. */
  readonly alsoReadable?: readonly string[] | undefined;
  /** Left out: it does not run, or is not known. */
  readonly ownProgram?: OwnProgram | undefined;
  /** Absolute paths where programs are looked for by their names (PATH). */
  readonly programFolders?: readonly string[] | undefined;
  /** Where the agent keeps its plans; left out: nowhere. */
  readonly plans?: PlanFiles | undefined;
};

/** Says what the sandbox has against a footprint: the strictest finding, or undefined when it has nothing. */
export type Sandbox = (footprint: Footprint, context: GateContext, view: FileView) => Decision | undefined;

/** The rule by which the sandbox asks about this machine and the network it stands in. */
export const PRIVATE_ADDRESS = 'private-address';

/** Reading these tells nothing about the person; each is a file, or a folder with all below it. */
const HARMLESS_READS = [
  ...wordSet(`
    /dev/null /dev/zero /usr/share /usr/include /usr/bin /usr/lib /bin /lib /opt/homebrew /proc/cpuinfo
    /proc/meminfo /proc/version /proc/loadavg /proc/uptime /proc/stat /etc/os-release
    /etc/debian_version /etc/timezone /etc/localtime /etc/shells /etc/services
  `),
];

export function createSandbox(options: SandboxOptions, view: FileView): Sandbox {
  const own = new OwnFiles(options.ownPaths, options.home, view);
  const { ownProgram: program } = options;
  const real = {
    ...options,
    home: view.real(options.home) ?? options.home,
    programFolders: options.programFolders?.flatMap((folder) => [folder, realOr(folder, view)]),
    ownProgram: program && { ...program, folder: view.real(program.folder) ?? program.folder },
  };
  return (footprint, context, currentView) => {
    const check = new Check(footprint, context, real, own, currentView);
    let worst: Decision | undefined;
    for (const finding of check.findings()) {
      // The address comes last: a mode may answer it, and must not answer what else there is with it.
      const isWorse = finding.action === 'deny' || worst?.rule === PRIVATE_ADDRESS;
      if (worst === undefined || (worst.action === 'ask' && isWorse)) worst = finding;
      if (worst.action === 'deny') return worst;
    }
    return worst;
  };
}

type TreeEffect = Extract<Effect, { readonly kind: 'read-tree' | 'delete-tree' }>;
type PathEffect = Extract<Effect, { readonly path: unknown }>;

class Check {
  readonly #footprint: Footprint;
  readonly #context: GateContext;
  readonly #options: SandboxOptions;
  readonly #own: OwnFiles;
  readonly #view: FileView;

  constructor(
    footprint: Footprint,
    context: GateContext,
    options: SandboxOptions,
    own: OwnFiles,
    view: FileView,
  ) {
    this.#footprint = footprint;
    this.#context = context;
    this.#options = options;
    this.#own = own;
    this.#view = view;
  }

  *findings(): Generator<Decision> {
    for (const effect of this.#footprint.effects) {
      const finding = this.#findingFor(effect);
      if (finding !== undefined) yield finding;
    }
    const { ownProgram, home } = this.#options;
    const working =
      ownProgram && ownProgramFinding(this.#footprint, this.#context, ownProgram, { home, view: this.#view });
    if (working !== undefined) yield working;
    for (const { path } of this.#footprint.unknowns) {
      if (path !== undefined && this.#own.isUnwritable(path.real)) {
        yield deny(
          'own-files',
          `${path.given} belongs to leashd, which keeps the agent out of it`,
          'critical',
        );
      }
    }
    for (const { cwd } of this.#footprint.commands) {
      const folders = cwd.kind === 'static' ? [cwd.value] : (cwd.values ?? []);
      const outside = folders.find((folder) => !this.#isInside(folder));
      if (outside !== undefined) {
        yield ask(
          'outside-directories',
          `It would run in ${outside}, outside the session's directories`,
          'high',
        );
        return;
      }
    }
  }

  #findingFor(effect: Effect): Decision | undefined {
    switch (effect.kind) {
      case 'read':
        return this.#keptFrom(effect) ?? this.#outsideRead(effect);
      case 'read-tree':
        return this.#keptFrom(effect) ?? this.#outsideRead(effect) ?? this.#treeRead(effect);
      case 'write':
        return this.#keptFrom(effect) ?? this.#change(effect) ?? this.#program(effect);
      case 'delete':
        return this.#keptFrom(effect) ?? this.#ownBelow(effect) ?? this.#change(effect);
      case 'delete-tree':
        return this.#keptFrom(effect) ?? this.#deleteTree(effect);
      case 'network':
        return this.#contact(effect.host);
      case 'act':
        return effect.act === 'use-leashd' ? USES_LEASHD : undefined;
      default:
        return assertNever(effect, 'effect');
    }
  }

  /** leashd's own files and secrets: for nobody, wherever they lie. */
  #keptFrom(effect: PathEffect): Decision | undefined {
    const { path, kind } = effect;
    if (this.#own.isUntouchable(path.real) && !this.#isOpen(effect)) {
      return deny(
        'own-files',
        `${path.given} belongs to leashd, which keeps the agent out of it`,
        'critical',
      );
    }
    // A list of names in such a folder is harmless, what lies in it is not.
    if (kind === 'read-tree' && this.#view.kind(path.real) === 'directory' && !isPlaceOfSecrets(path.real)) {
      return undefined;
    }
    const secret =
      secretKind(path.real) ?? secretKind(`/${path.given.slice(path.given.lastIndexOf('/') + 1)}`);
    return secret === undefined
      ? undefined
      : deny('secret-files', `${path.given} is ${secret}, which stays closed to the agent`, 'high');
  }

  #isOpen(effect: PathEffect): boolean {
    return isOpenFile(this.#footprint, effect, this.#context, this.#own, this.#view);
  }

  #change(effect: PathEffect): Decision | undefined {
    const { path, command } = effect;
    if (this.#own.isUnwritable(path.real) && !this.#isOpen(effect)) {
      return deny('own-files', `${path.given} belongs to leashd, which the agent may not change`, 'critical');
    }
    const protection = writeProtection(path.real);
    if (protection !== undefined)
      return deny(protection.rule, `${protection.reason} (${path.given})`, 'critical');
    if (path.real === '/dev/null') return undefined;
    if (!this.#isInside(path.real)) {
      const kept = [...this.#context.directories, this.#options.home];
      if (command !== undefined && isTemporary(path.real, kept)) {
        return ask('temporary-files', `${path.given} lies in a temporary folder of the machine`, 'medium');
      }
      if (this.#plan !== undefined) return this.#earlierPlan(path.given);
      return deny('outside-directories', `${path.given} lies outside ${this.#directoriesInWords()}`, 'high');
    }
    const asked = alwaysAsked(path.real);
    return asked === undefined ? undefined : ask(asked.rule, `${asked.reason} (${path.given})`, 'high');
  }

  /** What lies there may stand in the place of git or ls, for the agent's commands that pass and for leashd itself. */
  #program({ path }: PathEffect): Decision | undefined {
    const { programFolders = [] } = this.#options;
    // What formats a whole project is no new folder of programs.
    const isWhole = this.#context.directories.includes(path.real);
    const folder = programFolders.find(
      (one) => dirname(path.real) === one || (!isWhole && isWithin(one, path.real)),
    );
    if (folder === undefined) return undefined;
    return ask('program-folder', `Programs are looked for in ${folder} (${path.given})`, 'high');
  }

  #outsideRead({ path, command }: PathEffect): Decision | undefined {
    const readable = [...this.#context.directories, ...(this.#options.alsoReadable ?? [])];
    if (readable.some((folder) => isWithin(path.real, folder))) return undefined;
    if (this.#plan !== undefined) return this.#earlierPlan(path.given);
    const where = `${path.given} lies outside ${this.#directoriesInWords()}`;
    if (command === undefined) return deny('outside-directories', where, 'high');
    if (HARMLESS_READS.some((place) => isWithin(path.real, place))) return undefined;
    if (isWithin(path.real, this.#options.home)) {
      return deny('outside-directories', `${where}, among the person's own files`, 'high');
    }
    return ask('outside-directories', where, 'medium');
  }

  get #plan(): PlanStanding | undefined {
    return this.#options.plans?.standing(this.#footprint, this.#context, this.#view);
  }

  /** The session's own plan is left to the mode and the policy. */
  #earlierPlan(given: string): Decision | undefined {
    if (this.#plan === 'own') return undefined;
    return ask('earlier-plan', `${given} is a plan that was not written in this run of leashd`, 'medium');
  }

  #treeRead(effect: TreeEffect): Decision | undefined {
    const found = secretInTree(effect.path.real, effect.reach, this.#own, this.#view);
    if (found === undefined) return undefined;
    const reason = `A search through ${effect.path.given} would also read ${found}; a smaller folder or a file pattern such as "*.ts" leaves it out`;
    return effect.command === undefined
      ? deny('secret-files', reason, 'high')
      : ask('secret-files', reason, 'high');
  }

  /** A folder goes with all that is in it, when it is moved. */
  #ownBelow({ path }: PathEffect): Decision | undefined {
    const own = this.#own.unwritableBelow(path.real).find((one) => this.#view.kind(one) !== undefined);
    if (own === undefined) return undefined;
    return deny('protected-inside', `It would move or delete ${own} along with ${path.given}`, 'critical');
  }

  #deleteTree(effect: TreeEffect): Decision | undefined {
    const change = this.#change(effect);
    return change?.action === 'deny' ? change : (this.#treeDelete(effect) ?? change);
  }

  #treeDelete({ path, reach }: TreeEffect): Decision | undefined {
    // What deletes only files of certain names is for the person to judge; everything is for nobody.
    // By their names, where only some files go.
    const own = reach?.only && ownInTree(path.real, reach, this.#own, this.#view);
    if (own !== undefined)
      return deny('protected-inside', `It would delete ${own} along with ${path.given}`, 'critical');
    const judge = reach?.only === undefined ? deny : ask;
    if (this.#context.directories.some((directory) => isWithin(directory, path.real))) {
      return judge('whole-directory', `It would delete everything it finds in ${path.given}`, 'critical');
    }
    const kept = keptInTree(path.real, this.#own, this.#view);
    return kept === undefined
      ? undefined
      : judge('protected-inside', `It would delete ${kept} along with ${path.given}`, 'critical');
  }

  #contact(host: string | undefined): Decision | undefined {
    const kind = host === undefined ? 'public' : hostKind(host);
    if (kind === 'public' || host === undefined) return undefined;
    if (kind === 'metadata') {
      return deny(
        'metadata-address',
        `${host} is where a machine's own credentials are handed out`,
        'critical',
      );
    }
    // A browser is there to look at what runs on this machine; the policy decides about it.
    if (this.#footprint.mcp !== undefined) return undefined;
    const where = kind === 'loopback' ? 'on this machine' : 'in the private network';
    return ask(PRIVATE_ADDRESS, `${host} is ${where}`, 'high');
  }

  #isInside(path: string): boolean {
    return this.#context.directories.some((directory) => isWithin(path, directory));
  }

  #directoriesInWords(): string {
    return this.#context.directories.join(', ') || 'every directory of the session';
  }
}

function realOr(path: string, view: FileView): string {
  try {
    return view.real(path) ?? path;
  } catch {
    return path;
  }
}

function isPlaceOfSecrets(path: string): boolean {
  return secretKind(`${path}/x`) !== undefined;
}

function deny(rule: string, reason: string, risk: Risk): Decision {
  return { action: 'deny', layer: 'sandbox', rule, reason, risk };
}

function ask(rule: string, reason: string, risk: Risk): Decision {
  return { action: 'ask', layer: 'sandbox', rule, reason, risk };
}
