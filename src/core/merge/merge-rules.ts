import { sep } from 'node:path';
import type { ConflictKind, MergeState } from '../ports/git-data.ts';
import type { ModeRule } from '../ports/gate.ts';

export type MergeRulesOptions = {
  readonly merge: MergeState;
  /** Absolute real path. */
  readonly top: string;
  /** Absolute real paths in which its commands may start. */
  readonly folders: readonly string[];
};

const EDIT_TOOLS = ['Write', 'Edit', 'MultiEdit', 'NotebookEdit'];

/** Kinds of which one side may be taken as a whole. */
const HAS_BOTH_SIDES: readonly ConflictKind[] = ['content', 'both-added', 'binary'];
/** Kinds that may end with the file gone. */
const MAY_GO: readonly ConflictKind[] = [
  'both-deleted',
  'added-by-us',
  'added-by-them',
  'deleted-by-us',
  'deleted-by-them',
  'rename',
];

/** Git would take such a name for a pattern, so that it could mean other files too: they are asked for. */
const PATTERN = /[*?[\\]/;
/** Words that are no options and no patterns (gitglossary(7), "pathspec"); which files they are is for the paths to say. */
const FILES = String.raw`( [^-:\s*?\[\\][^\s*?\[\\]*)+`;

const LOOKS = ['show', 'log', 'diff', 'status', 'ls-files', 'merge-base', 'blame', 'cat-file', 'rev-parse'];

/**
 * What the agent may do in merge mode without asking: change and stage exactly the files that were in conflict, and look
 * at both sides. Committing, aborting and pushing are not among it.
 */
export function mergeRules({ merge, top, folders }: MergeRulesOptions): readonly ModeRule[] {
  const { left, resolved } = merge;
  // The gate can't be told of what is no text.
  const isNamed = (path: string): boolean => path.isWellFormed();
  const pathOf = (path: string): string => `${top}${sep}${path.startsWith('./') ? path.slice(2) : path}`;
  const all = [...new Set([...left.map(({ path }) => path), ...resolved])].filter(isNamed).map(pathOf);
  const ofKinds = (kinds: readonly ConflictKind[]): string[] =>
    left.filter(({ path, kind }) => isNamed(path) && kinds.includes(kind)).map(({ path }) => pathOf(path));
  return [
    ...edits(all),
    ...folders.flatMap((folder) => [
      ...command(folder, 'add', '^git add( --)?', all, 'read', 'change-history'),
      ...command(folder, 'rm', '^git rm( -q| --quiet)?( --)?', ofKinds(MAY_GO), 'delete', 'change-history'),
      ...command(
        folder,
        'checkout',
        '^git checkout --(ours|theirs) --',
        ofKinds(HAS_BOTH_SIDES),
        'write',
        'rewrite-history',
      ),
      looks(folder),
    ]),
  ];
}

function edits(paths: readonly string[]): readonly ModeRule[] {
  if (paths.length === 0) return [];
  const reason = 'It resolves a conflict of the merge';
  return [
    {
      words: 'edits of the files in conflict',
      rules: [
        rule('edits', { tools: EDIT_TOOLS, effects: ['read', 'write'], paths: paths.map(globOf), reason }),
      ],
    },
  ];
}

/** Each file of the command by its path, and what git does with them by the command's words. */
function command(
  folder: string,
  name: string,
  start: string,
  files: readonly string[],
  effect: 'read' | 'write' | 'delete',
  act: 'change-history' | 'rewrite-history',
): readonly ModeRule[] {
  const paths = files.filter((path) => !PATTERN.test(path));
  if (paths.length === 0) return [];
  const common = { tools: ['Bash'], command_patterns: [`${start}${FILES}$`], inline: false };
  const reason = 'It resolves a conflict of the merge';
  const effects = effect === 'read' ? ['read'] : ['read', effect];
  return [
    {
      words: `git ${name} of the files in conflict`,
      folder,
      rules: [
        rule(`${name}-files`, { ...common, effects, paths: paths.map(globOf), reason }),
        rule(name, { ...common, acts: [act], reason }),
      ],
    },
  ];
}

function looks(folder: string): ModeRule {
  return {
    words: 'looks at both sides',
    folder,
    rules: [
      rule('looks', {
        tools: ['Bash'],
        commands: LOOKS.map((name) => `git ${name} **`),
        inline: false,
        effects: ['read', 'none'],
        reason: 'It looks at both sides of the merge',
      }),
    ],
  };
}

function rule(name: string, matchers: object): object {
  return { name: `merge-mode-${name}`, action: 'allow', risk_level: 'low', ...matchers };
}

function globOf(path: string): string {
  return path.replaceAll(/[\\*?[\]{},]/g, String.raw`\$&`);
}
