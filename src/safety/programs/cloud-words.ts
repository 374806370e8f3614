import type { Act, Word } from '../types.ts';
import { hostIn } from './host-in.ts';
import type { ProgramReading, Touch } from './table.ts';

/** `vm list --name x`: the words of a command, then options with the values behind each of them. */
export type CloudWords = {
  /** The plain words ahead of the first option that is none of the leading ones. */
  readonly path: readonly string[];
  readonly options: readonly { readonly name: string; readonly values: readonly string[] }[];
};

/** Options that stand ahead of the command, or anywhere: those with a value, and those without. */
export type LeadingOptions = { readonly withValue: ReadonlySet<string>; readonly flags: ReadonlySet<string> };

/**
 * The command lines of clouds have too many options to list, but one shape: `--name value …`. A word that can't be
 * known stands as the empty text here; it is an unknown of its own for the whole command.
 */
export function cloudWords(words: readonly Word[], leading: LeadingOptions): CloudWords {
  const path: string[] = [];
  const options: { name: string; values: string[] }[] = [];
  let behind: string[] = path;
  let missing = 0;
  for (const word of words) {
    const text = word.kind === 'static' ? word.value : '';
    if (missing > 0) {
      options.at(-1)?.values.push(text);
      missing -= 1;
    } else if (text.startsWith('-') && text.length > 1 && !/^-\d/.test(text)) {
      const [name = '', ...rest] = text.split('=');
      const values = rest.length > 0 ? [rest.join('=')] : [];
      options.push({ name, values });
      if (leading.withValue.has(name)) missing = 1 - values.length;
      else if (!leading.flags.has(name)) behind = values;
    } else {
      behind.push(text);
    }
  }
  return { path, options };
}

/** What a cloud command would do, put together. */
export class CloudReading {
  readonly touches: Touch[] = [];
  readonly hosts: (string | undefined)[] = [];
  readonly acts: Act[] = [];
  readonly unknowns: { about: 'option'; why: string }[] = [];

  doubt(why: string): void {
    this.unknowns.push({ about: 'option', why });
  }

  touch(kind: Touch['kind'], path: string): void {
    // Such programs put the home folder and variables in by themselves.
    if (/^~|[$%]/.test(path)) this.doubt(`where ${JSON.stringify(path)} leads is not known`);
    else this.touches.push({ kind, path });
  }

  contact(address: string): void {
    this.hosts.push(hostIn(address));
  }

  read(): ProgramReading {
    const { touches, hosts, acts, unknowns } = this;
    return { touches, hosts, acts, unknowns };
  }
}
