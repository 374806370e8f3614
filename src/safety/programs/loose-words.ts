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
  if (
    /^\.|^[/~]|^(?:file|link|portal):|\.(?:whl|tgz|zip|gem|tar(?:\.\w+)?)$/.test(text) &&
    !/^[\w+]+:\/\//.test(text)
  ) {
    // `.[dev]` is the folder with some of its extras.
    return { path: text.replace(/^(?:file|link|portal):/, '').replace(/\[[\w,.-]*\]$/, ''), hosts: [] };
  }
  // `alias@npm:name` is a name of the registry, too.
  if (/^(?:@?[\w./-]+@)?(?:npm|workspace):/.test(text)) return { hosts: [] };
  const forge = /^(github|gitlab|bitbucket|gist):/.exec(text)?.[1];
  if (forge !== undefined) return { hosts: [FORGES.get(forge)] };
  if (text.includes(':')) return { hosts: [hostIn(text)] };
  // `user/repository` is GitHub's for npm and its like, and a folder for others.
  return { hosts: /^(?:@[\w.~-]+\/)?[^/]+$/.test(text) ? [] : ['github.com'] };
}

const FORGES: ReadonlyMap<string, string> = new Map([
  ['github', 'github.com'],
  ['gist', 'gist.github.com'],
  ['gitlab', 'gitlab.com'],
  ['bitbucket', 'bitbucket.org'],
]);
