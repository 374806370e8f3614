import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

const figuresSchema = z.object({
  measure: z.number(),
  pid: z.number(),
  /** Bytes. */
  rss: z.number(),
  heapUsed: z.number(),
  external: z.number(),
  /** What keeps the event loop busy, by kind; timers left out. */
  handles: z.array(z.string()),
});

/** What leashd says of itself, after a garbage collection. */
export type Figures = z.infer<typeof figuresSchema>;

const PATIENCE_MS = 10_000;

/** What the module that is loaded into leashd is told to do (see daemon-preload.ts). */
export class DaemonControl {
  readonly path: string;
  #state = { aheadMs: 0, isFull: false, measure: 0 };

  constructor(path: string) {
    this.path = path;
    this.#write({});
  }

  jump(byMs: number): void {
    this.#write({ aheadMs: this.#state.aheadMs + byMs });
  }

  setFull(isFull: boolean): void {
    this.#write({ isFull });
  }

  /** @throws Error when leashd does not tell within ten seconds. */
  async measure(): Promise<Figures> {
    const measure = this.#state.measure + 1;
    this.#write({ measure });
    const path = `${this.path}.figures`;
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await delay(25)) {
      if (!existsSync(path)) continue;
      const figures = figuresSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
      if (figures.measure === measure) return figures;
    }
    throw new Error(`leashd did not tell its figures within ${PATIENCE_MS} ms`);
  }

  #write(change: Partial<{ aheadMs: number; isFull: boolean; measure: number }>): void {
    this.#state = { ...this.#state, ...change };
    writeFileSync(`${this.path}.part`, JSON.stringify(this.#state));
    renameSync(`${this.path}.part`, this.path);
  }
}
