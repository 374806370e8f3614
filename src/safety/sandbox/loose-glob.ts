import { compilePattern } from '../policy/pattern.ts';
import type { Pattern } from '../policy/pattern.ts';

const LONGEST_GLOB = 1024;
/** `[a-z]` and `[!a]`; whatever else begins with a bracket is left to doubt. */
const CLASS = /\[[!^]?[^\][\\]+\]/g;

/**
 * Whether a glob could fit a name: every doubt counts as yes, `*` crosses folders, and capitals do not count. Takes
 * time that grows only with the lengths, as the glob may come from the agent.
 */
export function couldFit(glob: string, name: string): boolean {
  return patternOf(glob)?.test(name) ?? true;
}

function patternOf(glob: string): Pattern | undefined {
  if (glob.length > LONGEST_GLOB || /[!+@?*]\(/.test(glob) || glob.replaceAll(CLASS, '').includes('[')) {
    return undefined;
  }
  const source = glob.replaceAll(/\\.|\*{2,}\/|\*+|[?{},]|\[[!^]?[^\][\\]+\]|[\s\S]/gu, (piece) => {
    // Before a slash it may stand for no folder at all.
    if (piece.startsWith('*')) return piece.endsWith('/') ? '(?:.*/)?' : '.*';
    if (piece.startsWith('[') && piece.length > 1) return '.';
    return TRANSLATED.get(piece) ?? quoted(piece.startsWith('\\') ? piece.slice(1) : piece);
  });
  try {
    return compilePattern(`(?is)^${source}$`);
  } catch {
    return undefined;
  }
}

const TRANSLATED: ReadonlyMap<string, string> = new Map([
  ['?', '.'],
  ['{', '(?:'],
  ['}', ')'],
  [',', '|'],
]);

function quoted(character: string): string {
  return character.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
