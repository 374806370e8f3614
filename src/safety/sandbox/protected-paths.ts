import { extname } from 'node:path';
import type { FileView } from '../file-view.ts';
import { foldPath, isWithin, resolvePath } from '../paths.ts';

/** leashd's own files, wherever they lie. Files and folders, which need not exist yet. */
export type OwnPaths = {
  /** Neither read nor written: state, settings, `.env`, database, audit, logs. */
  readonly untouchable: readonly string[];
  /** Read but never written: policies, the installed program. */
  readonly unwritable: readonly string[];
};

export type Protection = { readonly rule: string; readonly reason: string };

/** Names at any depth, and places in the home folder, that decide what runs later or with whose rights. */
const NEVER_WRITTEN: readonly (readonly [RegExp, Protection])[] = [
  [
    /\/\.git(?:\/|$)/,
    {
      rule: 'git-internals',
      reason: 'What lies in .git decides what git runs; use git commands to change it',
    },
  ],
  [
    /\/\.claude\/(?:settings[^/]*\.json|(?:hooks|agents|commands|skills|plugins|output-styles)(?:\/|$))|\/\.mcp\.json$/,
    {
      rule: 'agent-settings',
      reason: "The agent's own settings, hooks and definitions are the person's to change",
    },
  ],
  [
    /\/\.(?:bashrc|bash_profile|bash_login|bash_logout|bash_aliases|profile|zshrc|zshenv|zprofile|zlogin|zlogout|inputrc|kshrc|cshrc|tcshrc|login|xprofile|xinitrc|xsession)$|\/\.config\/(?:fish|nushell|environment\.d)(?:\/|$)/,
    { rule: 'startup-files', reason: 'It would run when the person opens a shell' },
  ],
  [
    /\/\.(?:ssh|gnupg|aws|kube)(?:\/|$)|\/\.(?:gitconfig|npmrc|yarnrc|pypirc|netrc|curlrc|wgetrc|condarc)$|\/\.config\/(?:git|pip|gh)(?:\/|$)|\/\.pip\/pip\.conf$/,
    { rule: 'personal-settings', reason: "It is part of the person's own settings and keys" },
  ],
  [
    /\/\.config\/(?:systemd|autostart)(?:\/|$)|\/library\/(?:launchagents|launchdaemons)(?:\/|$)|^\/(?:var\/spool\/(?:cron|at)|etc|lib\/systemd|usr\/lib\/systemd|private\/etc|boot|sys|proc)(?:\/|$)/,
    { rule: 'system-files', reason: 'It would change what the machine runs by itself' },
  ],
];

/** May be written, but only when the person has seen it: no mode and no grant covers it. */
const ALWAYS_ASKED: readonly (readonly [RegExp, Protection])[] = [
  [
    /\/\.(?:gitattributes|gitmodules)$/,
    { rule: 'git-attributes', reason: 'It can make git run programs when files are read or written' },
  ],
  [
    /\/(?:\.envrc|\.pre-commit-config\.yaml|\.?lefthook(?:-local)?\.(?:ya?ml|toml|json)|\.?mise(?:\.\w+)?\.toml|\.devcontainer\.json|\.yarnrc(?:\.yml)?|\.pnpmfile\.c?js|[^/]+\.code-workspace)$|\/\.(?:husky|devcontainer|idea|cargo)(?:\/|$)|\/\.vscode\/[^/]+\.json$/,
    { rule: 'run-later', reason: "It decides what the person's own tools run later by themselves" },
  ],
];

export function writeProtection(path: string): Protection | undefined {
  return firstMatch(NEVER_WRITTEN, foldPath(path));
}

export function alwaysAsked(path: string): Protection | undefined {
  return firstMatch(ALWAYS_ASKED, foldPath(path));
}

function firstMatch(
  rules: readonly (readonly [RegExp, Protection])[],
  folded: string,
): Protection | undefined {
  return rules.find(([pattern]) => pattern.test(folded))?.[1];
}

type OwnPath = { readonly path: string; readonly folded: string };

/** Knows where leashd's own files are; links in their paths are followed once, when it is made. */
export class OwnFiles {
  readonly #untouchable: readonly OwnPath[];
  readonly #all: readonly OwnPath[];

  constructor(paths: OwnPaths, home: string, view: FileView) {
    const known = (path: string): OwnPath[] => {
      const { real } = resolvePath(path, '/', home, view);
      return [...new Set([path, real])].map((name) => ({ path: name, folded: foldPath(name) }));
    };
    this.#untouchable = paths.untouchable.flatMap((path) => known(path));
    this.#all = [...this.#untouchable, ...paths.unwritable.flatMap((path) => known(path))];
  }

  isUntouchable(path: string): boolean {
    return isOneOf(path, this.#untouchable);
  }

  isUnwritable(path: string): boolean {
    return isOneOf(path, this.#all);
  }

  /** That very path, not only a folder that it lies in. */
  isNamed(path: string): boolean {
    const name = foldPath(path);
    return this.#all.some(({ folded }) => folded === name);
  }

  /** Those below a folder that no search may read. */
  untouchableBelow(folder: string): readonly string[] {
    return below(folder, this.#untouchable);
  }

  /** Those below a folder that no deletion may take with it. */
  unwritableBelow(folder: string): readonly string[] {
    return below(folder, this.#all);
  }
}

// A database has companions, and a log that is turned over has numbers.
const COMPANION = /^(?:-wal|-shm|-journal|\.lock|\.\d+(?:\.gz)?)$/;
/** The audit log's full files: `audit-20260131t142530z-3.jsonl`. */
const TURNED_OVER = /^-\d{8}t\d{6}z-\d+$/;

function isOneOf(path: string, own: readonly OwnPath[]): boolean {
  const name = foldPath(path);
  return own.some(
    ({ folded }) =>
      isWithin(name, folded) ||
      (name.startsWith(folded) && COMPANION.test(name.slice(folded.length))) ||
      isTurnedOver(name, folded),
  );
}

function isTurnedOver(name: string, folded: string): boolean {
  const end = extname(folded);
  const stem = folded.slice(0, folded.length - end.length);
  return (
    name.startsWith(stem) &&
    name.endsWith(end) &&
    TURNED_OVER.test(name.slice(stem.length, name.length - end.length))
  );
}

function below(folder: string, own: readonly OwnPath[]): readonly string[] {
  const name = foldPath(folder);
  return own.filter(({ folded }) => isWithin(folded, name)).map(({ path }) => path);
}
