import { extname, join } from 'node:path';
import { z } from 'zod';
import type { LoadedSettings } from '../../config/load-settings.ts';
import { LeashdError } from '../../errors.ts';
import { run } from '../../process/run.ts';
import { auditPlaceOf, type AuditPlace } from '../audit-place.ts';
import { verifyAudit } from '../audit-verify.ts';
import { databaseDoubt } from '../database-trust.ts';
import { auditBytes, verifyTail } from './audit-tail.ts';
import { note, ok, problem, warning, type Check, type Told } from './check.ts';
import { loadedOf } from './context.ts';
import { shellWord } from './words.ts';
import { withoutFullStop } from '../../util/without-full-stop.ts';

// Read in about a second.
const WHOLE_BYTES = 128 * 1024 * 1024;
const TAIL_BYTES = 32 * 1024 * 1024;
const VERIFY = 'leashd audit verify shows all; docs/audit.md says what it means';

const audit: Check = {
  name: 'audit',
  deadlineMs: 8000,
  isHeavy: true,
  run: async (context) => {
    const loaded = loadedOf(context);
    if (loaded === undefined) return [];
    const place = auditPlaceOf(loaded.settings);
    try {
      return (await auditBytes(place)) > WHOLE_BYTES ? await tailTold(place) : await wholeTold(place);
    } catch (error) {
      if (error instanceof LeashdError && error.code === 'AUDIT_MISSING')
        return [ok(`there is none yet (${place.path})`)];
      throw error;
    }
  },
};

async function wholeTold(place: AuditPlace): Promise<Told[]> {
  const { isWhole, entries, faults, faultCount, unprovenEnd } = await verifyAudit(place);
  if (!isWhole) return [brokenTold(faults[0], faultCount)];
  return [ok(`whole: ${entries} ${entries === 1 ? 'entry' : 'entries'}`), ...endTold(unprovenEnd)];
}

async function tailTold(place: AuditPlace): Promise<Told[]> {
  const { entries, faults, unprovenEnd } = await verifyTail(place, TAIL_BYTES);
  if (faults.length > 0) return [brokenTold(faults[0], faults.length)];
  return [
    ok(`whole: the last ${entries} entries`),
    note('it is long, so those before were not read', 'leashd audit verify reads all'),
    ...endTold(unprovenEnd),
  ];
}

function endTold(why: string | undefined): Told[] {
  return why === undefined ? [] : [note(`whether its end was cut off can't be proven: ${why}`)];
}

function brokenTold(
  fault: { readonly file: string; readonly what: string } | undefined,
  count: number,
): Told {
  const more = count > 1 ? `, and ${count - 1} more` : '';
  return problem(
    `the chain is broken: ${fault?.file ?? 'the log'}: ${fault?.what ?? 'changed'}${more}`,
    VERIFY,
  );
}

const EXAMINE_MS = 5000;
const CHILD = join(import.meta.dirname, `examine-child${extname(import.meta.filename)}`);

const examinedSchema = z.union([
  z.object({
    found: z.object({ version: z.number(), known: z.number(), damage: z.array(z.string()) }).nullable(),
  }),
  z.object({ fault: z.string(), hint: z.string().optional() }),
]);

const database: Check = {
  name: 'database',
  deadlineMs: 8000,
  run: async (context, signal) => {
    const loaded = loadedOf(context);
    if (loaded === undefined) return [];
    const { storageBackend, storagePath } = loaded.settings;
    if (storageBackend === 'memory')
      return [note('none: LEASHD_STORAGE_BACKEND is memory, so a restart forgets all')];
    const doubt = databaseDoubt(loaded);
    if (doubt !== undefined) return [problem(withoutFullStop(doubt.message), doubt.hint)];
    const { stdout, timedOut } = await run(process.execPath, [CHILD, storagePath], {
      cwd: '/',
      env: {},
      timeoutMs: EXAMINE_MS,
      maxOutputBytes: 64 * 1024,
      signal,
    });
    if (timedOut) return [tooLong(loaded)];
    return [examinedTold(examinedSchema.parse(JSON.parse(stdout)), storagePath)];
  },
};

function tooLong({ settings }: LoadedSettings): Told {
  const command = `sqlite3 ${shellWord(settings.storagePath)} 'PRAGMA quick_check'`;
  return note(
    `reading through it takes more than ${EXAMINE_MS / 1000} s, so that was left`,
    `To do it all: ${command}`,
  );
}

function examinedTold(examined: z.infer<typeof examinedSchema>, path: string): Told {
  if ('fault' in examined) return problem(withoutFullStop(examined.fault), examined.hint);
  if (examined.found === null) return ok(`there is none yet (${path})`);
  const { version, known, damage } = examined.found;
  if (damage.length > 0) {
    const says = `${path} is damaged: ${damage.join('; ')}`;
    return problem(
      says,
      'Stop leashd, move it away and put a backup in its place; without one leashd starts with an empty one',
    );
  }
  return version < known
    ? warning(
        `${path} is whole, and has the tables of an older leashd (${version} of ${known})`,
        'leashd brings it up to date when it starts; keep a copy if you may go back',
      )
    : ok(`${path} is whole (version ${version})`);
}

/** What leashd remembers. */
export const recordChecks: readonly Check[] = [audit, database];
