import { LeashdError, messageOf } from '../../errors.ts';
import type { Clock } from '../../util/clock.ts';
import { problem, type Check, type Family, type Finding, type Told } from './check.ts';
import type { DoctorContext } from './context.ts';
import { withoutFullStop } from '../../util/without-full-stop.ts';

export type ChecksByFamily = readonly { readonly family: Family; readonly checks: readonly Check[] }[];

const DEADLINE_MS = 5000;
/** How long the checks that keep the process busy let the others go first. */
const HEAD_START_MS = 1000;

/**
 * Runs all checks at once, each with its own deadline; findings stand in the order of the checks. One that throws, or
 * does not end in time, is a problem of its own and no other's. Must not reject.
 */
export async function runChecks(
  families: ChecksByFamily,
  context: DoctorContext,
): Promise<readonly Finding[]> {
  const all = families.flatMap(({ family, checks }) => checks.map((check) => ({ family, check })));
  const light = new Map(
    all.filter(({ check }) => check.isHeavy !== true).map(({ check }) => [check, runOne(check, context)]),
  );
  const headStart = Promise.race([Promise.all(light.values()), after(context.clock, HEAD_START_MS)]);
  const findings = all.map(async ({ family, check }) => {
    const told = await (light.get(check) ?? headStart.then(() => runOne(check, context)));
    return told.map((one): Finding => ({ check: check.name, family, ...one }));
  });
  return (await Promise.all(findings)).flat();
}

async function runOne(check: Check, context: DoctorContext): Promise<readonly Told[]> {
  const { deadlineMs = DEADLINE_MS } = check;
  const late = new AbortController();
  const ended = Promise.withResolvers<readonly Told[]>();
  const timer = context.clock.after(deadlineMs, () => {
    ended.resolve([
      problem(
        `this could not be found out in ${deadlineMs / 1000} s`,
        'See what keeps the machine or its disks busy',
      ),
    ]);
    late.abort();
  });
  try {
    return await Promise.race([check.run(context, late.signal), ended.promise]);
  } catch (error) {
    const hint = error instanceof LeashdError ? error.hint : undefined;
    return [problem(withoutFullStop(messageOf(error)), hint)];
  } finally {
    timer.cancel();
  }
}

function after(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}
