import { MERGE_INSTRUCTION } from '../merge/merge-instruction.ts';
import type { ModeRules } from '../ports/gate.ts';

/** How the agent is to work, as data: what it is told, and what the gate holds it to. */
export type Mode = ModeRules & {
  /** Added to the agent's system prompt while the mode lasts. */
  readonly instruction: string;
  /** In place of it where nobody can be asked. */
  readonly instructionAlone?: string;
  /** For the person, in a few words. */
  readonly summary: string;
};

export const MODES = {
  default: {
    name: 'default',
    summary: 'changes are asked for, one by one',
    instruction: '',
    mayChange: true,
    grants: [],
  },
  plan: {
    name: 'plan',
    summary: 'looks and plans, changes nothing',
    instruction: [
      'You are in plan mode: look around, think, and write a plan in Markdown to the plan file that you were told of.',
      'Do not change anything else; every tool call that could is refused.',
      'When the plan is complete, call ExitPlanMode: the person then reads it, and answers.',
      'If it is refused, its words say what is to be different: change the plan file and call it again.',
      'Once it is accepted, plan mode is over: carry the plan out at once, without asking whether you may.',
      'A question that needs no change to anything is simply answered, without a plan.',
    ].join(' '),
    instructionAlone: [
      'You are in plan mode: look around, think, and answer with a plan in Markdown.',
      'Do not change anything; every tool call that could is refused.',
      'The person reads the plan and sends /edit or /default to have it carried out.',
    ].join(' '),
    mayChange: false,
    writesPlan: true,
    grants: [],
  },
  auto: {
    name: 'auto',
    summary: 'edits files of the project without asking',
    instruction: 'The person wants this implemented directly: edit the files without asking first.',
    mayChange: true,
    grants: ['edit-files'],
  },
  merge: {
    name: 'merge',
    summary: 'resolves a merge, file by file',
    instruction: MERGE_INSTRUCTION,
    mayChange: true,
    grants: [],
    refuses: {
      acts: ['push', 'rewrite-remote-history', 'destroy-remote', 'publish'],
      // What makes commits, moves the branch, or ends the merge.
      commands: [
        'commit merge rebase cherry-pick revert am pull push reset stash switch commit-tree update-ref',
        'symbolic-ref fast-import filter-branch replace subtree send-pack read-tree',
      ].flatMap((names) => names.split(' ').map((name) => `git ${name}`)),
      reason:
        'In merge mode files are resolved and staged, and nothing is committed, pushed, aborted or set back: the person does that, when the turn has ended',
    },
  },
  // What it is told, and what passes, its run brings along.
  test: {
    name: 'test',
    summary: 'tests the project, phase by phase',
    instruction: '',
    mayChange: true,
    grants: [],
  },
} as const satisfies Record<string, Mode>;

export type ModeName = keyof typeof MODES;

/** From the strictest on. */
const STRICTNESS: readonly ModeName[] = ['plan', 'default', 'auto'];

/** The one of two modes that lets less pass. */
export function stricterMode(stored: string, other: ModeName): ModeName {
  const names = [modeNamed(stored).name, other];
  return STRICTNESS.find((name) => names.includes(name)) ?? 'default';
}

/** A stored name that no longer exists falls back to the mode that asks. */
export function modeNamed(name: string): Mode {
  return Object.hasOwn(MODES, name) ? MODES[name as ModeName] : MODES.default;
}
