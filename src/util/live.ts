/** What may be replaced while leashd runs: `now` is read where it is used, and never kept. */
export type Live<Value> = { readonly now: Value };
