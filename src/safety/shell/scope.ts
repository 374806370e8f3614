/** What is known of the shell itself at one point of a text. Never changed: each step makes a new one. */
export type Scope = {
  /** Absolute folders of which it stands in one; undefined: anywhere. As the shell calls them, links not followed. */
  readonly places: readonly string[] | undefined;
  /** What `cd -` and `popd` go back to; undefined where that can't be known. */
  readonly previous: readonly string[] | undefined;
  readonly stack: readonly (readonly string[] | undefined)[];
  /** Variables whose value can only be one of these. */
  readonly variables: ReadonlyMap<string, readonly string[]>;
  /** Functions that are surely defined. */
  readonly functions: ReadonlySet<string>;
};

/** How a command ends: the scope after it succeeded, and after it failed; undefined where it can't end that way. */
export type Outcome = { readonly ok: Scope | undefined; readonly fail: Scope | undefined };

const MOST_PLACES = 4;
const MOST_VARIABLES = 50;
const MOST_FUNCTIONS = 100;
const NOTHING: ReadonlyMap<string, readonly string[]> = new Map();
const NO_FUNCTIONS: ReadonlySet<string> = new Set();

export function startScope(places: readonly string[] | undefined): Scope {
  return { places, previous: undefined, stack: [], variables: NOTHING, functions: NO_FUNCTIONS };
}

/** Either way, the command ends in `scope`. */
export function endsIn(scope: Scope): Outcome {
  return { ok: scope, fail: scope };
}

export function moved(scope: Scope, places: readonly string[] | undefined): Scope {
  return { ...scope, places, previous: scope.places };
}

/** `values` undefined: the variable may hold anything from here on. */
export function withVariable(scope: Scope, name: string, values: readonly string[] | undefined): Scope {
  const isForgotten = values === undefined || scope.variables.size >= MOST_VARIABLES;
  if (isForgotten && !scope.variables.has(name)) return scope;
  const variables = new Map(scope.variables);
  if (isForgotten) variables.delete(name);
  else variables.set(name, values);
  return { ...scope, variables };
}

export function withFunction(scope: Scope, name: string): Scope {
  if (scope.functions.size >= MOST_FUNCTIONS) return scope;
  return { ...scope, functions: new Set([...scope.functions, name]) };
}

/** What holds in both. */
export function joined(one: Scope | undefined, other: Scope | undefined): Scope | undefined {
  if (one === undefined || other === undefined || one === other) return one ?? other;
  return {
    places: union(one.places, other.places),
    previous: union(one.previous, other.previous),
    stack: one.stack === other.stack ? one.stack : [],
    variables:
      one.variables === other.variables
        ? one.variables
        : new Map([...one.variables].filter(([name, values]) => other.variables.get(name) === values)),
    functions:
      one.functions === other.functions
        ? one.functions
        : new Set([...one.functions].filter((name) => other.functions.has(name))),
  };
}

function union(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | undefined {
  if (one === other || one === undefined || other === undefined) return one === other ? one : undefined;
  const all = [...new Set([...one, ...other])];
  return all.length > MOST_PLACES ? undefined : all;
}
