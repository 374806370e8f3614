import { hostIn } from './host-in.ts';
import type { Touch } from './table.ts';

/** Names of options that lead to a file which is written. */
const WRITTEN = /^--?[\w-]*(?:out|report|dest|junit|log|cache|snapshot|result|coverage)/i;

/** What a word does that no table lists: a path in it is still for the sandbox to judge. */
export function looseTouch(text: string): Touch | undefined {
  const path = /^--?[^=/~]+=(.+)$/.exec(text)?.[1] ?? /^-\w([/.~].*)$/.exec(text)?.[1] ?? text;
  if (text.startsWith('-') && text.includes('=') && WRITTEN.test(text)) return { kind: 'write', path };
  return /^[/.~]|\//.test(path) ? { kind: 'read', path } : undefined;
}

/** Where an installer gets a package from: the folder or file, or the hosts; neither for a name from its registry. */
export function packageSource(text: string): {
  readonly path?: string;
  readonly hosts: readonly (string | undefined)[];
} {
  if (/^\.|^[/~]|^file:|\.(?:whl|tgz|zip|gem|tar(?:\.\w+)?)$/.test(text) && !/^[\w+]+:\/\//.test(text)) {
    // `.[dev]` is the folder with some of its extras.
    return { path: text.replace(/^file:/, '').replace(/\[[\w,.-]*\]$/, ''), hosts: [] };
  }
  if (/:/.test(text) || !/^(?:@[\w.~-]+\/)?[^/]+$/.test(text)) {
    return { hosts: [/:\/\//.test(text) ? hostIn(text) : undefined] };
  }
  return { hosts: [] };
}
