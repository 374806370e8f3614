// A process of its own, since SQLite's check can't be interrupted: this one can be ended. Prints one line of JSON.
import { LeashdError, messageOf } from '../../errors.ts';
import { examineDatabase } from '../../storage/examine.ts';

const [path = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(answer()));

function answer(): unknown {
  try {
    return { found: examineDatabase(path) ?? null };
  } catch (error) {
    return { fault: messageOf(error), hint: error instanceof LeashdError ? error.hint : undefined };
  }
}
