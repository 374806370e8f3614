/** What a figure is measured in, and how it is written. */
export type Unit = 'µs' | 'ms' | 's' | 'MB' | 'KB' | '%' | '/s' | '';

/** What a figure is to be. */
export type Target = { readonly most: number } | { readonly least: number };

/** One measured thing: a row of the table. */
export type Figure = {
  readonly what: string;
  readonly unit: Unit;
  /** The median, unless `what` names another: "p99", "the most". */
  readonly value: number;
  /** Absent: measured once. */
  readonly spread?: { readonly from: number; readonly to: number; readonly of: 'p10–p90' | 'min–max' };
  readonly target?: Target | undefined;
};

export type BenchResult = {
  readonly figures: readonly Figure[];
  /** Lines for those who look closer; printed, not kept. */
  readonly details?: readonly string[];
};

/** `small`: enough to see that it works; its figures mean nothing. */
export type BenchSize = 'full' | 'small';

export type Bench = {
  readonly name: string;
  /** What is measured, in a sentence. */
  readonly summary: string;
  /** Prints nothing. Rejects when what it measures does not work. */
  readonly run: (size: BenchSize) => Promise<BenchResult>;
};
