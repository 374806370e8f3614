import type { Figure, Target, Unit } from './bench.ts';

/** Of so few samples the tenth and the ninetieth part say less than the ends. */
const FEW = 10;

/** The value below which that share of the samples lies. NaN of none. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** The median of the samples, with their spread. */
export function median(what: string, unit: Unit, samples: readonly number[], target?: Target): Figure {
  const value = quantile(samples, 0.5);
  if (samples.length < 2) return { what, unit, value, target };
  const spread =
    samples.length < FEW
      ? ({ from: Math.min(...samples), to: Math.max(...samples), of: 'min–max' } as const)
      : ({ from: quantile(samples, 0.1), to: quantile(samples, 0.9), of: 'p10–p90' } as const);
  return { what, unit, value, spread, target };
}

/** A high quantile of all samples; its spread is that of the quantile in each fifth of them, in the order they came. */
export function tail(
  what: string,
  unit: Unit,
  samples: readonly number[],
  { share = 0.99, target }: { readonly share?: number; readonly target?: Target } = {},
): Figure {
  const length = Math.ceil(samples.length / 5);
  const parts = [0, 1, 2, 3, 4].map((part) => samples.slice(part * length, (part + 1) * length));
  const each = parts.filter((part) => part.length > 0).map((part) => quantile(part, share));
  const spread = { from: Math.min(...each), to: Math.max(...each), of: 'min–max' } as const;
  return { what, unit, value: quantile(samples, share), spread, target };
}

export function single(what: string, unit: Unit, value: number, target?: Target): Figure {
  return { what, unit, value, target };
}

/** Milliseconds that each of so many runs took, one after the other. */
export async function timesOf(times: number, run: (each: number) => unknown): Promise<number[]> {
  const took: number[] = [];
  for (let each = 0; each < times; each += 1) {
    const started = performance.now();
    await run(each);
    took.push(performance.now() - started);
  }
  return took;
}
