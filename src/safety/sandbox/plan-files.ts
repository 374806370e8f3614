import { basename, dirname } from 'node:path';
import type { FileView } from '../file-view.ts';
import { resolvePath } from '../paths.ts';
import type { Footprint, GateContext, ResolvedPath } from '../types.ts';

export type PlanFilesOptions = {
  /** Absolute path of the folder in which the agent keeps its plans; it need not exist yet. */
  readonly folder: string;
  readonly home: string;
};

/**
 * `own`: the session's own plan, or a new one. `earlier`: a plan that was there before, which only the person knows
 * to be this session's.
 */
export type PlanStanding = 'own' | 'earlier';

const PLAN_TOOLS: readonly string[] = ['Read', 'Write', 'Edit'];
const PLAN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*\.md$/;

/**
 * The one place outside a session's directories that its agent may write to, and only where its mode has it write a
 * plan: a plain Markdown file directly in the agent's folder of plans, through a file tool, never through a command.
 */
export class PlanFiles {
  readonly #options: PlanFilesOptions;
  /** Real paths, by session. */
  readonly #own = new Map<string, Set<string>>();

  constructor(options: PlanFilesOptions) {
    this.#options = options;
  }

  /** What the call has to do with a plan; undefined when it has nothing to do with one, or does anything beyond that. */
  standing(footprint: Footprint, context: GateContext, view: FileView): PlanStanding | undefined {
    const { tool, commands, effects, unknowns } = footprint;
    const [effect, ...others] = effects;
    if (!PLAN_TOOLS.includes(tool) || others.length + commands.length + unknowns.length > 0) return undefined;
    if (effect === undefined || (effect.kind !== 'read' && effect.kind !== 'write')) return undefined;
    const { path } = effect;
    const mayWrite = context.mode.writesPlan === true;
    if (!this.#isPlan(path, view) || (effect.kind === 'write' && !mayWrite)) return undefined;
    if (this.#own.get(context.session)?.has(path.real) === true) return 'own';
    if (!mayWrite) return undefined;
    return effect.kind === 'write' && !path.exists ? 'own' : 'earlier';
  }

  /** Call once an `own` one was allowed: from here on it is the session's. */
  keep({ effects }: Footprint, { session }: GateContext): void {
    const own = this.#own.get(session) ?? new Set<string>();
    for (const effect of effects) if (effect.kind === 'write') own.add(effect.path.real);
    if (own.size > 0) this.#own.set(session, own);
  }

  #isPlan({ given, real }: ResolvedPath, view: FileView): boolean {
    const { folder, home } = this.#options;
    const name = basename(real);
    return (
      PLAN_NAME.test(name) &&
      // A link has another name than what it leads to, or lies elsewhere.
      basename(given) === name &&
      dirname(real) === resolvePath(folder, '/', home, view).real &&
      [undefined, 'file'].includes(view.kind(real))
    );
  }
}
