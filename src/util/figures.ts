/** `$0.42`; below a cent with as many digits as it takes to see something. */
export function formatUsd(usd: number): string {
  return usd >= 0.01 || usd === 0 ? `$${usd.toFixed(2)}` : `$${usd.toPrecision(1)}`;
}

/** `1 grant`, `3 grants`. @param many of a noun that takes no s */
export function formatCount(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}

/** `18:44` where this machine stands. @param at milliseconds since 1970-01-01 UTC */
export function formatClock(at: number): string {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `2026-01-31` where this machine stands. @param at milliseconds since 1970-01-01 UTC */
export function formatDay(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The midnight before, where this machine stands. Milliseconds since 1970-01-01 UTC, as is `at`. */
export function startOfDay(at: number): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** For what lasts up to days: `40 s`, `12 min`, `1 h 5 min`, `3 d`. Rounded up, so that `0` is never said of what is left. */
export function formatLeft(ms: number): string {
  if (ms <= 59_000) return `${Math.max(1, Math.ceil(ms / 1000))} s`;
  const minutes = Math.ceil(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  if (minutes >= 48 * 60) return `${Math.ceil(minutes / (24 * 60))} d`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
}

/** `840 ms`, `12 s`, `3 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min${seconds % 60 === 0 ? '' : ` ${seconds % 60} s`}`;
}

function two(part: number): string {
  return String(part).padStart(2, '0');
}
