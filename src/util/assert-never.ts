/** Closes a tagged union: a new member makes every switch that ends here a type error. */
export function assertNever(value: never, what = 'value'): never {
  throw new TypeError(`unexpected ${what}: ${JSON.stringify(value)}`);
}
