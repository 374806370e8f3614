import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { StatementSync } from 'node:sqlite';
import { z } from 'zod';

/**
 * Loaded into leashd itself, by `--import`: lets the soak set its wall clock (Date alone: timers and the monotonic
 * clock go on as they do when a machine's clock is set), ask for its figures, and, where no small disk can be mounted,
 * have its writes fail as on a full one. What it is to do stands in a file, which is read twenty times a second.
 */
const controlSchema = z.object({ aheadMs: z.number(), isFull: z.boolean(), measure: z.number() });

const path = process.env['SOAK_CONTROL'] ?? '';
const LOOK_MS = 50;
let now = { aheadMs: 0, isFull: false, measure: 0 };

function look(): void {
  let next: typeof now;
  try {
    next = controlSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return;
  }
  const isAsked = next.measure !== now.measure;
  now = next;
  if (isAsked) measure();
}

function measure(): void {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  const handles = process
    .getActiveResourcesInfo()
    .filter((kind) => kind !== 'Timeout' && kind !== 'Immediate');
  const figures = { measure: now.measure, pid: process.pid, rss, heapUsed, external, handles };
  writeFileSync(`${path}.part`, JSON.stringify(figures));
  renameSync(`${path}.part`, `${path}.figures`);
}

const RealDate = Date;
const realNow = Date.now.bind(Date);
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[], self) =>
    Reflect.construct(target, args.length === 0 ? [realNow() + now.aheadMs] : args, self) as object,
  apply: () => new RealDate(realNow() + now.aheadMs).toString(),
});
RealDate.now = () => realNow() + now.aheadMs;

function refuseWhenFull(prototype: object, name: string): void {
  const real = Reflect.get(prototype, name) as (...args: unknown[]) => unknown;
  const checked = function (this: unknown, ...args: unknown[]): unknown {
    if (now.isFull)
      throw Object.assign(new Error('database or disk is full'), { errcode: 13, code: 'ENOSPC' });
    return Reflect.apply(real, this, args);
  };
  Reflect.set(prototype, name, checked);
}

refuseWhenFull(StatementSync.prototype, 'run');
const file = await open('/dev/null', 'r');
refuseWhenFull(Object.getPrototypeOf(file) as object, 'appendFile');
await file.close();

look();
setInterval(look, LOOK_MS).unref();
