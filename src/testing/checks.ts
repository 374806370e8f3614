/** One promise of a port, to be run by whatever test runner is at hand. Rejects, saying what was expected. */
export type Check = { readonly name: string; readonly run: () => Promise<void> };

/** Adds a check to a contract. */
export type AddCheck<Harness> = (name: string, body: (harness: Harness) => Promise<void>) => void;

/** Checks that each get a harness of their own, which is disposed of after them. */
export function checksOf<Harness extends { readonly dispose: () => Promise<void> }>(
  open: () => Promise<Harness>,
  groups: readonly ((add: AddCheck<Harness>) => void)[],
): readonly Check[] {
  const checks: Check[] = [];
  const add: AddCheck<Harness> = (name, body) => {
    const run = async (): Promise<void> => {
      const harness = await open();
      try {
        await body(harness);
      } finally {
        await harness.dispose();
      }
    };
    checks.push({ name, run });
  };
  for (const group of groups) group(add);
  return checks;
}
