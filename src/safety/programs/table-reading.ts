import type { ProgramReading } from './table.ts';

/**
 * A reading that a table alone has made, and that has therefore looked at what each word means, also at those that
 * can't be known. A reading that somebody put together from others is none: there every unknown word is a doubt.
 */
export class TableReading implements ProgramReading {
  readonly touches: ProgramReading['touches'];
  readonly hosts: ProgramReading['hosts'];
  readonly runs: ProgramReading['runs'];
  readonly directory: ProgramReading['directory'];
  readonly acts: ProgramReading['acts'];
  readonly unknowns: ProgramReading['unknowns'];

  constructor(reading: ProgramReading) {
    this.touches = reading.touches;
    this.hosts = reading.hosts;
    this.runs = reading.runs;
    this.directory = reading.directory;
    this.acts = reading.acts;
    this.unknowns = reading.unknowns;
  }
}
