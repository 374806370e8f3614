import { describe, expect, it } from 'vitest';
import { manualClock } from '../../test/fixtures/manual-clock.ts';
import { silentLog } from '../util/log.ts';
import { OwedWrites } from './owed-writes.ts';

function bench() {
  const clock = manualClock();
  const written: string[] = [];
  const disk = { isFull: false };
  const owed = new OwedWrites({ clock, log: silentLog });
  const write = (what: string) => (): Promise<void> => {
    if (disk.isFull) return Promise.reject(new Error('no room'));
    written.push(what);
    return Promise.resolve();
  };
  /** What falls due within that time has been tried. */
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    for (let round = 0; round < 20; round += 1) await Promise.resolve();
  };
  return { owed, disk, written, write, pass };
}

describe('what could not be written down', () => {
  it('is told, and written once there is room again, in order, once', async () => {
    const { owed, disk, written, write, pass } = bench();
    disk.isFull = true;
    await expect(owed.keep(write('one'))).rejects.toThrow('no room');
    await expect(owed.keep(write('two'))).rejects.toThrow('no room');
    await pass(10_000);
    expect(written).toEqual([]);
    disk.isFull = false;
    await pass(10_000);
    expect(written).toEqual(['one', 'two']);
    await pass(10_000);
    expect(written).toEqual(['one', 'two']);
  });

  it('is tried a last time when the stores close', async () => {
    const { owed, disk, written, write, pass } = bench();
    disk.isFull = true;
    await expect(owed.keep(write('one'))).rejects.toThrow('no room');
    disk.isFull = false;
    await owed.settle();
    expect(written).toEqual(['one']);
    disk.isFull = true;
    await expect(owed.keep(write('two'))).rejects.toThrow('no room');
    await owed.settle();
    disk.isFull = false;
    await pass(10_000);
    expect(written).toEqual(['one']);
  });
});
