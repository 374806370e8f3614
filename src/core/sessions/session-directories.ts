import { basename } from 'node:path';
import type { Session } from '../ports/store.ts';
import type { Workspace } from '../ports/workspace.ts';

/** Where a session works: in all approved directories from one of them, or in those of a workspace alone. */
export type Place = Pick<Session, 'directory' | 'workspace' | 'otherDirectories'>;

export interface SessionDirectoriesOptions {
  /** Absolute real paths; the first is where a chat begins. */
  readonly approved: readonly [string, ...string[]];
  readonly workspaces?: readonly Workspace[] | undefined;
}

/** Which directories a session has. What it says holds for the agent, the gate and the person alike. */
export class SessionDirectories {
  #options: SessionDirectoriesOptions;

  constructor(options: SessionDirectoriesOptions) {
    this.#options = options;
  }

  get approved(): readonly [string, ...string[]] {
    return this.#options.approved;
  }

  get workspaces(): readonly Workspace[] {
    return this.#options.workspaces ?? [];
  }

  /** From here on there are these. */
  replace(options: SessionDirectoriesOptions): void {
    this.#options = options;
  }

  /** Where a chat begins. */
  get start(): Place {
    return { directory: this.approved[0] };
  }

  /**
   * All that the session may touch, the one its agent starts in first. Undefined: its place is not, or not any more,
   * what it was, and nothing may run there.
   */
  of(session: Place): readonly [string, ...string[]] | undefined {
    const { directory, workspace: name, otherDirectories = [] } = session;
    if (name === undefined) {
      if (!this.approved.includes(directory)) return undefined;
      return [directory, ...this.approved.filter((other) => other !== directory)];
    }
    const workspace = this.workspace(name);
    const known = [directory, ...otherDirectories];
    const isUnchanged =
      workspace?.directories.length === known.length &&
      workspace.directories.every((path, index) => path === known[index]);
    return isUnchanged ? workspace.directories : undefined;
  }

  workspace(name: string | undefined): Workspace | undefined {
    return this.workspaces.find((one) => one.name === name);
  }

  /** The place of that name: its workspace's, as it is now. */
  placeOf({ name, directories: [directory, ...otherDirectories] }: Workspace): Place {
    return { directory, workspace: name, otherDirectories };
  }

  /** Where a session goes on without its workspace: the approved directory that its own is, or lies in. */
  outside({ directory }: Place): Place {
    const around = this.approved.filter((path) => directory === path || directory.startsWith(`${path}/`));
    const [first] = this.approved;
    return {
      directory: around.reduce((inner, path) => (path.length > inner.length ? path : inner), '') || first,
    };
  }

  /** For the agent: which directories belong together; empty without a workspace. */
  instruction(session: Place): string {
    const workspace = this.workspace(session.workspace);
    if (workspace === undefined) return '';
    const { name, description, directories } = workspace;
    const about = description === undefined ? '' : ` (${description})`;
    const each = directories.map((path) => `${basename(path)} in ${path}`).join(', ');
    return `This conversation is about the workspace “${name}”${about}. Its directories are: ${each}. No others belong to it.`;
  }
}

/** Whether two sessions there would be the same one to come back to. */
export function isSamePlace(one: Place, other: Place): boolean {
  return one.directory === other.directory && one.workspace === other.workspace;
}

/** Without what else a session holds. */
export function placeIn({ directory, workspace, otherDirectories }: Place): Place {
  return {
    directory,
    ...(workspace === undefined ? {} : { workspace }),
    ...(otherDirectories === undefined ? {} : { otherDirectories }),
  };
}

/** For the audit log. */
export function placeChange(from: Place, to: Place): PlaceChange {
  return {
    from: from.directory,
    to: to.directory,
    ...(from.workspace === undefined ? {} : { fromWorkspace: from.workspace }),
    ...(to.workspace === undefined
      ? {}
      : { toWorkspace: to.workspace, directories: [to.directory, ...(to.otherDirectories ?? [])] }),
  };
}

type PlaceChange = {
  readonly from: string;
  readonly to: string;
  readonly fromWorkspace?: string;
  readonly toWorkspace?: string;
  readonly directories?: readonly string[];
};

/** For the person, as Markdown. */
export function placeWords({ directory, workspace, otherDirectories = [] }: Place): string {
  if (workspace === undefined) return `📁 \`${directory}\``;
  return `🗂 \`${workspace}\`: ${[directory, ...otherDirectories].map((path) => `\`${path}\``).join(', ')}`;
}
