/** Where a file pattern begins to look, and whether it could lead out of there. */
export type GlobBase = {
  /** The leading folders without any pattern in them; empty for the folder it starts in. */
  readonly base: string;
  /** The pattern climbs, or begins anew, behind its base: where it ends can't be said. */
  readonly climbs: boolean;
};

const MAGIC = /[*?[\]{}()!+@\\]/;

/** `src/**` looks below src, `../../**` below the folder two above, `/etc/*` below /etc. */
export function globBase(pattern: string): GlobBase {
  const names = pattern.split('/');
  const magic = names.findIndex((name) => MAGIC.test(name));
  const fixed = magic < 0 ? names.slice(0, -1) : names.slice(0, magic);
  const rest = magic < 0 ? '' : names.slice(magic).join('/');
  const base = fixed.join('/');
  const climbs = /(?:^|[/{,|(])\.\.(?:[/},|)]|$)|[{,|(]\s*[/~]/.test(rest);
  return { base: base === '' && pattern.startsWith('/') ? '/' : base, climbs };
}
